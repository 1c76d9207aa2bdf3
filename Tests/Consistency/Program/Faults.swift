import Foundation
import NIOCore
import PostgresClient
import TestServers

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What goes wrong in a run.
enum Fault: String, CaseIterable, Sendable {
    case redisPaused = "Redis hangs"
    case redisStutters = "Redis stutters"
    case redisKilled = "Redis is killed and comes back"
    case redisFlushed = "Redis forgets everything"
    case connectionsKilled = "Redis closes its clients' connections"
    case connectionsDropped = "the connections to Redis break"
    case connectionsDelayed = "the way to Redis is slow"
    case connectionsSwallowed = "the way to Redis swallows everything"
    case connectionsRefused = "Redis can't be reached"
    case backendsKilled = "Postgres ends its sessions"
    case processKilled = "a process is killed and started again"
    case processEnded = "a process is ended in order and started again"
}

/// Does what goes wrong, and mends it.
struct FaultInjector: Sendable {
    let redis: RedisServer
    let database: PostgresClient
    let processes: [ServiceProcess]
    let hasSnapshots: Bool
    let recorder: Recorder

    /// One fault, from its beginning to its end.
    func inject(_ fault: Fault, _ random: inout SeededGenerator) async throws {
        func milliseconds(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        func some() -> [RedisProxy] {
            Bool.random(using: &random)
                ? processes.map(\.proxy) : [processes[Int.random(in: processes.indices, using: &random)].proxy]
        }
        func during(_ mode: RedisProxy.Mode, _ proxies: [RedisProxy], _ length: Int) async throws {
            for proxy in proxies { proxy.set(mode) }
            try await sleep(length)
            for proxy in proxies { proxy.set(.pass) }
        }
        switch fault {
        case .redisPaused:
            redis.pause()
            try await sleep(milliseconds(50...2000))
            redis.resume()
        case .redisStutters:
            // About as long as a command may take.
            for _ in 0..<8 {
                redis.pause()
                try await sleep(milliseconds(80...220))
                redis.resume()
                try await sleep(milliseconds(10...150))
            }
        case .redisKilled:
            if hasSnapshots {
                _ = try await blocking { try redis.cli(["SAVE"]) }
                // What is purged now is not purged in the snapshot.
                try await sleep(milliseconds(100...1500))
            }
            try await blocking { redis.kill() }
            try await sleep(milliseconds(0...1500))
            try await blocking { try redis.restart() }
        case .redisFlushed: _ = try await blocking { try redis.cli(["FLUSHALL"]) }
        case .connectionsKilled:
            let kind = ["normal", "pubsub"].randomElement(using: &random) ?? "normal"
            _ = try await blocking { try redis.cli(["CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes"]) }
        case .connectionsDropped: for proxy in some() { proxy.drop() }
        case .connectionsDelayed:
            let delay = RedisProxy.Mode.delay(Int64(milliseconds(1...300)))
            try await during(delay, some(), milliseconds(200...2000))
        case .connectionsSwallowed:
            let proxies = some()
            try await during(.swallow, proxies, milliseconds(100...2000))
            // What was swallowed is missing for ever.
            for proxy in proxies { proxy.drop() }
        case .connectionsRefused:
            let proxies = some()
            for proxy in proxies { proxy.set(.refuse) }
            for proxy in proxies { proxy.drop() }
            try await during(.refuse, proxies, milliseconds(100...2000))
        case .backendsKilled:
            let sql = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'cached-routes' AND (random() < 0.5 OR \(Bool.random(using: &random)))
                """
            _ = try await database.query(PostgresStatement(sql: sql, shape: .many), deadline: .now() + .seconds(5))
        case .processKilled, .processEnded:
            let process = processes[Int.random(in: processes.indices, using: &random)]
            if await process.stop(with: fault == .processKilled ? SIGKILL : SIGTERM) { recorder.crash() }
            try await sleep(milliseconds(0...500))
            try await process.start()
        }
    }

    private func sleep(_ milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
}
