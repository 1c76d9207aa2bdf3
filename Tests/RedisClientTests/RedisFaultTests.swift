import Logging
import NIOCore
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// Servers that die, hang, run out of memory and talk nonsense.
@Suite(.timeLimit(.minutes(2))) struct RedisFaultTests {
    @Test func `A killed server costs nothing, is one warning, and is used again once it is back`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url) { running async throws in
            #expect(try await running.send(.set("key", "old")).isOK)
            server.kill()
            // Each link notices, and tries again in vain.
            await running.log.wait(for: "A connection to Redis failed", count: 3)
            #expect(!running.client.isAvailable)
            for loop in 0..<2 {
                #expect(try await running.immediateFailure(.get("key"), on: loop)?.code == .unavailable)
            }
            try server.restart()
            await running.log.wait(for: "Redis is available again")
            for loop in 0..<2 { #expect(try await running.send(.get("key"), on: loop).isNull) }
            #expect(running.log.entries(.warning).count == 1)
            #expect(running.log.entries(.notice).count == 1)
            #expect(running.count("reconnects") >= 2)
            #expect(running.count("unavailable") == 2)
        }
    }

    @Test func `A hanging server costs one deadline, then nothing, and is used again once it answers`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(
            server.url,
            configure: {
                $0.commandTimeout = .milliseconds(100)
                $0.connectTimeout = .milliseconds(200)
            }
        ) { running async throws in
            #expect(try await running.send(.set("key", "value")).isOK)
            server.pause()
            let (client, loop) = (running.client, running.loops[0])
            let codes = try await loop.flatSubmit {
                EventLoopFuture.whenAllComplete((0..<3).map { _ in client.send(.get("key"), on: loop) }, on: loop)
            }.get().map { result in
                if case .failure(let error as RedisError) = result { error.code } else { nil as RedisError.Code? }
            }
            #expect(codes == [.timedOut, .connectionLost, .connectionLost])
            #expect(try await running.immediateFailure(.get("key"))?.code == .unavailable)
            // The other loop's connection was asked for a sign of life, so its callers need not find out.
            await running.log.wait(for: "A connection to Redis failed")
            #expect(try await running.immediateFailure(.get("key"), on: 1)?.code == .unavailable)
            // A handshake that hangs makes nothing ready.
            await running.log.wait(for: "A connection to Redis failed", count: 4)
            #expect(!running.client.isAvailable)
            server.resume()
            await running.log.wait(for: "Redis is available again")
            for loop in 0..<2 { #expect(try await running.send(.get("key"), on: loop).string == "value") }
            #expect(running.log.entries(.warning).count == 1)
            #expect(running.log.entries(.warning)[0].reason.hasPrefix("timedOut"))
            #expect(running.count("timeouts") >= 2)
            #expect(running.count("retries") == 0)
        }
    }

    @Test func `A held up event loop does not make a server late whose reply lies in the socket`() async throws {
        let isSeen = Atomic(false)
        let isAnswered = Atomic(false)
        try await FakeRedisServer.with { request in
            guard request.words.first == "GET" else { return nil }
            isSeen.store(true, ordering: .releasing)
            return .send("+fine\r\n")
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1) { witness async throws in
                try await RunningClient.with(url, loops: 1, configure: { $0.commandTimeout = .milliseconds(20) }) {
                    running async throws in
                    let (client, loop) = (running.client, running.loops[0])
                    let held = loop.flatSubmit {
                        let reply = client.send(.get("key"), on: loop)
                        // Runs after the flush. What follows runs before the loop reads, whatever timers fire between.
                        loop.execute {
                            let end = NIODeadline.now() + .milliseconds(100)
                            while !isAnswered.load(ordering: .acquiring) || NIODeadline.now() < end {}
                            hold(loop, times: 3)
                        }
                        return reply
                    }
                    while !isSeen.load(ordering: .acquiring) { _ = try await witness.send(.ping) }
                    // The server's only thread answers this after the other connection's command.
                    _ = try await witness.send(.ping)
                    isAnswered.store(true, ordering: .releasing)
                    #expect(try await held.get().string == "fine")
                    #expect(running.count("timeouts") == 0)
                    #expect(running.log.entries(.warning).isEmpty)
                }
            }
        }
    }

    @Test func `A server that is not there when the client starts is used once it is`() async throws {
        let server = try RedisServer()
        server.kill()
        try await RunningClient.with(server.url, isReady: false) { running async throws in
            #expect(await code { try await running.send(.get("key")) } == .unavailable)
            try server.restart()
            await running.log.wait(for: "Redis is available again")
            #expect(try await running.send(.ping).string == "PONG")
            #expect(running.log.entries(.warning).count == 1)
        }
    }

    @Test func `A server out of memory refuses writes and serves reads`() async throws {
        let server = try RedisServer(arguments: ["--maxmemory", "4mb", "--maxmemory-policy", "noeviction"])
        try await RunningClient.with(server.url, loops: 1) { running async throws in
            let value = RedisCommand.Argument.buffer(ByteBuffer(repeating: 0x61, count: 100_000))
            #expect(try await running.send(.set("first", value)).isOK)
            var refusal: RedisServerError?
            for index in 0..<100 where refusal == nil {
                refusal = try await running.send(.set(.string("key\(index)"), value)).error
            }
            #expect(refusal?.code == "OOM")
            #expect(try await running.send(.get("first")).bytes?.readableBytes == 100_000)
            #expect(try await running.send(.unlink(["first"])).integer == 1)
            #expect(running.log.entries(.warning).map(\.message) == ["Redis refuses a command"])
            #expect(running.client.refusals.all.map(\.refusal.kind) == [.outOfMemory])
        }
    }

    @Test func `A server that becomes a replica is left and asked again`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url, loops: 1) { running async throws in
            #expect(try server.ask("REPLICAOF 127.0.0.1 1") == "+OK")
            #expect(try await running.send(.set("key", "value")).error?.code == "READONLY")
            await running.log.wait(for: "Redis is available again")
            let warnings = running.log.entries(.warning).map(\.reason)
            #expect(warnings.count == 1)
            #expect(warnings[0].hasPrefix("connectionLost: the server has become a replica (READONLY"))
            #expect(running.client.refusals.all.map(\.refusal.kind) == [.replica])
            #expect(try server.ask("REPLICAOF NO ONE") == "+OK")
            #expect(try await running.send(.set("key", "value")).isOK)
        }
    }

    @Test func `A closed idle connection is replaced and the read that met it is repeated once`() async throws {
        let gets = Mutex(0)
        try await FakeRedisServer.with { request in
            guard request.words == ["GET", "key"] else { return nil }
            gets.withLock { $0 += 1 }
            return request.connection == 0 ? .close : .send("$5\r\nvalue\r\n")
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1) { running async throws in
                #expect(try await running.send(.get("key")).string == "value")
                #expect(gets.withLock { $0 } == 2)
                #expect(running.count("retries") == 1)
            }
        }
    }

    @Test func `A server that closes idle connections is not away, and nobody notices`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url) { running async throws in
            #expect(try await running.send(.set("key", "value")).isOK)
            for round in 1...3 {
                // Redis counts whole seconds: one of them may have begun a moment ago.
                var isOld = false
                while !isOld {
                    let list = try await running.send(RedisCommand("CLIENT", ["LIST"])).string ?? ""
                    isOld = list.split(separator: "\n").allSatisfy {
                        !$0.contains(" age=0 ") && !$0.contains(" age=1 ")
                    }
                }
                let killed = try server.ask("CLIENT KILL TYPE normal SKIPME yes")
                #expect(killed.hasPrefix(":2"))
                for loop in 0..<2 { #expect(try await running.send(.get("key"), on: loop).string == "value") }
                await running.log.wait(for: "A connection to Redis is ready", count: 2 + 2 * round)
                #expect(running.client.isAvailable)
            }
            #expect(running.count("unavailable") == 0)
            #expect(running.log.entries(.warning).isEmpty && running.log.entries(.notice).isEmpty)
        }
    }

    @Test func `A server that is killed while nothing waits is one warning`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url) { running async throws in
            var isOld = false
            while !isOld {
                let list = try await running.send(RedisCommand("CLIENT", ["LIST"])).string ?? ""
                isOld = list.split(separator: "\n").allSatisfy { !$0.contains(" age=0 ") && !$0.contains(" age=1 ") }
            }
            server.kill()
            await running.log.wait(for: "A connection to Redis failed", count: 2)
            #expect(running.log.entries(.warning).count == 1)
            #expect(!running.client.isAvailable)
        }
    }

    @Test(arguments: [("big", 0), ("small", 1)])
    func `A value above the bound closes the connection, and other reads are sent once more`(
        first: String,
        element: Int
    ) async throws {
        let server = try RedisServer()
        try await RunningClient.with(
            server.url,
            loops: 1,
            configure: {
                $0.maximumReplySize = 1_000_000
                $0.maximumLaterElementSize = 1_000
            }
        ) { running async throws in
            #expect(try await running.send(.set("small", "value")).isOK)
            let long = ByteBuffer(repeating: 0x61, count: element == 0 ? 1_000_001 : 40_000)
            #expect(try await running.send(.set("big", .buffer(long))).isOK)
            let (client, loop) = (running.client, running.loops[0])
            let results = try await loop.flatSubmit {
                let keys: [RedisCommand.Argument] = [.string(first), first == "big" ? "small" : "big"]
                let reads = [RedisCommand.mget(keys)] + (0..<5).map { _ in RedisCommand.get("small") }
                let write = client.send(.set("other", "x"), on: loop)
                return EventLoopFuture.whenAllComplete(
                    reads.map { client.send($0, on: loop) } + [write],
                    on: loop
                )
            }.get()
            guard case .failure(let error as RedisError) = results[0] else {
                Issue.record("read")
                return
            }
            #expect(error.code == .replyTooLarge && error.element == element)
            #expect(results[1...5].allSatisfy { (try? $0.get().string) == "value" })
            #expect(running.count("retries") == 5)
        }
    }

    @Test func `As many values as a command says may be long, in whichever replies arrive together`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url, loops: 1, configure: { $0.maximumLaterElementSize = 1_000 }) {
            running async throws in
            let long = ByteBuffer(repeating: 0x61, count: 40_000)
            #expect(try await running.send(.set("big", .buffer(long))).isOK)
            #expect(try await running.send(.set("small", "value")).isOK)
            let (client, loop) = (running.client, running.loops[0])
            let reads: [RedisCommand] = [
                .mget(["small", "small"]), .mget(["big", "big", "small"], longElements: 2), .mget(["big", "small"]),
                .mget(["small", "big"], longElements: 2), .get("small"),
                .mget(["big", "big", "big"], longElements: 3),
            ]
            let replies = try await loop.flatSubmit {
                EventLoopFuture.whenAllSucceed(reads.map { client.send($0, on: loop) }, on: loop)
            }.get()
            for (read, reply) in zip(reads, replies) where reply.kind == .array {
                for (index, key) in read.arguments.enumerated() {
                    guard case .string(let key) = key else { continue }
                    #expect(reply[index].bytes?.readableBytes == (key == "big" ? 40_000 : 5))
                }
            }
            let error = await #expect(throws: RedisError.self) {
                try await running.send(.mget(["small", "big", "big"], longElements: 2))
            }
            #expect(error?.code == .replyTooLarge && error?.element == 2)
        }
    }

    @Test func `After a deadline nobody waits until reads without a caller have been answered`() async throws {
        let counts = Mutex<[Int: Int]>([:])
        try await FakeRedisServer.with { request in
            guard request.words.first == "GET" else { return nil }
            counts.withLock { $0[request.connection, default: 0] += 1 }
            return request.connection < 3 ? .nothing : .send("$5\r\nvalue\r\n")
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1, configure: { $0.commandTimeout = .milliseconds(200) }) {
                running async throws in
                #expect(await code { try await running.send(.get("key")) } == .timedOut)
                while counts.withLock({ $0[2] }) == nil {
                    #expect(await code { try await running.send(.get("other")) } == .unavailable)
                }
                await running.log.wait(for: "Redis is available again")
                // 1 and 8 and 64, all of the read that had no answer.
                #expect(counts.withLock { $0 } == [0: 1, 1: 1, 2: 1, 3: 73])
                #expect(try await running.send(.get("key")).string == "value")
                #expect(running.log.entries(.warning).count == 1)
                #expect(running.count("retries") == 0)
            }
        }
    }

    @Test func `A caller's own deadline costs nobody else anything`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url, loops: 1) { running async throws in
            #expect(try await running.send(.set("key", "value")).isOK)
            server.pause()
            let (client, loop) = (running.client, running.loops[0])
            let patient = client.send(.get("key"), on: loop)
            let hasty = client.send(.get("key"), on: loop, by: .now() + .milliseconds(50)) { result in
                if case .failure(let error) = result { error.code.description } else { "answered" }
            }
            #expect(try await hasty.get() == "timedOut")
            server.resume()
            #expect(try await patient.get().string == "value")
            #expect(running.count("timeouts") == 0 && running.count("reconnects") == 0)
        }
    }

    @Test func `A read is repeated once only`() async throws {
        let gets = Mutex(0)
        try await FakeRedisServer.with { request in
            guard request.words == ["GET", "key"] else { return nil }
            gets.withLock { $0 += 1 }
            return .close
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1) { running async throws in
                #expect(await code { try await running.send(.get("key")) } == .connectionLost)
                #expect(gets.withLock { $0 } == 2)
            }
        }
    }

    @Test func `A write is never repeated`() async throws {
        let sets = Mutex(0)
        try await FakeRedisServer.with { request in
            guard request.words.first == "SET" else { return nil }
            sets.withLock { $0 += 1 }
            return .close
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1) { running async throws in
                #expect(await code { try await running.send(.set("key", "value")) } == .connectionLost)
                await running.log.wait(for: "Redis is available again")
                #expect(sets.withLock { $0 } == 1)
            }
        }
    }

    @Test(arguments: [
        ("nonsense\r\n", RedisError.Code.protocolViolation),
        ("$5\r\nabcdefg", .protocolViolation),
        (String(repeating: "*1\r\n", count: 12), .protocolViolation),
        ("$2000000\r\n", .replyTooLarge),
        ("$1000\r\nhalf", .connectionLost),
        ("*2\r\n:1\r\n", .connectionLost),
        ("+one half", .connectionLost),
    ])
    func `Nonsense and halves of replies fail the command, and the client lives on`(
        text: String,
        expected: RedisError.Code
    ) async throws {
        try await FakeRedisServer.with { request in
            guard request.words.first == "GET" else { return nil }
            return request.connection == 0 ? .sendAndClose(text) : .send("+fine\r\n")
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1, configure: { $0.maximumReplySize = 1_000_000 }) {
                running async throws in
                #expect(await code { try await running.send(.get("key")) } == expected)
                await running.log.wait(for: "Redis is available again")
                #expect(try await running.send(.get("key")).string == "fine")
                #expect(running.log.entries(.warning).count == 1)
            }
        }
    }

    @Test func `A reply without a command closes the connection after the replies that were due`() async throws {
        try await FakeRedisServer.with { request in
            guard request.words.first == "ECHO" else { return nil }
            return request.connection == 0 ? .send("+mine\r\n+nobody's\r\n") : .send("+again\r\n")
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1) { running async throws in
                #expect(try await running.send(RedisCommand("ECHO", ["x"])).string == "mine")
                await running.log.wait(for: "Redis is available again")
                #expect(running.log.entries(.warning)[0].reason.hasPrefix("protocolViolation"))
                #expect(try await running.send(RedisCommand("ECHO", ["x"])).string == "again")
            }
        }
    }

    @Test func `Nonsense instead of a handshake never makes a connection ready`() async throws {
        try await FakeRedisServer.with { request in
            request.connection < 3 ? .send("HTTP/1.1 400 Bad Request\r\n\r\n") : nil
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1, isReady: false) { running async throws in
                await running.log.wait(for: "Redis is available again")
                #expect(running.log.entries(.warning).count == 1)
                #expect(running.log.entries(.debug).count(where: { $0.message == "A connection to Redis failed" }) == 2)
            }
        }
    }

    @Test func `A server that loads its data is not ready and is asked again`() async throws {
        try await FakeRedisServer.with { request in
            guard request.words.first == "PING", request.connection < 2 else { return nil }
            return .send("-LOADING Redis is loading the dataset in memory\r\n")
        } _: { url async throws in
            try await RunningClient.with(url, loops: 1, isReady: false) { running async throws in
                await running.log.wait(for: "Redis is available again")
                #expect(running.log.entries(.warning).count == 1)
                #expect(running.log.entries(.warning)[0].reason.contains("the server is still loading its data"))
            }
        }
    }

    @Test func `Commands wait for a first handshake that hangs no longer than their deadline`() async throws {
        try await FakeRedisServer.with { _ in
            .nothing
        } _: { url async throws in
            try await RunningClient.with(
                url,
                loops: 1,
                isReady: false,
                configure: { $0.commandTimeout = .milliseconds(50) }
            ) { running async throws in
                #expect(await code { try await running.send(.get("key")) } == .unavailable)
                #expect(running.log.entries(.warning).isEmpty)
            }
        }
    }
}

/// Keeps an event loop busy with several tasks of one tick, longer than the client waits between two looks.
private func hold(_ loop: any EventLoop, times: Int) {
    guard times > 0 else { return }
    loop.execute {
        let end = NIODeadline.now() + .milliseconds(5)
        while NIODeadline.now() < end {}
        hold(loop, times: times - 1)
    }
}
