import Logging
import NIOCore
import NIOPosix
import TestServers
import Testing

@testable import RedisClient

/// A client that runs while a test's body does, with the log it wrote and the counters it kept.
struct RunningClient: Sendable {
    let client: RedisClient
    let loops: [any EventLoop]
    let log: LogRecorder
    let metrics: CounterRecorder
    /// Ends the client's `run()`.
    let stop: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - loops: on how many event loops the client has connections.
    ///   - isReady: whether to wait for all connections first.
    static func with(
        _ url: String,
        loops count: Int = 2,
        isReady: Bool = true,
        configure: (inout RedisConfiguration) -> Void = { _ in },
        _ body: (RunningClient) async throws -> Void
    ) async throws {
        var configuration = try RedisConfiguration(url: url)
        // Far more than any command needs, so that a busy machine fails no test; tests of deadlines set their own.
        configuration.commandTimeout = .seconds(20)
        configuration.connectTimeout = .seconds(20)
        configuration.maximumBackoff = .milliseconds(100)
        configure(&configuration)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let (log, metrics) = (LogRecorder(), CounterRecorder())
        let client = try RedisClient(
            configuration: configuration,
            eventLoopGroup: group,
            logger: log.logger,
            metrics: RedisMetrics(factory: metrics),
            random: { 0.5 }
        )
        let running = Task { try await client.run() }
        let stop: @Sendable () async throws -> Void = {
            running.cancel()
            try await running.value
        }
        let result: Result<Void, any Error>
        do {
            if isReady { await log.wait(for: "A connection to Redis is ready", count: count) }
            let loops = Array(group.makeIterator())
            try await body(RunningClient(client: client, loops: loops, log: log, metrics: metrics, stop: stop))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await stop()
        try await group.shutdownGracefully()
        try result.get()
    }

    func send(_ command: RedisCommand, on loop: Int = 0) async throws -> RedisReply {
        try await client.send(command, on: loops[loop]).get()
    }

    /// The error a command fails with before `send` returns, that is without any waiting; `nil` if it does not.
    func immediateFailure(_ command: RedisCommand, on loop: Int = 0) async throws -> RedisError? {
        let (client, eventLoop) = (client, loops[loop])
        return try await eventLoop.submit {
            var failure: RedisError?
            client.send(command, on: eventLoop).assumeIsolated().whenFailure { failure = $0 as? RedisError }
            return failure
        }.get()
    }

    func count(_ name: String) -> Int64 {
        metrics.value("redis_client_\(name)_total")
    }
}

/// The error code a future or call fails with.
func code(_ body: () async throws -> RedisReply) async -> RedisError.Code? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? RedisError)?.code
    }
}
