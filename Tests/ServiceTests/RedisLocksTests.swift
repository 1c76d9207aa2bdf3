import Logging
import NIOCore
import NIOPosix
import RedisClient
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesRedis

/// Locks through a client of their own, and the event loop to ask on.
private struct Process: Sendable {
    let locks: RedisLocks
    let eventLoop: any EventLoop

    func acquire(_ name: [UInt8], _ owner: String, life: Int64 = 600_000) async -> LockResult {
        await locks.acquire(name, owner: owner, life: life, on: eventLoop)
    }

    /// Replies come in the order of the commands, so what is asked next is asked after the lock was given back.
    func release(_ name: [UInt8], _ owner: String) { locks.release(name, owner: owner, on: eventLoop) }

    func remainingLife(_ name: [UInt8]) async -> Int64? { await locks.remainingLife(of: name, on: eventLoop) }
}

/// A client of Redis that runs while `body` does.
private func withProcess(
    _ configuration: RedisConfiguration,
    _ logger: Logger,
    _ body: (Process) async throws -> Void
) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let client = try RedisClient(configuration: configuration, eventLoopGroup: group, logger: logger)
    let running = Task { try await client.run() }
    let result: Result<Void, any Error>
    do {
        try await poll("a connection") { client.isAvailable }
        let eventLoop = group.next()
        let foreign = ForeignRedisValueReporter(logger: logger, now: { eventLoop.now })
        let locks = RedisLocks(client: client, foreign: foreign, logger: logger)
        try await body(Process(locks: locks, eventLoop: eventLoop))
        result = .success(())
    } catch {
        result = .failure(error)
    }
    running.cancel()
    try await running.value
    try await group.shutdownGracefully()
    try result.get()
}

/// Two clients of one Redis that run while `body` does, as two processes would have them.
private func withProcesses(
    _ url: String,
    commandTimeout: Duration = .seconds(20),
    logger: Logger = Logger(label: "locks") { _ in SwiftLogNoOpLogHandler() },
    _ body: (Process, Process) async throws -> Void
) async throws {
    var configuration = try RedisConfiguration(url: url)
    configuration.commandTimeout = commandTimeout
    configuration.maximumBackoff = .milliseconds(100)
    try await withProcess(configuration, logger) { first in
        try await withProcess(configuration, logger) { second in try await body(first, second) }
    }
}

@Suite("Locks in Redis", .timeLimit(.minutes(2)))
struct RedisLocksTests {
    private let name = Array("test:lock".utf8)

    @Test("one of fifty who ask at once, through two clients, gets the lock")
    func race() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withProcesses(redis.url) { first, second async throws in
            let results = await withTaskGroup(of: (String, LockResult).self) { group in
                for number in 0..<50 {
                    let (process, owner) = (number % 2 == 0 ? first : second, "owner \(number)")
                    group.addTask { (owner, await process.acquire(name, owner)) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let winners = results.filter { $0.1 == .acquired }
            #expect(winners.count == 1)
            #expect(results.count { $0.1 == .held } == 49)
            #expect(try redis.cli("GET", "test:lock") == winners.first?.0)
        }
    }

    @Test("only its owner gives a lock back, which is then free for others")
    func release() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withProcesses(redis.url) { first, second async throws in
            #expect(await first.acquire(name, "a") == .acquired)
            #expect(await first.acquire(name, "a") == .held)
            first.release(name, "b")
            second.release(name, "c")
            #expect(await first.acquire(name, "b") == .held)
            #expect(await second.acquire(name, "c") == .held)
            first.release(name, "a")
            #expect(await first.remainingLife(name) == 0)
            #expect(await second.acquire(name, "c") == .acquired)
            // Giving back what nobody has does nothing.
            first.release(Array("none".utf8), "a")
            #expect(await first.acquire(name, "a") == .held)
        }
    }

    @Test("a lock runs out at the end of its life, and who lost it so leaves the next owner's alone")
    func life() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withProcesses(redis.url) { first, second async throws in
            #expect(await first.remainingLife(name) == 0)
            #expect(await first.acquire(name, "a") == .acquired)
            let life = try #require(await second.remainingLife(name))
            #expect((1...600_000).contains(life))
            first.release(name, "a")
            for life: Int64 in [20, 1, 0, -5] {
                #expect(await first.acquire(name, "short", life: life) == .acquired)
                try await poll("the lock's end") { await first.remainingLife(name) == 0 }
            }
            #expect(await first.acquire(name, "a", life: 20) == .acquired)
            try await poll("the lock") { await second.acquire(name, "b") == .acquired }
            first.release(name, "a")
            #expect(await first.acquire(name, "c") == .held)
            #expect(try redis.cli("GET", "test:lock") == "b")
            second.release(name, "b")
            #expect(await second.acquire(name, "c") == .acquired)
        }
    }

    @Test("names and owners of any bytes are told apart")
    func names() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withProcesses(redis.url) { first, second async throws in
            let names = [[]] + (UInt8.min...UInt8.max).map { [$0] } + [[0, 0], Array(UInt8.min...UInt8.max)]
            let owner = "' \"\\ \r\n\0 §"
            for name in names { #expect(await first.acquire(name, owner) == .acquired) }
            for name in names { #expect(await second.acquire(name, owner) == .held) }
            for name in names { second.release(name, owner + "\0") }
            for name in names { #expect(await second.acquire(name, owner) == .held) }
            for name in names.dropFirst() { first.release(name, owner) }
            #expect(await first.remainingLife([]).map { $0 > 0 } == true)
            #expect(try redis.cli("DBSIZE") == "1")
            for name in names.dropFirst() { #expect(await second.acquire(name, owner) == .acquired) }
        }
    }

    @Test(
        "what others keep under the name for ever is no lock: it is replaced, whatever it is",
        arguments: [
            ["SET", "test:lock", "a"], ["SET", "test:lock", ""], ["SETRANGE", "test:lock", "100000000", "x"],
            ["RPUSH", "test:lock", "a"], ["HSET", "test:lock", "a", "b"], ["SADD", "test:lock", "a"],
            ["ZADD", "test:lock", "1", "a"], ["XADD", "test:lock", "*", "a", "b"],
        ]
    )
    func foreign(command: [String]) async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        let log = LogRecorder()
        try await withProcesses(redis.url, logger: log.logger) { first, second async throws in
            _ = try redis.cli(command)
            #expect(await first.remainingLife(name) == 0)
            #expect(await first.acquire(name, "a") == .acquired)
            #expect(await second.acquire(name, "b") == .held)
            #expect(try redis.cli("GET", "test:lock") == "a")
            #expect(log.lines.filter { $0.hasPrefix("warning ") && $0.contains("test:lock") }.count == 1)
        }
    }

    @Test("a lock of another type that runs out by itself is waited for")
    func foreignWithLife() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withProcesses(redis.url) { first, _ async throws in
            #expect(try redis.cli("RPUSH", "test:lock", "a") == "1")
            #expect(try redis.cli("PEXPIRE", "test:lock", "600000") == "1")
            #expect(await first.acquire(name, "a") == .held)
            #expect(await first.remainingLife(name).map { $0 > 0 } == true)
        }
    }

    @Test("Redis paused: away, and a lock that is there when it goes on")
    func paused() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        let log = LogRecorder()
        try await withProcesses(redis.url, commandTimeout: .milliseconds(100), logger: log.logger) {
            first,
            second async throws in
            #expect(try redis.cli("SET", "test:lock", "a", "PX", "600000") == "OK")
            try await poll("the first client") { await first.remainingLife(name) != nil }
            try await poll("the second client") { await second.remainingLife(name) != nil }
            redis.pause()
            #expect(await first.acquire(name, "b") == .unavailable)
            #expect(await first.remainingLife(name) == nil)
            #expect(await second.acquire(name, "b") == .unavailable)
            // The connection is closed by now, so this is not even sent.
            second.release(name, "a")
            try await poll("the failed release") { log.lines.contains { $0.contains("A lock was not released") } }
            redis.resume()
            try await poll("Redis") { await first.remainingLife(name).map { $0 > 0 } == true }
            #expect(try redis.cli("GET", "test:lock") == "a")
        }
    }

    @Test("Redis killed: away, and a lock once it is back")
    func killed() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withProcesses(redis.url) { first, second async throws in
            redis.kill()
            for _ in 0..<100 {
                #expect(await first.acquire(name, "a") == .unavailable)
                #expect(await second.remainingLife(name) == nil)
                first.release(name, "a")
            }
            try redis.restart()
            try await poll("a lock") { await first.acquire(name, "a") == .acquired }
        }
    }

    @Test("Redis out of memory: away for a new lock, while an old one can be given back")
    func outOfMemory() async throws {
        let redis = try RedisServer(arguments: ["--maxmemory-policy", "noeviction"])
        defer { redis.stop() }
        try await withProcesses(redis.url) { first, second async throws in
            #expect(await first.acquire(name, "a") == .acquired)
            #expect(try redis.cli("CONFIG", "SET", "maxmemory", "1") == "OK")
            #expect(await second.acquire(Array("other".utf8), "a") == .unavailable)
            first.release(name, "a")
            #expect(await first.remainingLife(name) == 0)
            #expect(try redis.cli("DBSIZE") == "0")
        }
    }

    @Test("a Redis that became a replica: away")
    func readOnly() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withProcesses(redis.url) { first, _ async throws in
            #expect(await first.acquire(name, "a") == .acquired)
            let nobody = try ServerProcess.freePort()
            #expect(try redis.cli("REPLICAOF", "127.0.0.1", "\(nobody)") == "OK")
            #expect(await first.acquire(Array("other".utf8), "a") == .unavailable)
        }
    }

    @Test("a user who may not use locks: away, and one warning for all releases")
    func notPermitted() async throws {
        let redis = try RedisServer(arguments: ["--user", "reader", "on", ">r", "~*", "-@all", "+get"])
        defer { redis.stop() }
        let log = LogRecorder()
        let url = redis.url.replacing("redis://", with: "redis://reader:r@")
        try await withProcesses(url, logger: log.logger) { first, _ async throws in
            #expect(await first.acquire(name, "a") == .unavailable)
            #expect(await first.remainingLife(name) == nil)
            for _ in 0..<2 {
                first.release(name, "a")
                #expect(await first.remainingLife(name) == nil)
            }
            let lines = log.lines.filter { $0.contains("A lock was not released") && $0.contains("NOPERM") }
            #expect(lines.map { $0.prefix { $0 != " " } } == ["debug", "debug"])
            let warnings = log.lines.filter { $0.hasPrefix("warning") }
            for command in ["SET", "PTTL", "EVAL"] {
                #expect(warnings.count { $0.contains("redis.command=\(command) ") } == 1)
            }
            #expect(warnings.count == 3)
        }
    }
}
