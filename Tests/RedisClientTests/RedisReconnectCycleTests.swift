import Logging
import NIOCore
import NIOPosix
import TestServers
import Testing

@testable import RedisClient

/// Connections that are lost and made again a thousand times.
@Suite(.timeLimit(.minutes(5))) struct RedisReconnectCycleTests {
    /// In a process of its own: other tests have descriptors, threads and memory too.
    @Test func `A thousand connections that fail leave nothing behind`() async {
        await #expect(processExitsWith: .success) {
            let server = try RedisServer()
            let cycles = try await ReconnectCycles.measured(
                to: server.port,
                longestHalf: 88,
                RedisReconnectCycleTests.run
            )
            let (base, end) = (cycles.base, cycles.end)
            #expect(cycles.accepted > 2_000)
            #expect(end.descriptors <= base.descriptors, "\(base); \(end)")
            #expect(end.threads ?? 0 <= base.threads ?? 0, "\(base); \(end)")
            // A connection's parser, buffers and channel take 10 KiB and more: a leak of each would be 20 MiB. What the allocator
            // keeps in pieces that are too small to be given back is less, and so is a parser alone, which has a test of its own.
            #expect(end.memory ?? 0 < (base.memory ?? 0) + (16 << 20), "\(base); \(end)")
            server.stop()
        }
    }

    /// Has a client lose its connections so many times, and ends it.
    private static func run(cycles: Int, _ proxy: FaultProxy) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        var configuration = try RedisConfiguration(url: "redis://127.0.0.1:\(proxy.port)")
        configuration.minimumBackoff = .milliseconds(1)
        configuration.maximumBackoff = .milliseconds(4)
        configuration.commandTimeout = .seconds(10)
        configuration.connectTimeout = .seconds(10)
        let client = try RedisClient(
            configuration: configuration,
            eventLoopGroup: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let running = Task { try await client.run() }
        let loops = Array(group.makeIterator())
        for cycle in 0...cycles {
            for loop in loops {
                while (try? await client.send(.ping, on: loop).get().string) != "PONG" {
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
            guard cycle < cycles else { break }
            let isRefusing = cycle % 10 == 9
            let accepted = proxy.accepted
            if isRefusing { proxy.listen(false) }
            proxy.cut()
            if isRefusing {
                while client.isAvailable { try await Task.sleep(for: .milliseconds(1)) }
                proxy.listen(true)
            }
            while proxy.accepted == accepted { try await Task.sleep(for: .milliseconds(1)) }
        }
        #expect(proxy.open == loops.count)
        running.cancel()
        try await running.value
        try await group.shutdownGracefully()
        while proxy.open > 0 { try await Task.sleep(for: .milliseconds(1)) }
    }
}
