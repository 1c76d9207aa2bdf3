import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// Replies to a tracker that its commands never have.
@Suite(.timeLimit(.minutes(2))) struct RedisTrackerReplyTests {
    private static func answer(_ words: [String]) -> String? {
        switch words.prefix(2).joined(separator: " ") {
        case "CLIENT ID": ":7\r\n"
        case "SUBSCRIBE __redis__:invalidate": "*3\r\n$9\r\nsubscribe\r\n$20\r\n__redis__:invalidate\r\n:1\r\n"
        case "CLIENT TRACKING", "CLIENT CACHING": "+OK\r\n"
        case "MGET key": "*1\r\n$5\r\nvalue\r\n"
        default: nil
        }
    }

    /// Runs a tracker of a server that gives other answers to some commands once the handshake is over.
    private func withTracker(
        _ other: @escaping @Sendable ([String], Int) -> String?,
        _ body: (RedisTracker, LogRecorder) async throws -> Void
    ) async throws {
        try await FakeRedisServer.with { request in
            (other(request.words, request.connection) ?? Self.answer(request.words)).map { .send($0) }
        } _: { url async throws in
            let log = LogRecorder()
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            var configuration = try RedisConfiguration(url: url)
            configuration.commandTimeout = .seconds(20)
            let client = try RedisClient(configuration: configuration, eventLoopGroup: group, logger: log.logger)
            let tracker = RedisTracker(of: client, eventLoop: group.next(), logger: log.logger)
            let running = Task { try await tracker.run(.init(invalidated: { _ in }, flushed: {})) }
            let result: Result<Void, any Error>
            do { result = .success(try await body(tracker, log)) } catch { result = .failure(error) }
            running.cancel()
            try await running.value
            try await group.shutdownGracefully()
            try result.get()
        }
    }

    private func waitUntilTracking(_ tracker: RedisTracker) async throws {
        for _ in 0..<3_000 {
            if tracker.isTracking { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("never tracks")
    }

    private func read(_ tracker: RedisTracker) async throws -> String? {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let values = try await tracker.read(["key"], longElements: 1, on: loop).get()
        return values.count == 1 ? values.bytes(at: 0).map { String(buffer: $0) } : nil
    }

    @Test func `A server that answers as it should is tracked`() async throws {
        try await withTracker { _, _ in
            nil
        } _: { tracker, _ async throws in
            try await waitUntilTracking(tracker)
            #expect(try await read(tracker) == "value")
        }
    }

    @Test(arguments: [
        ("CLIENT ID", ["+OK\r\n", "$1\r\n7\r\n", "$-1\r\n", "*0\r\n", "*1\r\n:7\r\n", ":0\r\n", ":-7\r\n"]),
        ("SUBSCRIBE", ["+OK\r\n", ":1\r\n", "*0\r\n", "*1\r\n*0\r\n", "$-1\r\n", "*3\r\n:1\r\n:2\r\n:3\r\n"]),
        ("CLIENT TRACKING", [":1\r\n", "*0\r\n", "$-1\r\n", "$2\r\nOK\r\n", "+QUEUED\r\n"]),
    ])
    func `Nothing is tracked after another reply on the way there`(command: String, replies: [String]) async throws {
        for text in replies {
            try await withTracker { words, _ in
                words.joined(separator: " ").hasPrefix(command) ? text : nil
            } _: { tracker, log async throws in
                await log.wait(for: "Redis does not track reads: the near cache stays empty")
                #expect(!tracker.isTracking, "\(command): \(text)")
            }
        }
    }

    /// The handshake of each connection has a PING, too.
    @Test(arguments: [":1\r\n", "*0\r\n", "$-1\r\n", "+OK\r\n", "*2\r\n*1\r\n:1\r\n:1\r\n", "$4\r\nPONG\r\n"])
    func `A connection that answers PING with something else is not believed`(text: String) async throws {
        for number in 0..<2 {
            let pings = Mutex<[Int: Int]>([:])
            try await withTracker { words, connection in
                guard words == ["PING"], connection % 2 == number else { return nil }
                return pings.withLock { counts in
                    counts[connection, default: 0] += 1
                    return counts[connection] ?? 0 > 1
                } ? text : nil
            } _: { tracker, log async throws in
                await log.wait(for: "Redis does not track reads: the near cache stays empty")
                #expect(!tracker.isTracking)
            }
        }
    }

    @Test(arguments: [":1\r\n", "*0\r\n", "$-1\r\n", "$2\r\nOK\r\n", "-ERR no\r\n"])
    func `What is read is not remembered where the server did not say so`(text: String) async throws {
        try await withTracker { words, _ in
            words == ["CLIENT", "CACHING", "YES"] ? text : nil
        } _: { tracker, _ async throws in
            try await waitUntilTracking(tracker)
            await #expect(throws: (any Error).self) { try await read(tracker) }
        }
    }
}
