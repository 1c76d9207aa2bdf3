import TestServers
import Testing

/// The cluster that tests of the client start does what they need.
@Suite(.timeLimit(.minutes(2))) struct RedisClusterFixtureTests {
    @Test func `A cluster serves all slots, moves some with their keys, and fails over`() async throws {
        let cluster = try await blocking { try RedisCluster() }
        defer { cluster.stop() }
        try await blocking {
            #expect(cluster.primaries.map(\.number) == [0, 1, 2])
            #expect(cluster.primaries.allSatisfy { cluster.replicas(of: $0).count == 1 })
            let slots = try cluster.nodes[5].send("CLUSTER", "SLOTS").elements
            #expect(slots.count == 3)

            let slot = try cluster.slot(of: "{moved}")
            let source = try cluster.owner(of: slot)
            let target = try #require(cluster.primaries.first { $0 !== source })
            for key in 0..<250 { try source.send("SET", "{moved}:\(key)", "value") }
            try cluster.moveSlots(slot...slot, from: source, to: target)
            #expect(try cluster.owner(of: slot) === target)
            #expect(try target.send("CLUSTER", "COUNTKEYSINSLOT", "\(slot)") == .integer(250))
            #expect(throws: (any Error).self) { try source.send("GET", "{moved}:0") }
            try cluster.waitUntilSettled()

            let replica = try #require(cluster.replicas(of: target).first)
            cluster.kill(target)
            try cluster.waitUntilSettled()
            #expect(try cluster.owner(of: slot) === replica)
            #expect(try replica.send("GET", "{moved}:249").text == "value")
            try cluster.restart(target)
            try cluster.waitUntilSettled()
            #expect(cluster.replicas(of: replica).contains { $0 === target })
        }
    }

    @Test(arguments: RedisCluster.Failover.allCases)
    func `A replica takes over when it is told to`(_ kind: RedisCluster.Failover) async throws {
        try await blocking {
            var options = RedisCluster.Options()
            options.password = "secret"
            let cluster = try RedisCluster(options)
            defer { cluster.stop() }
            let primary = cluster.primaries[0]
            let replica = try #require(cluster.replicas(of: primary).first)
            try cluster.failover(to: replica, kind)
            try cluster.waitUntilSettled()
            #expect(cluster.primaries.contains { $0 === replica })
            #expect(cluster.replicas(of: replica).map(\.number) == [primary.number])
        }
    }

    @Test func `A slot can be left half moved, and nodes come and go`() async throws {
        try await blocking {
            var options = RedisCluster.Options()
            options.replicas = 0
            options.password = "secret"
            options.users = [["alice", "on", ">word", "~*", "&*", "+@all"]]
            options.hostname = "localhost"
            options.endpointType = .hostname
            let cluster = try RedisCluster(options)
            defer { cluster.stop() }
            let slot = try cluster.slot(of: "{a}")
            let source = try cluster.owner(of: slot)
            let announced = try source.send("CLUSTER", "SLOTS").elements.first?.elements[2].elements[0].text
            #expect(announced == "localhost")
            #expect(try source.send("AUTH", "alice", "word").text == "OK")

            let node = try cluster.addNode()
            for key in ["{a}1", "{a}2"] { try source.send("SET", key, key) }
            let move = try cluster.beginMove(of: slot, from: source, to: node)
            try move.moveKey("{a}1")
            let error = #expect(throws: ServerProcess.StartError.self) { try source.send("GET", "{a}1") }
            #expect(error?.description.contains("ASK \(slot) localhost:\(node.port)") == true)
            #expect(try source.send("GET", "{a}2").text == "{a}2")
            #expect(try move.moveKeys(10) == 1)
            #expect(try move.moveKeys(10) == 0)
            try move.finish()
            try cluster.waitUntilSettled()
            #expect(try cluster.owner(of: slot) === node)

            try cluster.moveSlots(slot...slot, from: node, to: source)
            try cluster.waitUntilSettled()
            try cluster.removeNode(node)
            #expect(cluster.nodes.count == 3)
            #expect(try cluster.owner(of: slot) === source)
        }
    }

    @Test func `Nodes speak TLS with each other, and a replica lacks what it was cut off from`() async throws {
        try await blocking {
            let authority = try CertificateAuthority()
            defer { authority.remove() }
            var options = RedisCluster.Options()
            options.tls = try authority.issue(for: "localhost")
            let cluster = try RedisCluster(options)
            defer { cluster.stop() }
            #expect(cluster.url.hasPrefix("rediss+cluster://127.0.0.1:\(cluster.nodes[0].tlsPort ?? 0),"))
            let slot = try cluster.slot(of: "{a}")
            let source = try cluster.owner(of: slot)
            let target = try #require(cluster.primaries.first { $0 !== source })
            try source.send("SET", "{a}", "kept")
            try cluster.moveSlots(slot...slot, from: source, to: target)
            try cluster.waitUntilSettled()
            #expect(try target.send("GET", "{a}").text == "kept")

            let replica = try #require(cluster.replicas(of: target).first)
            #expect(try target.send("WAIT", "1", "5000") == .integer(1))
            try cluster.cutReplication(of: replica)
            try target.send("SET", "{a}", "lost")
            try cluster.failover(to: replica, .takeover)
            try cluster.mendReplication(of: replica)
            try cluster.waitUntilSettled()
            #expect(try replica.send("GET", "{a}").text == "kept")
        }
    }

    @Test func `Slots that nobody serves get a primary`() async throws {
        try await blocking {
            let cluster = try RedisCluster()
            defer { cluster.stop() }
            let slot = try cluster.slot(of: "{a}")
            let owner = try cluster.owner(of: slot)
            try owner.send("SET", "{a}", "kept")
            for slot in [slot, slot + 1] { try owner.send("CLUSTER", "DELSLOTS", "\(slot)") }
            #expect(throws: ServerProcess.StartError.self) { try cluster.owner(of: slot) }
            try cluster.waitUntilSettled()
            #expect(try cluster.owner(of: slot) === owner)
            #expect(try owner.send("GET", "{a}").text == "kept")
            _ = try cluster.owner(of: slot + 1)
        }
    }

    @Test func `A cluster that was left in the middle of a move and a failover is repaired`() async throws {
        try await blocking {
            let cluster = try RedisCluster()
            defer { cluster.stop() }
            let slot = try cluster.slot(of: "{a}")
            let source = try cluster.owner(of: slot)
            let target = try #require(cluster.primaries.first { $0 !== source })
            _ = try cluster.beginMove(of: slot, from: source, to: target)
            #expect(try source.send("CLUSTER", "NODES").text.contains("[\(slot)->-"))
            for replica in cluster.replicas(of: source) { try cluster.cutReplication(of: replica) }
            let others = cluster.primaries.filter { $0 !== source && $0 !== target }
            cluster.kill(others[0])
            for replica in cluster.replicas(of: target) { cluster.pause(replica) }
            try cluster.repair()
            #expect(cluster.running.count == 6)
            #expect(try cluster.owner(of: slot) === source)
            #expect(try !source.send("CLUSTER", "NODES").text.contains("["))
            #expect(try !target.send("CLUSTER", "NODES").text.contains("["))
        }
    }
}
