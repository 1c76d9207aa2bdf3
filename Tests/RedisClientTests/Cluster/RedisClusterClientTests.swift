import Logging
import NIOCore
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// A client of a real cluster.
@Suite(.serialized, .timeLimit(.minutes(3))) struct RedisClusterClientTests {
    /// Runs a client of a cluster.
    private func withClient(
        _ options: RedisCluster.Options = RedisCluster.Options(),
        configure: @escaping (inout RedisConfiguration) -> Void = { _ in },
        _ body: (RedisCluster, RunningClient) async throws -> Void
    ) async throws {
        let cluster = try await blocking { [options] in try RedisCluster(options) }
        defer { cluster.stop() }
        try await RunningClient.with(cluster.url, isReady: false, configure: configure) { running async throws in
            try await poll("the map") { try await running.send(.get("key")).error == nil }
            try await body(cluster, running)
        }
    }

    private func poll(_ what: String, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<2_000 {
            if (try? await condition()) == true { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("waited for \(what) in vain")
    }

    private func read(_ running: RunningClient, _ keys: [String], on loop: Int = 0) async throws -> RedisValues {
        try await running.client.read(keys.map { .string($0) }, longElements: 1, on: running.loops[loop]) {
            try $0.get()
        }.get()
    }

    private func texts(_ values: RedisValues) -> [String?] {
        (0..<values.count).map { values.bytes(at: $0).map { String(buffer: $0) } }
    }

    /// A key that a node has.
    private func key(of node: RedisCluster.Node, in cluster: RedisCluster, _ name: String = "key") throws -> String {
        for number in 0... {
            let key = "\(name)-\(number)"
            if try cluster.owner(of: Int(RedisHashSlot(key: key.utf8).number)) === node { return key }
        }
        fatalError("unreachable")
    }

    @Test func `Keys of all nodes are written, read together and removed together`() async throws {
        try await withClient { cluster, running async throws in
            let keys = (0..<200).map { "key-\($0)" }
            for (number, key) in keys.enumerated() {
                #expect(try await running.send(.set(.string(key), .integer(Int64(number))), on: number % 2).isOK)
            }
            let values = try await read(running, keys + ["missing"])
            #expect(texts(values) == (0..<200).map { "\($0)" } + [nil])
            #expect(values.kind(at: 200) == .null)
            // Each value has the identity of its node.
            #expect(Set((0..<200).map { values.serverID(at: $0) }).count == 3)
            #expect(values.hasServerIDs)
            for node in cluster.primaries {
                let mine = try keys.filter { try cluster.owner(of: Int(RedisHashSlot(key: $0.utf8).number)) === node }
                #expect(Set(try await read(running, mine).serverIDs).count == 1)
            }
            try await running.client.remove(keys.map { .string($0) })
            #expect(texts(try await read(running, keys)).allSatisfy { $0 == nil })
        }
    }

    @Test func `Values of other types are null, and an error is that of all`() async throws {
        try await withClient { _, running async throws in
            #expect(try await running.send(RedisCommand("LPUSH", ["list", "1"], keyPosition: 0)).integer == 1)
            #expect(try await running.send(.set("a", "1")).isOK)
            let values = try await read(running, ["a", "list"])
            #expect(values.error == nil)
            #expect(texts(values) == ["1", nil])
            #expect(try await running.send(.mget(["a", "list"])).error?.code == "CROSSSLOT")
        }
    }

    @Test func `Connections are opened when they are needed`() async throws {
        try await withClient(configure: { $0.clientName = "lazy" }) { cluster, running async throws in
            func connections(_ node: RedisCluster.Node) async throws -> Int {
                let list = try await blocking { try node.send("CLIENT", "LIST", "TYPE", "normal").text }
                return list.split(separator: "\n").filter { $0.contains("name=lazy") }.count
            }
            let node = cluster.primaries[1]
            let (key, other) = (try key(of: node, in: cluster), try key(of: cluster.primaries[2], in: cluster))
            // The one that asks for slots is on the first event loop.
            let before = try await connections(node)
            #expect(before <= 1)
            #expect(try await running.send(.get(.string(key)), on: 1).isNull)
            #expect(try await connections(node) == before + 1)
            #expect(try await running.send(.get(.string(other)), on: 1).isNull)
            #expect(try await running.send(.get(.string(key)), on: 1).isNull)
            #expect(try await connections(node) == before + 1)
        }
    }

    @Test func `Commands follow slots that move, and learn where they are`() async throws {
        try await withClient { cluster, running async throws in
            let (source, target) = (cluster.primaries[0], cluster.primaries[1])
            let key = try key(of: source, in: cluster)
            let slot = Int(RedisHashSlot(key: key.utf8).number)
            #expect(try await running.send(.set(.string(key), "1")).isOK)
            let before = try await read(running, [key, "x"]).serverID(at: 0)
            try await blocking { try cluster.moveSlots(slot...slot, from: source, to: target) }
            for loop in 0..<2 {
                let reply = try await running.send(.get(.string(key)), on: loop)
                #expect(reply.string == "\(loop + 1)", "event loop \(loop)")
                #expect(try await running.send(.set(.string(key), "2"), on: loop).isOK)
                #expect(texts(try await read(running, [key, "x"], on: loop)) == ["2", nil])
            }
            let after = try await read(running, [key, "x"]).serverID(at: 0)
            #expect(before != after)
            #expect(running.client.clusterMap?.endpoint(of: RedisHashSlot(slot)!)?.port == target.port)
            // A redirect is no refusal.
            #expect(running.client.refusals.all.isEmpty)
            #expect(running.log.entries(.warning).isEmpty)
        }
    }

    @Test func `A read of many keys follows those of several slots that have moved`() async throws {
        try await withClient { cluster, running async throws in
            let keys = (0..<150).map { "key-\($0)" }
            for (number, key) in keys.enumerated() {
                for loop in 0..<2 {
                    #expect(try await running.send(.set(.string(key), .integer(Int64(number))), on: loop).isOK)
                }
            }
            let source = cluster.primaries[0]
            let slots = keys.map { Int(RedisHashSlot(key: $0.utf8).number) }
            let moving = try Set(slots.filter { try cluster.owner(of: $0) === source }).sorted().prefix(12)
            #expect(moving.count == 12)
            try await blocking {
                for (number, slot) in moving.enumerated() {
                    try cluster.moveSlots(slot...slot, from: source, to: cluster.primaries[1 + number % 2])
                }
            }
            for loop in 0..<2 {
                let values = try await read(running, keys + ["missing"], on: loop)
                #expect(texts(values) == (0..<150).map { "\($0)" } + [nil], "event loop \(loop)")
                let owners = try slots.map { slot in try cluster.owner(of: slot) }
                for (position, owner) in owners.enumerated() {
                    let same = owners.firstIndex { $0 === owner }
                    #expect(values.serverID(at: position) == same.flatMap { values.serverID(at: $0) })
                }
            }
            #expect(running.count("redirects") > 0)
        }
    }

    @Test func `A value that is too long is known by the position of its key`() async throws {
        try await withClient {
            $0.maximumLaterElementSize = 1_000
        } _: { cluster, running async throws in
            let keys = (0..<70).map { "key-\($0)" }
            let long = RedisCommand.Argument.string(String(repeating: "x", count: 50_000))
            #expect(try await running.send(.set(.string(keys[0]), long)).isOK)
            for position in [1, 2, 3, 4, 5, 6, 7, 63, 64, 69] {
                #expect(try await running.send(.set(.string(keys[position]), long)).isOK)
                let error = await #expect(throws: RedisError.self) { try await read(running, keys) }
                #expect(error?.code == .replyTooLarge && error?.element == position, "\(position)")
                try await running.client.remove([.string(keys[position])])
                try await poll("a read") {
                    try await texts(read(running, keys)).compactMap { $0 } == [String(repeating: "x", count: 50_000)]
                }
            }
        }
    }

    @Test func `Commands for a slot that is half moved find each key where it is`() async throws {
        try await withClient { cluster, running async throws in
            let (source, target) = (cluster.primaries[0], cluster.primaries[2])
            let tag = try self.key(of: source, in: cluster)
            let slot = Int(RedisHashSlot(key: tag.utf8).number)
            @Sendable func key(_ number: Int) -> RedisCommand.Argument { .string("{\(tag)}:\(number)") }
            for number in 0..<4 { #expect(try await running.send(.set(key(number), .integer(Int64(number)))).isOK) }
            let move = try await blocking { try cluster.beginMove(of: slot, from: source, to: target) }
            try await blocking {
                try move.moveKey("{\(tag)}:0")
                try move.moveKey("{\(tag)}:1")
            }
            for loop in 0..<2 {
                for number in 0..<4 {
                    #expect(try await running.send(.get(key(number)), on: loop).string == "\(number)")
                }
                // Such a key is made and read where it will be.
                let eventLoop = running.loops[loop]
                let (made, read) = try await eventLoop.flatSubmit {
                    let made = running.client.send(.set(key(10 + loop), "new", onlyIfAbsent: true), on: eventLoop)
                    return made.and(running.client.send(.mget([key(10 + loop)]), on: eventLoop))
                }.get()
                #expect(made.isOK)
                #expect(read[0].string == "new")
            }
            // A value of the node that does not have the slot yet is bound to neither.
            let halfMoved = try await self.read(running, [0, 2].map { "{\(tag)}:\($0)" })
            #expect(texts(halfMoved) == ["0", "2"])
            #expect(halfMoved.serverID(at: 0) == nil)
            #expect(halfMoved.serverID(at: 1) != nil)
            #expect(halfMoved.hasServerIDs)
            // Of a key that has moved, one that has not, one that was made there, and one that nobody has.
            try await running.client.remove([key(0), key(2), key(10), key(99)])
            try await blocking {
                while try move.moveKeys(10) > 0 {}
                try move.finish()
                try cluster.waitUntilSettled()
            }
            let values = try await read(running, [0, 1, 2, 3, 10, 11].map { "{\(tag)}:\($0)" })
            #expect(texts(values) == [nil, "1", nil, "3", nil, "new"])
            #expect(try await running.client.send(RedisCommand("EXISTS", [key(0)], keyPosition: 0)).get().integer == 0)
        }
    }

    @Test func `A command that is to be sent again later fails when the client stops`() async throws {
        var options = RedisCluster.Options()
        options.replicas = 0
        let cluster = try await blocking { [options] in try RedisCluster(options) }
        defer { cluster.stop() }
        var pausing: Task<RedisReply, any Error>?
        try await RunningClient.with(cluster.url, isReady: false) { running async throws in
            let (source, target) = (cluster.primaries[0], cluster.primaries[1])
            let tag = try self.key(of: source, in: cluster)
            let keys = (0..<2).map { RedisCommand.Argument.string("{\(tag)}:\($0)") }
            for key in keys { #expect(try await running.send(.set(key, "1")).isOK) }
            let slot = Int(RedisHashSlot(key: tag.utf8).number)
            try await blocking {
                let move = try cluster.beginMove(of: slot, from: source, to: target)
                try move.moveKey("{\(tag)}:0")
            }
            // Neither node has both keys.
            let script = RedisCommand("EVAL", ["return 1", .integer(2)] + keys, keyPosition: 2)
            pausing = Task { try await running.send(script) }
            try await poll("several pauses") { running.count("redirects") > 2 }
        }
        let result = await pausing?.result
        #expect(throws: RedisError.self) { try result?.get() }
    }

    @Test func `A client that has stopped is freed`() async throws {
        let cluster = try await blocking { try RedisCluster() }
        defer { cluster.stop() }
        let survivors = Survivors()
        try await RunningClient.with(cluster.url, isReady: false) { running async throws in
            guard case .cluster(let client) = running.client.target else { return }
            #expect(try await running.send(.get("a")).isNull)
            try await poll("the slots") { client.map != nil }
            let primary = try #require(client.map?.endpoint(of: RedisHashSlot(key: "a".utf8)))
            survivors.watch(client)
            for link in client.links {
                try await link.eventLoop.submit {
                    survivors.watch(link.value)
                    if let slot = link.value.slot(at: primary) { survivors.watch(slot) }
                }.get()
            }
            #expect(survivors.objects.count == 5)
        }
        #expect(survivors.objects.isEmpty)
    }

    /// Weak references to objects of event loops. It only tells which of them are left and does not use them, and the test
    /// calls it from one thread after the other.
    private final class Survivors: @unchecked Sendable {
        private struct Reference {
            weak var object: AnyObject?
        }

        private var references: [Reference] = []

        func watch(_ object: AnyObject) { references.append(Reference(object: object)) }

        var objects: [AnyObject] { references.compactMap(\.object) }
    }

    @Test func `An address outside of the cluster that can't be reached is given up`() async throws {
        try await withClient { cluster, running async throws in
            guard case .cluster(let client) = running.client.target else { return }
            let nowhere = RedisConfiguration.Endpoint.tcp(host: "127.0.0.1", port: 1)
            let node = try #require(client.node(at: nowhere, withID: nil))
            node.links[0].run { $0.start() }
            try await poll("a failure") { node.availability.isAway }
            // A refresh, whose map is the same.
            client.refused(by: try #require(client.map?.primaries.first))
            try await poll("its end") { client.node(at: nowhere, withID: nil) !== node }
            #expect(try await running.send(.get("a")).isNull)
        }
    }

    @Test func `Another server at a node's address is not used`() async throws {
        try await withClient { cluster, running async throws in
            let primary = cluster.primaries[1]
            let key = try key(of: primary, in: cluster)
            for loop in 0..<2 { #expect(try await running.send(.get(.string(key)), on: loop).isNull) }
            // From now on it is a cluster of its own, which takes all keys; the others miss the node that it was.
            try await blocking {
                for replica in cluster.replicas(of: primary) { cluster.kill(replica) }
                try primary.send("FLUSHALL")
                try primary.send("CLUSTER", "RESET", "HARD")
                try primary.send("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
            }
            // The client, which has nothing to say, keeps its connections meanwhile.
            try await poll("the new cluster") {
                try await blocking { try primary.send("SET", key, "1").text == "OK" }
            }
            try await blocking {
                try primary.send("FLUSHALL")
                try primary.send("CLIENT", "KILL", "TYPE", "normal")
            }
            for number in 0..<100 {
                let reply = try? await running.send(.set(.string(key), "1"), on: number % 2)
                #expect(reply?.isOK != true)
                try await Task.sleep(for: .milliseconds(10))
            }
            let count = try await blocking { try primary.send("DBSIZE") }
            #expect(count == .integer(0))
        }
    }

    @Test func `What waits for a node is for no other one at its address, also when the node has left the map`()
        async throws
    {
        try await withClient { cluster, running async throws in
            guard case .cluster(let client) = running.client.target else { fatalError("no cluster") }
            let endpoint = RedisConfiguration.Endpoint.tcp(host: "127.0.0.1", port: cluster.nodes[0].port)
            func map(_ endpoint: RedisConfiguration.Endpoint, _ id: String?) throws -> RedisClusterSlotMap {
                try RedisClusterSlotMap(slotMapReply([(0...16_383, [(endpoint, id)])]), from: endpoint)
            }
            client.publish(try map(endpoint, "1"))
            let node = try #require(client.node(at: endpoint, withID: nil))
            #expect(node.accepts("1") && !node.accepts("2"))
            client.publish(try map(.node("other"), "3"))
            #expect(node.accepts("1") && !node.accepts("2"))
            // By this map it is another one, which may be any, and nothing for those who still have the map before.
            let outsider = try #require(client.node(at: endpoint, withID: nil))
            #expect(client.node(at: endpoint, withID: "1") == nil)
            #expect(outsider !== node && outsider.accepts("2"))
            client.publish(try map(endpoint, "2"))
            #expect(client.node(at: endpoint, withID: nil) === outsider && !outsider.accepts("1"))
            client.withdrawMap()
            let anew = try #require(client.node(at: endpoint, withID: nil))
            #expect(!outsider.accepts("1") && anew.accepts("1"))
            #expect(client.node(at: .node("late"), withID: "4") == nil)
        }
    }

    @Test func `A cluster that was set up anew at the same addresses is used without a restart`() async throws {
        var options = RedisCluster.Options()
        options.replicas = 0
        try await withClient(options) { cluster, running async throws in
            let keys = try cluster.primaries.map { try key(of: $0, in: cluster) }
            func endpoint(_ node: Int) -> RedisConfiguration.Endpoint {
                .tcp(host: "127.0.0.1", port: cluster.nodes[node].port)
            }
            for key in keys { #expect(try await running.send(.set(.string(key), "old")).isOK) }
            try await blocking {
                for node in cluster.nodes {
                    try node.send("FLUSHALL")
                    try node.send("CLUSTER", "RESET", "HARD")
                    // Otherwise one may tell of itself before it is asked for its ID again.
                    try node.send("CLIENT", "KILL", "TYPE", "normal")
                }
                try cluster.form()
            }
            try await poll("the new map") { running.client.clusterMap?.nodeID(of: endpoint(0)) == cluster.nodes[0].id }
            for loop in 0..<2 {
                for key in keys {
                    try await poll("a new node") { try await running.send(.set(.string(key), "new"), on: loop).isOK }
                }
            }
        }
    }

    @Test func `A primary that is killed is replaced by its replica`() async throws {
        try await withClient { cluster, running async throws in
            let primary = cluster.primaries[1]
            let key = try key(of: primary, in: cluster)
            let other = try self.key(of: cluster.primaries[0], in: cluster)
            #expect(try await running.send(.set(.string(key), "1")).isOK)
            #expect(try await running.send(.get(.string(other))).isNull)
            let before = try await read(running, [key, other])
            try await blocking { cluster.kill(primary) }
            // The others are not affected.
            #expect(try await running.send(.get(.string(other))).isNull)
            try await poll("the replica") { try await running.send(.get(.string(key))).string == "1" }
            try await poll("the other event loop") { try await running.send(.get(.string(key)), on: 1).string == "1" }
            let after = try await read(running, [key, other])
            #expect(before.serverID(at: 0) != after.serverID(at: 0))
            #expect(before.serverID(at: 1) == after.serverID(at: 1))
            try await poll("the end of the outage") { running.client.partialUnavailability == nil }
            try await blocking {
                try cluster.restart(primary)
                try cluster.waitUntilSettled()
            }
            #expect(try await running.send(.get(.string(key))).string == "1")
        }
    }

    @Test func `A primary that has lost its role and got it back is another server`() async throws {
        try await withClient { cluster, running async throws in
            let primary = cluster.primaries[2]
            let replica = try #require(cluster.replicas(of: primary).first)
            let key = try key(of: primary, in: cluster)
            #expect(try await running.send(.set(.string(key), "1")).isOK)
            let before = try await read(running, [key, "x"]).serverID(at: 0)
            let run = try await blocking { try primary.send("INFO", "server").text }
            // The client says nothing meanwhile, so no node can tell it.
            try await blocking {
                try cluster.failover(to: replica, .forced)
                try cluster.waitUntilSettled()
                try cluster.failover(to: primary, .forced)
                try cluster.waitUntilSettled()
            }
            // Both may have happened within the second for which an identity counts.
            try await poll("another identity") { try await read(running, [key, "x"]).serverID(at: 0) != before }
            #expect(texts(try await read(running, [key, "x"]))[0] == "1")
            let now = try await blocking { try primary.send("INFO", "server").text }
            #expect(RedisInfo(run).runID == RedisInfo(now).runID)
        }
    }

    @Test func `Nodes come and go`() async throws {
        try await withClient { cluster, running async throws in
            let old = cluster.primaries[0]
            let key = try key(of: old, in: cluster)
            let slot = Int(RedisHashSlot(key: key.utf8).number)
            func isKnown(_ node: RedisCluster.Node) -> Bool {
                running.client.clusterMap?.primaries.contains { $0.port == node.port } ?? false
            }
            #expect(try await running.send(.set(.string(key), "1")).isOK)
            let new = try await blocking {
                let new = try cluster.addNode()
                try cluster.moveSlots(slot...slot, from: old, to: new)
                return new
            }
            for loop in 0..<2 { #expect(try await running.send(.get(.string(key)), on: loop).string == "1") }
            #expect(isKnown(new))
            try await blocking {
                try cluster.moveSlots(slot...slot, from: new, to: old)
                try cluster.waitUntilSettled()
                try cluster.removeNode(new)
            }
            try await poll("the key") { try await running.send(.get(.string(key))).string == "1" }
            try await poll("the end of the node") { !isKnown(new) }
            #expect(try await running.send(.get(.string(key)), on: 1).string == "1")
        }
    }

    @Test(arguments: [RedisCluster.EndpointType.hostname, .unknownEndpoint])
    func `Nodes are found by their names, and by that of the node that was asked`(
        _ type: RedisCluster.EndpointType
    ) async throws {
        var options = RedisCluster.Options()
        options.replicas = 0
        options.hostname = "localhost"
        options.endpointType = type
        try await withClient(options) { cluster, running async throws in
            for node in cluster.primaries {
                let key = try key(of: node, in: cluster)
                #expect(try await running.send(.set(.string(key), "1")).isOK)
            }
        }
    }

    @Test func `A login that a cluster refuses is reported as one`() async throws {
        var options = RedisCluster.Options()
        options.replicas = 0
        options.password = "secret"
        let cluster = try await blocking { [options] in try RedisCluster(options) }
        defer { cluster.stop() }
        let url = cluster.url.replacing("secret", with: "wrong")
        try await RunningClient.with(url, isReady: false) { running async throws in
            await running.log.wait(for: "No node tells the slots of the Redis cluster")
            #expect(!running.client.isAvailable)
            #expect(running.client.unavailability?.cure == "put the right user and password into the URL")
        }
    }

    @Test func `A user who may not ask for the slots is told so`() async throws {
        var options = RedisCluster.Options()
        options.replicas = 0
        let cluster = try await blocking { [options] in try RedisCluster(options) }
        defer { cluster.stop() }
        try await blocking {
            for node in cluster.running { try node.send("ACL", "SETUSER", "default", "-cluster|slots") }
        }
        try await RunningClient.with(cluster.url, isReady: false) { running async throws in
            await running.log.wait(for: "No node tells the slots of the Redis cluster")
            let warning = try #require(running.log.entries(.warning).first)
            #expect(warning.cure == "allow the user CLUSTER|SLOTS (ACL SETUSER … +cluster|slots)")
            #expect(running.client.unavailability?.reason == "NOPERM")
            try await blocking {
                for node in cluster.running { try node.send("ACL", "SETUSER", "default", "+cluster|slots") }
            }
            try await poll("the slots") { running.client.isAvailable || running.client.unavailability == nil }
        }
    }

    @Test func `A server that is no cluster is reported as one`() async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        try await RunningClient.with("redis+cluster://127.0.0.1:\(server.port)", isReady: false) {
            running async throws in
            await running.log.wait(for: "No node tells the slots of the Redis cluster")
            #expect(running.log.entries(.warning).first?.cure.contains("not a node of a cluster") == true)
            #expect(await code { try await running.send(.get("a")) } == .unavailable)
        }
    }

    @Test func `A tracked value that is too long is known by the position of its key`() async throws {
        try await withClient {
            $0.maximumReplySize = 10_000
        } _: { cluster, running async throws in
            let tracker = RedisTracker(of: running.client, eventLoop: running.loops[1], logger: running.log.logger)
            let tracking = Task { try await tracker.run(ToldKeys().delegate) }
            // All of one node, so that some wait behind the one that ends the connection.
            let keys = try ["a", "b", "c", "d"].map { try key(of: cluster.primaries[1], in: cluster, $0) }
            let arguments = keys.map { RedisCommand.Argument.string($0) }
            for position in keys.indices {
                let long = RedisCommand.Argument.string(String(repeating: "x", count: 20_000))
                #expect(try await running.send(.set(arguments[position], long)).isOK)
                try await poll("tracking") { tracker.isTracking }
                let error = await #expect(throws: RedisError.self) {
                    try await tracker.read(arguments, longElements: 4, on: running.loops[0]).get()
                }
                #expect(error?.code == .replyTooLarge && error?.element == position, "\(position)")
                try await running.client.remove([arguments[position]])
            }
            tracking.cancel()
            try await tracking.value
        }
    }

    @Test func `Changes of keys are told by each node`() async throws {
        try await withClient { cluster, running async throws in
            let told = ToldKeys()
            let tracker = RedisTracker(of: running.client, eventLoop: running.loops[1], logger: running.log.logger)
            let tracking = Task { try await tracker.run(told.delegate) }
            try await poll("tracking") { tracker.isTracking }
            told.clear()
            let keys = try cluster.primaries.map { try key(of: $0, in: cluster) }
            for key in keys { #expect(try await running.send(.set(.string(key), "1")).isOK) }
            let arguments = keys.map { RedisCommand.Argument.string($0) }
            let values = try await tracker.read(arguments, longElements: 1, on: running.loops[0]).get()
            #expect(texts(values) == ["1", "1", "1"])
            try await running.client.remove(arguments)
            try await poll("the changes") { Set(told.keys) == Set(keys) }

            // Without one of the nodes nothing is believed.
            told.clear()
            try await blocking { cluster.kill(cluster.primaries[0]) }
            try await poll("the flush") { told.flushes > 0 && !tracker.isTracking }
            try await poll("tracking of the replica") { tracker.isTracking }
            #expect(
                texts(try await tracker.read(arguments, longElements: 1, on: running.loops[0]).get()) == [
                    nil, nil, nil,
                ]
            )
            tracking.cancel()
            try await tracking.value
        }
    }
}

/// The changes that a tracker has told.
private final class ToldKeys: Sendable {
    private let state = Mutex<(keys: [String], flushes: Int)>(([], 0))

    var keys: [String] { state.withLock { $0.keys } }
    var flushes: Int { state.withLock { $0.flushes } }
    func clear() { state.withLock { $0 = ([], 0) } }

    var delegate: RedisTracker.Delegate {
        RedisTracker.Delegate { keys in
            self.state.withLock { $0.keys += keys.map { String(decoding: $0, as: UTF8.self) } }
        } flushed: {
            self.state.withLock { $0.flushes += 1 }
        }
    }
}

extension RedisValues {
    fileprivate var serverIDs: [String?] { (0..<count).map { serverID(at: $0) } }
}

extension RedisConfiguration.Endpoint {
    fileprivate var port: Int? { if case .tcp(_, let port) = self { port } else { nil } }
}
