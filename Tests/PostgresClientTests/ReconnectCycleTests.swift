import NIOCore
import PostgresClient
import TestServers
import Testing

/// Connections that are lost and made again a thousand times.
@Suite(.timeLimit(.minutes(5))) struct ReconnectCycleTests {
    /// In a process of its own: other tests have descriptors, threads and memory too.
    @Test func aThousandConnectionsThatFailLeaveNothingBehind() async {
        await #expect(processExitsWith: .success) {
            let server = try PostgresServer()
            let cycles = try await ReconnectCycles.measured(to: server.port, longestHalf: 448, ReconnectCycleTests.run)
            let (base, end) = (cycles.base, cycles.end)
            #expect(cycles.accepted > 2_000)
            #expect(end.descriptors <= base.descriptors, "\(base); \(end)")
            #expect(end.threads ?? 0 <= base.threads ?? 0, "\(base); \(end)")
            // A connection of libpq's has buffers of 32 KiB: a leak of each would be 60 MiB. What the allocator keeps in pieces that
            // are too small to be given back is less.
            #expect(end.memory ?? 0 < (base.memory ?? 0) + (16 << 20), "\(base); \(end)")
            server.stop()
        }
    }

    /// Has a pool lose its connections so many times, and closes it.
    private static func run(cycles: Int, _ proxy: FaultProxy) async throws {
        try await withClient(
            "postgres://postgres@127.0.0.1:\(proxy.port)/postgres?sslmode=disable&gssencmode=disable",
            configure: {
                $0.maximumConnections = 4
                $0.minimumReconnectDelay = .milliseconds(1)
                $0.maximumReconnectDelay = .milliseconds(4)
            }
        ) { client async throws in
            for cycle in 0...cycles {
                let wanted = #"[{"a":\#(cycle % 7)}]"#
                while (try? await client.body("SELECT \(cycle % 7) AS a")) != wanted {
                    try await Task.sleep(for: .milliseconds(1))
                }
                guard cycle < cycles else { break }
                let isRefusing = cycle % 10 == 9
                let accepted = proxy.accepted
                if isRefusing { proxy.listen(false) }
                proxy.cut()
                if isRefusing {
                    while proxy.open > 0 { try await Task.sleep(for: .milliseconds(1)) }
                    _ = try? await client.ping(deadline: .now() + .milliseconds(20))
                    proxy.listen(true)
                }
                while proxy.accepted == accepted { _ = try? await client.ping(deadline: .now() + .milliseconds(20)) }
            }
        }
        while proxy.open > 0 { try await Task.sleep(for: .milliseconds(1)) }
    }
}
