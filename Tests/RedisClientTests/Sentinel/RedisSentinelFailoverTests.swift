import NIOCore
import TestServers
import Testing

@testable import RedisClient

/// Locators of real Sentinels.
@Suite(.timeLimit(.minutes(2))) struct RedisSentinelFailoverTests {
    private static func with(
        _ options: RedisSentinels.Options = .init(),
        _ body: (RedisSentinels) async throws -> Void
    ) async throws {
        let sentinels = try await blocking { try RedisSentinels(options) }
        let result: Result<Void, any Error>
        do {
            try await body(sentinels)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await _ = try? blocking { sentinels.stop() }
        try result.get()
    }

    private func ports(_ sentinels: RedisSentinels) -> [Int] { sentinels.sentinels.map(\.clientPort) }

    @Test func `The primary is found, and followed to its successors`() async throws {
        try await Self.with { sentinels in
            try await RunningLocator.with(ports(sentinels)) { locator in
                let first = try await locator.located()
                #expect(first == sentinels.servers[0].port)
                locator.connected(first)
                locator.watch()
                await locator.log.wait(for: "A Sentinel is watched")
                // The former primary is alive and takes itself for one.
                let second = try await blocking { try sentinels.failover().port }
                #expect(second != first)
                await locator.change(to: second)
                try await locator.expect(second, times: 20)
                let third = try await blocking { try sentinels.killPrimary().new.port }
                #expect(third == first)
                await locator.change(to: third)
                try await locator.expect(third)
            }
        }
    }

    @Test func `A dead Sentinel and one that hangs among three do not matter`() async throws {
        try await Self.with { sentinels in
            try await blocking { sentinels.sentinels[0].kill() }
            try await RunningLocator.with(ports(sentinels)) { locator in
                locator.watch()
                let first = try await locator.located()
                locator.connected(first)
                await locator.log.wait(for: "A Sentinel is watched")
                let second = try await blocking { try sentinels.failover().port }
                await locator.change(to: second)
                sentinels.sentinels[1].pause()
                try await locator.expect(second, times: 3)
                sentinels.sentinels[1].resume()
            }
        }
    }

    @Test func `The watch survives the Sentinel that it is of`() async throws {
        try await Self.with { sentinels in
            try await RunningLocator.with(ports(sentinels)) { locator in
                let first = try await locator.located()
                locator.connected(first)
                locator.watch()
                await locator.log.wait(for: "A Sentinel is watched")
                try await blocking { sentinels.sentinels[0].kill() }
                await locator.log.wait(for: "A Sentinel is watched", count: 2)
                let second = try await blocking { try sentinels.failover().port }
                await locator.change(to: second)
            }
        }
    }

    @Test func `The last Sentinel is enough to find the primary`() async throws {
        try await Self.with { sentinels in
            try await blocking { for sentinel in sentinels.sentinels.dropLast() { sentinel.kill() } }
            try await RunningLocator.with(ports(sentinels)) { locator in
                try await locator.expect(sentinels.servers[0].port)
                try await blocking { sentinels.sentinels[2].kill() }
                let failure = try #require(await locator.failure())
                #expect(failure.code == .unavailable)
                #expect(failure.message.hasPrefix("none of 3 Sentinels names the address of the primary 'main': "))
                #expect(failure.message.hasSuffix(": Connection refused"))
            }
        }
    }

    @Test func `A former primary that comes back is not used`() async throws {
        try await Self.with { sentinels in
            try await RunningLocator.with(ports(sentinels)) { locator in
                let first = try await locator.located()
                locator.connected(first)
                locator.watch()
                await locator.log.wait(for: "A Sentinel is watched")
                let (former, new) = try await blocking { try sentinels.killPrimary() }
                await locator.change(to: new.port)
                // It is empty and takes itself for a primary, until a Sentinel reconfigures it.
                try await blocking { try former.restart() }
                let role = try sentinels.ask(former, "INFO", "replication").text
                #expect(role.contains("role:master"))
                try await locator.expect(new.port, times: 20)
                locator.connected(former.port)
                #expect(await locator.nextChange() == new.port)
            }
        }
    }

    @Test func `Servers and Sentinels have passwords`() async throws {
        var options = RedisSentinels.Options()
        options.password = "of-the-servers"
        options.sentinelPassword = "of-the-sentinels"
        try await Self.with(options) { sentinels in
            let credentials = RedisConfiguration.Credentials(password: "of-the-sentinels")
            try await RunningLocator.with(ports(sentinels), credentials: credentials) { locator in
                let first = try await locator.located()
                locator.connected(first)
                locator.watch()
                await locator.log.wait(for: "A Sentinel is watched")
                let second = try await blocking { try sentinels.killPrimary().new.port }
                await locator.change(to: second)
            }
            for credentials in [nil, RedisConfiguration.Credentials(password: "of-the-servers")] {
                try await RunningLocator.with(ports(sentinels), credentials: credentials) { locator in
                    let failure = try #require(await locator.failure())
                    #expect(failure.isRefusal)
                }
            }
        }
    }

    @Test func `A user of the Sentinels needs the documented rights and no more`() async throws {
        try await Self.with { sentinels in
            for sentinel in sentinels.sentinels {
                try sentinels.ask(
                    sentinel,
                    "ACL",
                    "SETUSER",
                    "watcher",
                    "on",
                    ">secret",
                    "resetchannels",
                    "&+switch-master",
                    "+sentinel|get-master-addr-by-name",
                    "+sentinel|master",
                    "+subscribe",
                    "+ping"
                )
            }
            let credentials = RedisConfiguration.Credentials(username: "watcher", password: "secret")
            try await RunningLocator.with(ports(sentinels), credentials: credentials) { locator in
                let first = try await locator.located()
                locator.connected(first)
                locator.watch()
                await locator.log.wait(for: "A Sentinel is watched")
                let second = try await blocking { try sentinels.failover().port }
                await locator.change(to: second)
            }
        }
    }

    @Test func `A name that Sentinels do not know is in the error`() async throws {
        try await Self.with { sentinels in
            try await RunningLocator.with(ports(sentinels), name: "unheard-of") { locator in
                let failure = try #require(await locator.failure())
                #expect(failure.message.contains("the primary 'unheard-of'"))
                #expect(failure.message.hasSuffix("no primary of this name is known"))
            }
        }
    }
}
