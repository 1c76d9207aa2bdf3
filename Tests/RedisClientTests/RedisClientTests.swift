import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// Against a real server.
@Suite(.timeLimit(.minutes(2))) struct RedisClientTests {
    @Test func `Commands are answered with their own replies`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url) { running async throws in
            let client = running.client
            #expect(client.isAvailable)
            #expect(try await client.execute(.ping).string == "PONG")
            #expect(try await client.execute(.set("key", "value", expiresAfter: .seconds(60))).isOK)
            #expect(try await client.execute(.set("key", "other", onlyIfAbsent: true)).isNull)
            #expect(try await client.execute(.get("key")).string == "value")
            #expect(try await client.execute(.get("none")).isNull)
            let both = try await client.execute(.mget(["key", "none"]))
            #expect(both.count == 2)
            #expect(both[0].string == "value")
            #expect(both[1].isNull)
            let life = try #require(try await client.execute(RedisCommand("PTTL", ["key"])).integer)
            #expect((1...60_000).contains(life))
            #expect(try await client.execute(.unlink(["key", "none"])).integer == 1)
            let error = try #require(try await client.execute(RedisCommand("NOSUCHCOMMAND")).error)
            #expect(error.code == "ERR")
        }
    }

    @Test func `Ten thousand interleaved commands from several loops keep their order`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url, loops: 4) { running async throws in
            let client = running.client
            let futures = running.loops.enumerated().map { number, loop in
                loop.flatSubmit {
                    var answers: [EventLoopFuture<Bool>] = []
                    for index in 0..<1_250 {
                        let text = "\(number)-\(index)"
                        answers.append(
                            client.send(RedisCommand("ECHO", [.string(text)]), on: loop).map { $0.string == text }
                        )
                        answers.append(
                            client.send(
                                RedisCommand("RPUSH", [.string("list\(number)"), .integer(Int64(index))]),
                                on: loop
                            )
                            .map { $0.integer == Int64(index + 1) }
                        )
                    }
                    return EventLoopFuture.whenAllSucceed(answers, on: loop)
                }
            }
            for (number, future) in futures.enumerated() {
                let answers = try await future.get()
                #expect(answers.count == 2_500)
                #expect(answers.allSatisfy { $0 })
                let list = try await client.execute(RedisCommand("LRANGE", [.string("list\(number)"), 0, -1]))
                #expect((0..<list.count).map { list[$0].string } == (0..<1_250).map { "\($0)" })
            }
            #expect(running.count("commands") == 10_004)
        }
    }

    @Test func `A future completes on the loop that was asked for, of the group or not`() async throws {
        let server = try RedisServer()
        let other = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await RunningClient.with(server.url) { running async throws in
            for loop in running.loops + [other.next()] {
                let isThere = try await running.client.send(.ping, on: loop).map { _ in loop.inEventLoop }.get()
                #expect(isThere)
            }
        }
        try await other.shutdownGracefully()
    }

    @Test func `Each loop has a connection of its own and keeps it`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url, loops: 3) { running async throws in
            var ids: Set<Int64> = []
            for loop in 0..<3 {
                let id = try await running.send(RedisCommand("CLIENT", ["ID"]), on: loop).integer
                #expect(try await running.send(RedisCommand("CLIENT", ["ID"]), on: loop).integer == id)
                ids.insert(try #require(id))
            }
            #expect(ids.count == 3)
        }
    }

    @Test func `Thousands of cancelled reads shift nobody's reply and close nothing`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url) { running async throws in
            let client = running.client
            let count = 4_000
            let pairs = (0..<count).flatMap { [RedisCommand.Argument.string("key\($0)"), .string("value\($0)")] }
            #expect(try await client.execute(RedisCommand("MSET", pairs)).isOK)
            let before = try await running.send(RedisCommand("CLIENT", ["ID"])).integer
            var seed: UInt64 = 42
            let tasks = (0..<count).map { index in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let isCancelled = (seed >> 33) % 3 == 0
                let task = Task { try await client.execute(.get(.string("key\(index)"))).string }
                if isCancelled { task.cancel() }
                return (index, isCancelled, task)
            }
            var cancelled = 0
            for (index, isCancelled, task) in tasks {
                switch await task.result {
                case .success(let value): #expect(value == "value\(index)")
                case .failure(let error):
                    #expect(error is CancellationError)
                    #expect(isCancelled)
                    cancelled += 1
                }
            }
            #expect(cancelled > 0)
            #expect(try await running.send(RedisCommand("CLIENT", ["ID"])).integer == before)
            #expect(running.log.entries(.warning).isEmpty)
        }
    }

    @Test func `A command cancelled in flight is told at once and its reply is dropped when it comes`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url, loops: 1) { running async throws in
            let client = running.client
            // The server answers the first command only once somebody pushes.
            let blocked = Task { try await client.execute(RedisCommand("BLPOP", ["list", 0])) }
            while try server.ask("CLIENT LIST TYPE NORMAL").isEmpty || running.count("commands") < 1 {
                await Task.yield()
            }
            let behind = client.send(RedisCommand("ECHO", ["mine"]), on: running.loops[0])
            blocked.cancel()
            await #expect(throws: CancellationError.self) { try await blocked.value }
            #expect(try server.ask("RPUSH list x") == ":1")
            #expect(try await behind.get().string == "mine")
        }
    }

    @Test func `Sixteen mebibytes come back as they were sent`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url, loops: 1) { running async throws in
            var value = ByteBuffer()
            var seed: UInt64 = 7
            for _ in 0..<(2 << 20) {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                value.writeInteger(seed)
            }
            #expect(value.readableBytes == 16 << 20)
            #expect(try await running.client.execute(.set("large", .buffer(value))).isOK)
            #expect(try await running.client.execute(.get("large")).bytes == value)
            let pair = try await running.client.execute(.mget(["large", "large"]))
            #expect(pair[0].bytes == value)
            #expect(pair[1].bytes == value)
        }
    }

    @Test func `A Unix socket with a database and a client name works`() async throws {
        let server = try RedisServer(onSocket: true)
        try await RunningClient.with(server.url + "?db=3", configure: { $0.clientName = "tests" }) {
            running async throws in
            #expect(try await running.client.execute(.set("key", "value")).isOK)
            #expect(try await running.client.execute(RedisCommand("CLIENT", ["GETNAME"])).string == "tests")
        }
        try await RunningClient.with(server.url) { running async throws in
            #expect(try await running.client.execute(.get("key")).isNull)
            #expect(try await running.client.execute(RedisCommand("SELECT", [3])).isOK)
        }
    }

    @Test func `Logins by password, by user, and by a user who may only read work`() async throws {
        let app = ["--user", "app", "on", ">s@cret", "~*", "&*", "+@all"]
        let reader = ["--user", "reader", "on", ">r", "~*", "-@all", "+get"]
        let server = try RedisServer(arguments: ["--requirepass", "p w:d/%"] + app + reader)
        try await RunningClient.with(server.url.replacing("redis://", with: "redis://:p%20w%3Ad%2F%25@")) {
            running async throws in
            #expect(try await running.client.execute(RedisCommand("ACL", ["WHOAMI"])).string == "default")
            #expect(try await running.client.execute(.set("key", "value")).isOK)
        }
        try await RunningClient.with(server.url.replacing("redis://", with: "redis://app:s%40cret@") + "/0") {
            running async throws in
            #expect(try await running.client.execute(RedisCommand("ACL", ["WHOAMI"])).string == "app")
        }
        let readerURL = server.url.replacing("redis://", with: "redis://reader:r@")
        try await RunningClient.with(readerURL, configure: { $0.clientName = "me" }) { running async throws in
            #expect(try await running.client.execute(.get("key")).string == "value")
            #expect(try await running.client.execute(.set("key", "x")).error?.code == "NOPERM")
            #expect(running.log.entries(.warning).map(\.message) == ["Redis refuses a command"])
            // Its name, the two questions for the server's identity, and the ping.
            #expect(running.log.entries(.notice).count == 4)
        }
    }

    @Test(arguments: [
        ("redis://:wrong@", "", "the login was refused (WRONGPASS"),
        ("redis://nobody:secret@", "", "the login was refused (WRONGPASS"),
        ("redis://", "", "the server asks for a password and none is configured (NOAUTH"),
        ("redis://:secret@", "/99", "database 99 was refused (ERR DB index"),
    ])
    func `A refused handshake is one warning with the reason, and commands fail at once`(
        login: String,
        database: String,
        reason: String
    ) async throws {
        let server = try RedisServer(arguments: ["--requirepass", "secret"])
        let url = server.url.replacing("redis://", with: login) + database
        try await RunningClient.with(url, isReady: false) { running async throws in
            // Both links fail, and fail again.
            await running.log.wait(for: "A connection to Redis failed", count: 3)
            let warnings = running.log.entries(.warning)
            #expect(warnings.count == 1)
            #expect(warnings[0].reason.contains(reason))
            #expect(!warnings[0].reason.contains("secret"))
            #expect(!running.client.isAvailable)
            #expect(try await running.immediateFailure(.get("key"))?.code == .unavailable)
        }
    }

    @Test func `Commands and bytes that wait are bounded and the rest is refused at once`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(
            server.url,
            loops: 1,
            configure: {
                $0.maximumPendingCommands = 10
                $0.maximumPendingBytes = 1_000_000
            }
        ) { running async throws in
            let (client, loop) = (running.client, running.loops[0])
            // Right after another command: the first one after a second is preceded by the question for the identity, which
            // counts as well.
            let codes = try await client.send(.ping, on: loop).flatMap { _ in
                let commands = (0..<12).map { _ in client.send(.ping, on: loop) }
                return EventLoopFuture.whenAllComplete(commands, on: loop)
            }.get().map { result in
                if case .failure(let error as RedisError) = result { error.code } else { nil as RedisError.Code? }
            }
            #expect(codes == Array(repeating: nil, count: 10) + [.overloaded, .overloaded])
            let value = RedisCommand.Argument.buffer(ByteBuffer(repeating: 1, count: 600_000))
            let second = try await loop.flatSubmit {
                let first = client.send(.set("a", value), on: loop)
                let second = client.send(.set("b", value), on: loop)
                return first.flatMap { _ in second }
            }.map { _ in nil as RedisError.Code? }.flatMapErrorThrowing { ($0 as? RedisError)?.code }.get()
            #expect(second == .overloaded)
            #expect(try await running.send(.set("b", value)).isOK)
            let tooLarge = RedisCommand.set("c", .buffer(ByteBuffer(repeating: 1, count: 1_000_000)))
            #expect(try await running.immediateFailure(tooLarge)?.code == .commandTooLarge)
            #expect(running.count("sheds") == 4)
        }
    }

    @Test func `Shutting down lets commands in flight finish and refuses later ones`() async throws {
        let server = try RedisServer()
        try await RunningClient.with(server.url) { running async throws in
            let (client, loop) = (running.client, running.loops[0])
            let blocked = client.send(RedisCommand("BLPOP", ["list", 0]), on: loop)
            let behind = client.send(RedisCommand("ECHO", ["late"]), on: loop)
            let stopping = Task { try await running.stop() }
            while try await running.immediateFailure(.ping)?.code != .shutDown { await Task.yield() }
            #expect(try server.ask("RPUSH list x") == ":1")
            #expect(try await blocked.get()[1].string == "x")
            #expect(try await behind.get().string == "late")
            try await stopping.value
            #expect(!client.isAvailable)
            #expect(await code { try await client.execute(.ping) } == .shutDown)
            #expect(running.log.entries(.warning).isEmpty)
        }
    }

    @Test func `A service group starts the client and shuts it down gracefully`() async throws {
        let server = try RedisServer()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let log = LogRecorder()
        var configuration = try RedisConfiguration(url: server.url)
        configuration.commandTimeout = .seconds(20)
        let client = try RedisClient(configuration: configuration, eventLoopGroup: group, logger: log.logger)
        let services = ServiceGroup(services: [client], logger: log.logger)
        let running = Task { try await services.run() }
        // Asked before the client is connected, or even runs: waits for the first attempt.
        #expect(try await client.execute(.ping).string == "PONG")
        await services.triggerGracefulShutdown()
        try await running.value
        #expect(await code { try await client.execute(.ping) } == .shutDown)
        await #expect(throws: RedisError.self) { try await client.run() }
        try await group.shutdownGracefully()
    }
}
