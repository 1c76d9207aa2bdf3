import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// Clients of a primary that real Sentinels name.
@Suite(.serialized, .timeLimit(.minutes(3))) struct RedisSentinelClientTests {
    private func withClient(
        _ options: RedisSentinels.Options = .init(),
        configure: @escaping (inout RedisConfiguration) -> Void = { _ in },
        _ body: (RedisSentinels, RunningClient) async throws -> Void
    ) async throws {
        let sentinels = try await blocking { try RedisSentinels(options) }
        defer { sentinels.stop() }
        try await RunningClient.with(sentinels.url, configure: configure) { running async throws in
            await running.log.wait(for: "A Sentinel is watched")
            try await body(sentinels, running)
        }
    }

    private func poll(_ what: String, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<2_000 {
            if (try? await condition()) == true { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("waited for \(what) in vain")
    }

    /// The server that executes a loop's commands.
    private func port(_ running: RunningClient, on loop: Int) async throws -> Int? {
        let info = try await running.send(RedisCommand("INFO", ["server"]), on: loop).string ?? ""
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("tcp_port:") }
        return line.flatMap { Int($0.dropFirst("tcp_port:".count)) }
    }

    private func pollForServer(_ server: RedisServer, _ running: RunningClient) async throws {
        for loop in running.loops.indices {
            try await poll("the new primary on loop \(loop)") { try await port(running, on: loop) == server.port }
        }
    }

    /// Writes keys by each loop, all of which have to reach this server.
    private func expectWrites(to server: RedisServer, of sentinels: RedisSentinels, by running: RunningClient)
        async throws
    {
        for number in 0..<20 {
            let key = "key-\(number)"
            // A connection that is replaced at this moment is no fault.
            try await poll("a write") {
                try await running.send(.set(.string(key), "1"), on: number % running.loops.count).isOK
            }
            let value = try sentinels.ask(server, "GETDEL", key).text
            #expect(value == "1")
        }
    }

    @Test func `Commands go to the primary, also after it was killed and has come back`() async throws {
        var options = RedisSentinels.Options()
        options.replicas = 2
        try await withClient(options) { sentinels, running async throws in
            try await expectWrites(to: sentinels.servers[0], of: sentinels, by: running)
            let (former, new) = try await blocking { try sentinels.killPrimary() }
            try await pollForServer(new, running)
            try await expectWrites(to: new, of: sentinels, by: running)
            // It takes itself for a primary, and is empty.
            try await blocking { try former.restart() }
            try sentinels.ask(new, "CLIENT", "KILL", "TYPE", "normal")
            try await pollForServer(new, running)
            try await expectWrites(to: new, of: sentinels, by: running)
        }
    }

    @Test func `A former primary that is alive is left at once`() async throws {
        try await withClient { sentinels, running async throws in
            let former = sentinels.servers[0]
            let new = try await blocking { try sentinels.failover() }
            try await pollForServer(new, running)
            // Sentinels leave it as it is for about ten seconds.
            let role = try sentinels.ask(former, "INFO", "replication").text
            #expect(role.contains("role:master"))
            try await expectWrites(to: new, of: sentinels, by: running)
            try sentinels.ask(new, "CLIENT", "KILL", "TYPE", "normal")
            try await pollForServer(new, running)
            #expect(running.client.serverID != nil)
        }
    }

    @Test func `A server that is promoted again before it was made a replica is another one`() async throws {
        try await withClient { sentinels, running async throws in
            let server = sentinels.servers[0]
            func identity(_ server: RedisServer) throws -> RedisServerIdentity? {
                RedisServerIdentity(RedisInfo(try sentinels.ask(server, "INFO").text))
            }
            func ids() async throws -> Set<String?> {
                var ids: Set<String?> = []
                for loop in running.loops.indices {
                    try await poll("a read") {
                        ids.insert(try await running.send(.get("key"), on: loop).serverID)
                        return true
                    }
                }
                return ids
            }
            let (before, idsBefore) = (try identity(server), try await ids())
            server.pause()
            let successor = try await blocking { try sentinels.waitForPrimary(otherThan: server) }
            try await pollForServer(successor, running)
            let idsBetween = try await ids()
            // To itself it has never been anything else.
            server.resume()
            successor.kill()
            _ = try await blocking { try sentinels.waitForPrimary(otherThan: successor) }
            try await pollForServer(server, running)
            #expect(try identity(server) == before)
            let idsAfter = try await ids()
            #expect([idsBefore, idsBetween, idsAfter].allSatisfy { $0.count == 1 && $0 != [nil] })
            #expect(Set([idsBefore, idsBetween, idsAfter]).count == 3)
            #expect(idsAfter == [running.client.serverID])
        }
    }

    /// Servers that close the connections of their clients when they are promoted do most of this by themselves.
    @Test func `Connections from before a promotion are replaced although the server has kept them`() async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        let epoch = Mutex<UInt64>(0)
        // What it announces need not be new.
        let sentinel = FakeSentinel.naming {
            (server.port, epoch.withLock { $0 })
        } announcing: {
            "main 127.0.0.1 1 127.0.0.1 \(server.port)"
        }
        try await FakeSentinel.with([sentinel]) { ports in
            try await RunningClient.with("redis+sentinel://127.0.0.1:\(ports[0])/main") { running async throws in
                let tracker = RedisTracker(of: running.client, eventLoop: running.loops[0], logger: running.log.logger)
                let run = Task { try await tracker.run(.init(invalidated: { _ in }, flushed: {})) }
                for number in 0...2 as ClosedRange<UInt64> {
                    epoch.withLock { $0 = number }
                    let info = RedisInfo(try RedisServerConnection(port: server.port).send("INFO").text)
                    let id = try #require(RedisServerIdentity(info, configEpoch: number)).digest
                    for loop in running.loops.indices {
                        try await poll("the identity on loop \(loop)") {
                            try await running.send(.get("key"), on: loop).serverID == id
                        }
                    }
                    #expect(running.client.serverID == id)
                    try await poll("a tracked read") {
                        guard tracker.isTracking else { return false }
                        let values = try await tracker.read(["key"], longElements: 0, on: running.loops[0]).get()
                        return values.serverID(at: 0) == id
                    }
                }
                let notice = "The primary has been promoted again: another server may have been the primary meanwhile"
                await running.log.wait(for: notice, count: 2)
                run.cancel()
                try await run.value
            }
        }
    }

    @Test func `A connection that learns of a promotion tells the others, also of a client that watches no Sentinel`()
        async throws
    {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        let epoch = Mutex<UInt64>(0)
        try await FakeSentinel.with([
            { request in FakeSentinel.naming(server.port, epoch: epoch.withLock { $0 })(request) }
        ]) { ports in
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
            let client = try RedisClient(
                configuration: RedisConfiguration(url: "redis+sentinel://127.0.0.1:\(ports[0])/main"),
                eventLoopGroup: group,
                logger: LogRecorder().logger
            )
            let loops = Array(group.makeIterator())
            func identity(on loop: Int) async throws -> String? {
                try await client.send(.get("key"), on: loops[loop]).get().serverID
            }
            let first = try await identity(on: 0)
            epoch.withLock { $0 = 1 }
            let second = try await identity(on: 1)
            #expect(first != nil && second != nil && first != second)
            try await poll("the identity on the first loop") { try await identity(on: 0) == second }
            // Ends its connections.
            let run = Task { try await client.run() }
            run.cancel()
            try await run.value
            try await group.shutdownGracefully()
        }
    }

    @Test func `All connections leave a replaced primary, also if its successor can't be reached`() async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        let closed = try ServerProcess.freePort()
        let isReplaced = Mutex(false)
        let sentinel = FakeSentinel.naming {
            isReplaced.withLock { $0 } ? (closed, 1) : (server.port, 0)
        } announcing: {
            isReplaced.withLock { $0 } ? "main 127.0.0.1 \(server.port) 127.0.0.1 \(closed)" : nil
        }
        try await FakeSentinel.with([sentinel]) { ports in
            try await RunningClient.with("redis+sentinel://127.0.0.1:\(ports[0])/main") { running async throws in
                let tracker = RedisTracker(of: running.client, eventLoop: running.loops[0], logger: running.log.logger)
                let flushes = Mutex(0)
                let run = Task {
                    try await tracker.run(.init(invalidated: { _ in }, flushed: { flushes.withLock { $0 += 1 } }))
                }
                try await poll("tracking") { tracker.isTracking }
                isReplaced.withLock { $0 = true }
                try await poll("a server without clients") {
                    // But for the one that asks.
                    try RedisServerConnection(port: server.port).send("CLIENT", "LIST").text.split(separator: "\n")
                        .count == 1
                }
                #expect(!tracker.isTracking)
                #expect(flushes.withLock { $0 } > 0)
                await #expect(throws: RedisError.self) {
                    _ = try await tracker.read(["key"], longElements: 0, on: running.loops[0]).get()
                }
                run.cancel()
                try await run.value
            }
        }
    }

    @Test func `The client does without most Sentinels`() async throws {
        try await withClient { sentinels, running async throws in
            try await blocking { for sentinel in sentinels.sentinels.dropLast() { sentinel.kill() } }
            try sentinels.ask(sentinels.servers[0], "CLIENT", "KILL", "TYPE", "normal")
            try await pollForServer(sentinels.servers[0], running)
            try await expectWrites(to: sentinels.servers[0], of: sentinels, by: running)
        }
    }

    @Test func `Passwords of servers and Sentinels stand in the URL`() async throws {
        var options = RedisSentinels.Options()
        options.password = "of-the-servers"
        options.sentinelPassword = "of-the-sentinels"
        try await withClient(options) { sentinels, running async throws in
            try await expectWrites(to: sentinels.servers[0], of: sentinels, by: running)
            let new = try await blocking { try sentinels.killPrimary().new }
            try await pollForServer(new, running)
        }
    }

    @Test func `A server that Sentinels name and that is no primary is not used`() async throws {
        let primary = try await blocking { try RedisServer() }
        let replica = try await blocking {
            try RedisServer(arguments: ["--replicaof", "127.0.0.1", "\(primary.port)"])
        }
        defer {
            primary.stop()
            replica.stop()
        }
        // Most are stale. They lead to the replica once, at most.
        try await FakeSentinel.with([
            FakeSentinel.naming(replica.port), FakeSentinel.naming(primary.port, epoch: 1),
            FakeSentinel.naming(replica.port),
        ]) { ports in
            let hosts = ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")
            try await RunningClient.with("redis+sentinel://\(hosts)/main", isReady: false) { running async throws in
                for _ in 1...5 {
                    try await pollForServer(primary, running)
                    for loop in running.loops.indices {
                        try await poll("a write") { try await running.send(.set("key", "1"), on: loop).isOK }
                    }
                    _ = try primary.ask("CLIENT KILL TYPE normal")
                }
            }
        }
    }

    #if RedisTLS
        @Test func `Sentinels and servers speak TLS`() async throws {
            let authority = try CertificateAuthority()
            defer { authority.remove() }
            var options = RedisSentinels.Options()
            options.identity = try authority.issue(for: "localhost", address: "127.0.0.1")
            let path = authority.certificate.path
            try await withClient(options) {
                var tls = RedisTLSConfiguration()
                tls.trustRoots = .file(path: path)
                $0.tls = tls
            } _: { sentinels, running async throws in
                try await expectWrites(to: sentinels.servers[0], of: sentinels, by: running)
                let new = try await blocking { try sentinels.killPrimary().new }
                try await pollForServer(new, running)
                try await expectWrites(to: new, of: sentinels, by: running)
            }
        }

        @Test func `A Sentinel whose certificate is not trusted is a refusal with a cure`() async throws {
            let (authority, other) = (try CertificateAuthority(), try CertificateAuthority())
            defer {
                authority.remove()
                other.remove()
            }
            var options = RedisSentinels.Options()
            options.identity = try authority.issue(for: "localhost", address: "127.0.0.1")
            let path = other.certificate.path
            let sentinels = try await blocking { [options] in try RedisSentinels(options) }
            defer { sentinels.stop() }
            try await RunningClient.with(sentinels.url, isReady: false) {
                var tls = RedisTLSConfiguration()
                tls.trustRoots = .file(path: path)
                $0.tls = tls
            } _: { running async throws in
                await running.log.wait(for: "Redis refuses connections, trying to connect again")
                let refusals = running.log.entries(.warning).filter { $0.message.hasPrefix("Redis refuses") }
                #expect(refusals.first?.cure.contains("REDIS_TLS_CA_FILE") == true)
                #expect(running.client.unavailability?.cure.contains("REDIS_TLS_CA_FILE") == true)
                let blindness =
                    "No Sentinel can be watched: a new primary is noticed only when connections to the old one break"
                await running.log.wait(for: blindness)
                let blind = running.log.entries(.warning).filter { $0.message == blindness }
                #expect(blind.first?.cure.contains("REDIS_TLS_CA_FILE") == true)
            }
        }
    #endif
}
