import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// What a tracker has told, in order.
private final class Told: Sendable {
    private let kept = Mutex<[String]>([])

    var events: [String] { kept.withLock { $0 } }
    func add(_ event: String) { kept.withLock { $0.append(event) } }
    func clear() { kept.withLock { $0 = [] } }

    var delegate: RedisTracker.Delegate {
        RedisTracker.Delegate(
            invalidated: { keys in for key in keys { self.add(String(decoding: key, as: UTF8.self)) } },
            flushed: { self.add("flushed") }
        )
    }
}

@Suite(.serialized) struct RedisTrackerTests {
    private let told = Told()
    private let log = LogRecorder()

    /// - Parameter timeout: after which a server that does not answer is given up.
    private func withTracker(
        _ url: String,
        timeout: Duration = .seconds(20),
        isTracking: Bool = true,
        maximumReplySize: Int? = nil,
        _ body: (RedisTracker) async throws -> Void
    ) async throws {
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = timeout
        if let maximumReplySize { configuration.maximumReplySize = maximumReplySize }
        configuration.maximumBackoff = .milliseconds(100)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let client = try RedisClient(configuration: configuration, eventLoopGroup: group, logger: log.logger)
        let tracker = RedisTracker(
            of: client,
            eventLoop: group.next(),
            logger: log.logger,
            refusalPause: .milliseconds(500)
        )
        let running = Task { [told] in try await tracker.run(told.delegate) }
        do {
            if isTracking { try await poll("tracking") { tracker.isTracking } }
            try await body(tracker)
        } catch {
            running.cancel()
            try? await group.shutdownGracefully()
            throw error
        }
        running.cancel()
        try await running.value
        try await group.shutdownGracefully()
        #expect(!tracker.isTracking)
    }

    private func poll(_ what: String, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<3000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("waited for \(what) in vain; told: \(told.events)")
    }

    private func read(_ tracker: RedisTracker, _ keys: String...) async throws -> [String?] {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let values = try await tracker.read(keys.map { .string($0) }, longElements: 1, on: loop).get()
        return (0..<values.count).map { values.bytes(at: $0).map { String(buffer: $0) } }
    }

    private func cli(_ server: RedisServer, _ arguments: String...) async throws -> String {
        try await blocking { try server.cli(arguments) }
    }

    @Test func `A value that is too long is no fault of the others`() async throws {
        let server = try RedisServer()
        defer { server.stop() }
        _ = try await cli(server, "set", "small", "value")
        _ = try await cli(server, "setrange", "big", "20000", "x")
        try await withTracker(server.url, maximumReplySize: 10_000) { tracker in
            let loop = MultiThreadedEventLoopGroup.singleton.any()
            // The reads wait for their replies together.
            server.pause()
            let reads = ["big", "small", "small"].map { tracker.read([.string($0)], longElements: 1, on: loop) }
            server.resume()
            let errors = try await EventLoopFuture.whenAllComplete(reads, on: loop).get().map { result in
                if case .failure(let error as RedisError) = result { error.code } else { nil as RedisError.Code? }
            }
            #expect(errors == [.replyTooLarge, .connectionLost, .connectionLost])
        }
    }

    @Test func whatWasReadIsToldWhenItChanges() async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        _ = try await cli(server, "MSET", "a", "1", "b", "2", "c", "3")
        try await withTracker(server.url) { tracker in
            #expect(try await read(tracker, "a", "absent") == ["1", nil])
            _ = try await cli(server, "SET", "a", "2")
            try await poll("the change") { told.events == ["a"] }
            // It was told once, and nobody has read it since.
            _ = try await cli(server, "SET", "a", "3")
            _ = try await cli(server, "SET", "b", "3")
            _ = try await cli(server, "SET", "absent", "x")
            try await poll("what was not there") { told.events == ["a", "absent"] }
            #expect(try await read(tracker, "a", "c") == ["3", "3"])
            _ = try await cli(server, "UNLINK", "c")
            _ = try await cli(server, "SET", "short", "x", "PX", "3000")
            #expect(try await read(tracker, "short", "b") == ["x", "3"])
            try await poll("the end of a life") { Set(told.events.dropFirst(2)) == ["short", "c"] }
            told.clear()
            #expect(try await read(tracker, "a", "short") == ["3", nil])
            _ = try await cli(server, "FLUSHALL")
            try await poll("the flush") { told.events == ["flushed"] }
        }
    }

    @Test func manyKeysAreToldOfOneChange() async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        try await withTracker(server.url) { tracker in
            let keys = (0..<5000).map { "key-\($0)" }
            let loop = MultiThreadedEventLoopGroup.singleton.any()
            _ = try await tracker.read(keys.map { .string($0) }, longElements: 1, on: loop).get()
            _ = try await blocking { try server.cli(["MSET"] + keys.flatMap { [$0, "x"] }) }
            try await poll("all of them") { Set(told.events) == Set(keys) }
        }
    }

    @Test(arguments: ["normal", "pubsub"]) func theLossOfEitherConnectionIsAFlush(kind: String) async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        _ = try await cli(server, "SET", "a", "1")
        try await withTracker(server.url) { tracker in
            #expect(try await read(tracker, "a") == ["1"])
            _ = try await cli(server, "CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
            try await poll("the flush") { told.events.contains("flushed") }
            _ = try await cli(server, "SET", "a", "2")
            try await poll("tracking again") { tracker.isTracking }
            told.clear()
            #expect(try await read(tracker, "a") == ["2"])
            _ = try await cli(server, "SET", "a", "3")
            try await poll("the change") { told.events == ["a"] }
        }
    }

    @Test func aReadThatFailsIsToldAfterTheFlush() async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        try await withTracker(server.url) { tracker in
            _ = try await cli(server, "CLIENT", "PAUSE", "10000", "ALL")
            let loop = MultiThreadedEventLoopGroup.singleton.any()
            let reply = tracker.read(["a"], longElements: 1, on: loop)
            reply.whenComplete { [told] result in
                if case .failure = result { told.add("failed") }
            }
            try await blocking { server.kill() }
            try await poll("the failure") { told.events.contains("failed") }
            #expect(told.events.starts(with: ["flushed", "failed"]))
            #expect(!tracker.isTracking)
        }
    }

    @Test func aServerThatHangsIsNotTrusted() async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        try await withTracker(server.url) { tracker in
            try await blocking { server.pause() }
            // By the clock, long before the connections are given up.
            try await poll("the end of trust") { !tracker.isTracking }
            #expect(told.events == [])
            try await blocking { server.resume() }
            try await poll("tracking again") { tracker.isTracking }
            #expect(told.events == [], "nothing was lost")
        }
        told.clear()
        try await withTracker(server.url, timeout: .milliseconds(300)) { tracker in
            try await blocking { server.pause() }
            try await poll("the flush") { told.events.contains("flushed") }
            try await blocking { server.resume() }
            try await poll("tracking again") { tracker.isTracking }
        }
    }

    @Test func aRestartIsAFlush() async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        try await withTracker(server.url) { tracker in
            _ = try await read(tracker, "a")
            try await blocking { try server.restart() }
            try await poll("the flush") { told.events.contains("flushed") }
            try await poll("tracking again") { tracker.isTracking }
            _ = try await read(tracker, "a")
        }
    }

    @Test func aServerThatRefusesToTrackIsWorthOneWarning() async throws {
        let server = try await blocking { try RedisServer() }
        defer { server.stop() }
        _ = try await cli(server, "ACL", "SETUSER", "default", "-client|tracking")
        try await withTracker(server.url, isTracking: false) { tracker in
            try await poll("the warning") { log.entries(.warning).contains { $0.message.contains("near cache") } }
            await #expect(throws: (any Error).self) { try await read(tracker, "a") }
            #expect(!tracker.isTracking)
            _ = try await cli(server, "ACL", "SETUSER", "default", "+client|tracking")
            try await poll("tracking") { tracker.isTracking }
            #expect(log.entries(.warning).filter { $0.message.contains("near cache") }.count == 1)
        }
    }

    @Test func trustEndsASecondAfterWhatWasAnsweredHadBeenAsked() {
        let now = Mutex(NIODeadline.uptimeNanoseconds(5_000_000_000))
        let trust = RedisTrackingLease { now.withLock { $0 } }
        #expect(!trust.isGiven)
        trust.extend(from: .uptimeNanoseconds(4_500_000_000))
        #expect(trust.isGiven)
        now.withLock { $0 = .uptimeNanoseconds(5_499_999_999) }
        #expect(trust.isGiven)
        now.withLock { $0 = .uptimeNanoseconds(5_500_000_000) }
        #expect(!trust.isGiven)
        trust.extend(from: .uptimeNanoseconds(5_400_000_000))
        trust.withdraw()
        #expect(!trust.isGiven)
    }
}
