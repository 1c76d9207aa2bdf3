import Foundation
import TestServers

/// One server, with a proxy for each process.
struct SingleRedis: RedisUnderTest {
    let server: RedisServer
    private let proxies: [RedisProxy]
    private let hasSnapshots: Bool
    private let tls: TestTLS?

    init(_ options: Options) async throws {
        // Often enough for a kill to find one.
        var arguments = options.hasSnapshots ? ["--save", "1 1"] : []
        if let memory = options.redisMemory {
            arguments += ["--maxmemory", memory, "--maxmemory-policy", "allkeys-lru", "--notify-keyspace-events", "Ee"]
        }
        let (all, hasTLS) = (arguments, options.hasTLS)
        let port: Int
        (server, tls, port) = try await blocking {
            let tls = hasTLS ? try TestTLS() : nil
            let tlsPort = hasTLS ? try ServerProcess.lastingFreePort() : 0
            let server = try RedisServer(arguments: all + (tls?.arguments(port: tlsPort) ?? []))
            return (server, tls, hasTLS ? tlsPort : server.port)
        }
        hasSnapshots = options.hasSnapshots
        var proxies: [RedisProxy] = []
        for _ in 0..<options.processes {
            proxies.append(try await RedisProxy(to: port))
        }
        self.proxies = proxies
    }

    let faults: [Fault] =
        [.redisPaused, .redisStutters, .redisKilled, .redisFlushed, .connectionsKilled] + RedisProxy.faults

    let measuredFaults: [Fault] = [.redisKilled, .connectionsKilled]

    func isServing() async -> Bool { (try? await blocking { try server.ask("PING") }) != nil }

    func environment(of process: Int) -> [String: String] {
        let address = "127.0.0.1:\(proxies[process - 1].port)"
        guard let tls else { return ["REDIS_URL": "redis://\(address)"] }
        return tls.environment.merging(["REDIS_URL": "rediss://\(address)"]) { $1 }
    }

    func inject(_ fault: Fault, _ random: inout SeededGenerator) async throws -> Bool {
        func milliseconds(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        func some() -> [RedisProxy] {
            Bool.random(using: &random) ? proxies : [proxies[Int.random(in: proxies.indices, using: &random)]]
        }
        switch fault {
        case .redisPaused:
            server.pause()
            try await sleep(milliseconds(50...2000))
            server.resume()
        case .redisStutters:
            // The pauses are about as long as the timeout of a command.
            for _ in 0..<8 {
                server.pause()
                try await sleep(milliseconds(80...220))
                server.resume()
                try await sleep(milliseconds(10...150))
            }
        case .redisKilled:
            if hasSnapshots {
                _ = try await blocking { try server.cli(["SAVE"]) }
                // Purges of this time are missing in the snapshot.
                try await sleep(milliseconds(100...1500))
            }
            try await blocking { server.kill() }
            try await sleep(milliseconds(0...1500))
            try await blocking { try server.restart() }
        case .redisFlushed: _ = try await blocking { try server.cli(["FLUSHALL"]) }
        case .connectionsKilled:
            let kind = ["normal", "pubsub"].randomElement(using: &random) ?? "normal"
            let killed = try await blocking { try server.cli(["CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes"]) }
            return Int(killed.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > 0
        case .connectionsDropped, .connectionsDelayed, .connectionsSwallowed, .connectionsRefused:
            return try await RedisProxy.inject(fault, some(), &random)
        default: throw HarnessError.unknown(fault, "a single Redis")
        }
        return true
    }

    func stop() async {
        for proxy in proxies { await proxy.stop() }
        server.stop()
        tls?.remove()
    }
}
