import Logging
import NIOCore
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// Locators of Sentinels that misbehave.
@Suite(.timeLimit(.minutes(1))) struct RedisSentinelLocatorTests {
    @Test func `The primary is asked for by its name, without a login and a database`() async throws {
        let words = Mutex<[[String]]>([])
        let naming = FakeSentinel.naming(6_001)
        try await FakeSentinel.with([
            { request in
                words.withLock { $0.append(request.words) }
                return naming(request)
            }
        ]) { ports in
            try await RunningLocator.with(ports) { locator in try await locator.expect(6_001) }
        }
        let all = words.withLock { $0 }
        let address = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main"]
        #expect(all.suffix(3) == [address, ["SENTINEL", "MASTER", "main"], address])
        #expect(!all.contains { ["AUTH", "SELECT"].contains($0[0]) })
    }

    @Test func `Sentinels have a login of their own`() async throws {
        let words = Mutex<[[String]]>([])
        let naming = FakeSentinel.naming(6_001)
        try await FakeSentinel.with([
            { request in
                words.withLock { $0.append(request.words) }
                return request.words[0] == "AUTH" ? .send("+OK\r\n") : naming(request)
            }
        ]) { ports in
            let credentials = RedisConfiguration.Credentials(username: "watcher", password: "secret")
            try await RunningLocator.with(ports, credentials: credentials) { locator in
                try await locator.expect(6_001)
            }
        }
        #expect(words.withLock { $0 }.first == ["AUTH", "watcher", "secret"])
    }

    @Test func `A stale Sentinel does not lead back to a server that can't be used`() async throws {
        try await FakeSentinel.with([
            FakeSentinel.naming(6_001), FakeSentinel.naming(6_001), FakeSentinel.naming(6_002, epoch: 1),
        ]) { ports in
            try await RunningLocator.with(ports) { locator in
                locator.failed(6_001)
                try await locator.expect(6_002, times: 20)
                locator.failed(6_002, epoch: 1)
                // It is the primary, whatever becomes of it.
                try await locator.expect(6_002)
                locator.connected(6_002, epoch: 1)
                try await locator.expect(6_002)
            }
        }
    }

    @Test func `A server has the number of the configuration in which it is the primary`() async throws {
        try await FakeSentinel.with([
            FakeSentinel.naming(6_001, epoch: 4), FakeSentinel.naming(6_001, epoch: 6), FakeSentinel.naming(6_001),
        ]) { ports in
            try await RunningLocator.with(ports) { locator in
                for _ in 0..<20 {
                    let location = try await locator.location()
                    #expect([4, 6].contains(location.configEpoch))
                }
                locator.watch()
                locator.connected(6_001, epoch: 4)
                #expect(await locator.nextLocation() == RunningLocator.location(6_001, 6))
                #expect(try await locator.location() == RunningLocator.location(6_001, 6))
            }
        }
    }

    @Test(arguments: [
        FakeRedisServer.Answer.nothing, .close, .send("!garbage\r\n"), .send("*-1\r\n"), .send("+OK\r\n"),
        .send("-IDONTKNOW I have not enough information to reply.\r\n"), .send("*2\r\n$1\r\na\r\n$1\r\n0\r\n"),
    ])
    func `One Sentinel that knows is enough`(_ answer: FakeRedisServer.Answer) async throws {
        try await FakeSentinel.with([
            FakeSentinel.replying(answer), FakeSentinel.naming(6_001), FakeSentinel.replying(answer),
        ]) { ports in
            try await RunningLocator.with(ports) { locator in
                try await locator.expect(6_001, times: 3)
            }
        }
    }

    @Test func `An error says why no Sentinel names the primary`() async throws {
        try await FakeSentinel.with([
            FakeSentinel.replying(.nothing), FakeSentinel.replying(.close),
            FakeSentinel.replying(.send("!garbage\r\n")),
            FakeSentinel.replying(.send("*-1\r\n")),
        ]) { ports in
            let closed = try ServerProcess.freePort()
            try await RunningLocator.with(ports + [closed]) { locator in
                let failure = try #require(await locator.failure())
                #expect(failure.code == .unavailable)
                let reasons = [
                    "no reply within 500 ms", "the server closed the connection", "",
                    "no primary of this name is known",
                    "Connection refused",
                ]
                #expect(failure.message.hasPrefix("none of 5 Sentinels names the address of the primary 'main': "))
                for (port, reason) in zip(ports + [closed], reasons) {
                    #expect(failure.message.contains("127.0.0.1:\(port): \(reason)"))
                }
            }
        }
    }

    @Test func `A name that no Sentinel knows is in the error`() async throws {
        try await FakeSentinel.with([
            FakeSentinel.replying(.send("*-1\r\n")), FakeSentinel.replying(.send("$-1\r\n")),
        ]) { ports in
            try await RunningLocator.with(ports, name: "unheard-of") { locator in
                let failure = try #require(await locator.failure())
                #expect(
                    failure.message == "none of 2 Sentinels names the address of the primary 'unheard-of': "
                        + "127.0.0.1:\(ports[0]), 127.0.0.1:\(ports[1]): no primary of this name is known"
                )
            }
        }
    }

    @Test func `A login that is demanded is a refusal`() async throws {
        let demanding: FakeSentinel.Reply = { _ in .send("-NOAUTH Authentication required.\r\n") }
        try await FakeSentinel.with([demanding, demanding]) { ports in
            try await RunningLocator.with(ports) { locator in
                let failure = try #require(await locator.failure())
                #expect(failure.isRefusal)
                #expect(failure.message.contains("; Sentinels have a login of their own"))
            }
        }
    }

    @Test func `Those who ask at the same time share the questions`() async throws {
        let questions = Mutex(0)
        let naming = FakeSentinel.naming(6_001)
        try await FakeSentinel.with([
            { request in
                if request.words.contains("MASTER") { questions.withLock { $0 += 1 } }
                return naming(request)
            }
        ]) { ports in
            try await RunningLocator.with(ports) { locator in
                // In one tick of the event loop, so that no reply comes between.
                let (target, eventLoop) = (locator.locator, locator.eventLoop)
                let all = try await eventLoop.flatSubmit {
                    EventLoopFuture.whenAllSucceed((1...10).map { _ in target.locate(on: eventLoop) }, on: eventLoop)
                }.get()
                #expect(all == [RedisServerLocation](repeating: RunningLocator.location(6_001, 0), count: 10))
                #expect(questions.withLock { $0 } == 1)
            }
        }
    }

    @Test func `Who waits when the locator is stopped gets an error, as do all later ones`() async throws {
        try await FakeSentinel.with([FakeSentinel.replying(.nothing)]) { ports in
            try await RunningLocator.with(ports) { locator in
                locator.watch()
                let waiting = locator.locator.locate(on: locator.eventLoop)
                await locator.locator.stop()
                await #expect(throws: RedisError.self) { _ = try await waiting.get() }
                #expect(await locator.failure()?.code == .shutDown)
            }
        }
    }

    // MARK: The watch

    @Test func `An announcement is passed on, and those of other primaries are not`() async throws {
        let texts = [
            "other 127.0.0.1 6001 127.0.0.1 6003", "main 127.0.0.1 6001", "main 127.0.0.1 6001 127.0.0.1 6002",
        ]
        try await FakeSentinel.with([FakeSentinel.replacing(6_001, by: 6_002, announcing: texts)]) { ports in
            try await RunningLocator.with(ports) { locator in
                try await locator.expect(6_001)
                locator.watch()
                #expect(await locator.nextLocation() == RunningLocator.location(6_002, 1))
                try await locator.expect(6_002)
                // Who has connected to the former primary is told again.
                locator.connected(6_001)
                #expect(await locator.nextLocation() == RunningLocator.location(6_002, 1))
            }
        }
    }

    @Test func `An announced successor that no Sentinel names is an error`() async throws {
        let naming = FakeSentinel.naming(6_001)
        let isReplaced = Mutex(false)
        let (left, continuation) = AsyncStream<RedisServerLocation?>.makeStream()
        try await FakeSentinel.with([
            { request in
                if request.words[0] == "SENTINEL", isReplaced.withLock({ $0 }) { return .close }
                guard request.words[0] == "SUBSCRIBE" else { return naming(request) }
                isReplaced.withLock { $0 = true }
                let announcement = FakeSentinel.announcement("main 127.0.0.1 6001 127.0.0.1 6002")
                return .send(FakeSentinel.subscribed + announcement)
            },
            naming,
        ]) { ports in
            try await RunningLocator.with(ports) { locator in
                try await locator.expect(6_001)
                locator.locator.watch { continuation.yield($0) }
                var iterator = left.makeAsyncIterator()
                let first = await iterator.next()
                #expect(first == .some(nil))
                let failure = try #require(await locator.failure())
                #expect(failure.message.hasPrefix("none of 2 Sentinels names the successor of the primary 'main': "))
                #expect(failure.message.hasSuffix("127.0.0.1:\(ports[1]): it is 127.0.0.1:6001"))
            }
        }
    }

    @Test func `A Sentinel's user who may not ask for the configuration is a refusal`() async throws {
        let naming = FakeSentinel.naming(6_001)
        let refusing: FakeSentinel.Reply = { request in
            guard request.words.contains("MASTER") else { return naming(request) }
            return .send("-NOPERM User watcher has no permissions to run the 'sentinel|master' command\r\n")
        }
        try await FakeSentinel.with([refusing, refusing]) { ports in
            try await RunningLocator.with(ports) { locator in
                let failure = try #require(await locator.failure())
                #expect(failure.isRefusal)
                #expect(failure.message.contains("'sentinel|master'"))
            }
        }
    }

    @Test func `A change that was missed is noticed with the next subscription`() async throws {
        try await FakeSentinel.with([
            FakeSentinel.replacing(6_001, by: 6_002, announcing: [])
        ]) { ports in
            try await RunningLocator.with(ports) { locator in
                try await locator.expect(6_001)
                locator.connected(6_001)
                locator.watch()
                #expect(await locator.nextChange() == 6_002)
            }
        }
    }

    @Test(arguments: [
        FakeRedisServer.Answer.close, .send("-ERR unknown command 'SUBSCRIBE'\r\n"), .send("!garbage\r\n"),
        .send("+OK\r\n"),
        .nothing,
    ])
    func `Another Sentinel is watched if one can't be`(_ answer: FakeRedisServer.Answer) async throws {
        let naming = FakeSentinel.naming(6_001)
        let odd: FakeSentinel.Reply = { $0.words[0] == "SUBSCRIBE" ? answer : naming($0) }
        let announcing = FakeSentinel.replacing(6_001, by: 6_002)
        try await FakeSentinel.with([odd, odd, announcing]) { ports in
            try await RunningLocator.with(ports) { locator in
                try await locator.expect(6_001)
                locator.watch()
                #expect(await locator.nextChange() == 6_002)
            }
        }
    }

    @Test func `A Sentinel that no longer replies to pings is left`() async throws {
        let naming = FakeSentinel.naming(6_001)
        // The ping of the handshake comes before the subscription.
        let subscribed = Mutex(false)
        let mute: FakeSentinel.Reply = { request in
            if request.words[0] == "SUBSCRIBE" { subscribed.withLock { $0 = true } }
            if request.words[0] == "PING", subscribed.withLock({ $0 }) { return .nothing }
            return naming(request)
        }
        let announcing = FakeSentinel.replacing(6_001, by: 6_002)
        try await FakeSentinel.with([mute, announcing]) { ports in
            try await RunningLocator.with(ports) { locator in
                try await locator.expect(6_001)
                locator.watch()
                #expect(await locator.nextChange() == 6_002)
            }
        }
    }

    @Test func `One warning says that no Sentinel can be watched`() async throws {
        let isSound = Mutex(false)
        let naming = FakeSentinel.naming(6_001)
        try await FakeSentinel.with([{ request in isSound.withLock { $0 } ? naming(request) : .close }]) { ports in
            try await RunningLocator.with(ports) { locator in
                locator.watch()
                let warning =
                    "No Sentinel can be watched: a new primary is noticed only when connections to the old one break"
                await locator.log.wait(for: warning)
                await locator.log.wait(for: "A Sentinel is no longer watched", count: 4)
                #expect(locator.log.entries(.warning).map(\.message) == [warning])
                isSound.withLock { $0 = true }
                await locator.log.wait(for: "A Sentinel is watched again")
                #expect(locator.log.entries(.notice).map(\.message) == ["A Sentinel is watched again"])
            }
        }
    }
}
