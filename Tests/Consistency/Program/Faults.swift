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
enum Fault: String, Sendable {
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

    // With replicas.
    case primaryKilled = "a primary is killed, and comes back after its replica was promoted"
    case primaryHangs = "a primary hangs until its replica was promoted, is killed and comes back"
    case primaryResumed = "a primary hangs until its replica was promoted, and goes on"
    case failoverOrdered = "a replica takes over in order"
    case failoverBesidePrimary = "a replica takes over, and its primary takes commands until it is told"
    case failoverForced = "a replica takes over without a word to its primary"
    case failoverLosesWrites = "a replica takes over that lacks its primary's last writes"
    case failoverAndBack = "a replica takes over, and its primary again, without what was written meanwhile"
    case sentinelKilled = "a Sentinel is killed and comes back"
    case slotsMoved = "slots move with their keys"
    case slotsHalfMoved = "slots stay half moved for a while"
    case slotMovesAbandoned = "moves of slots are begun, abandoned, and begun again"
    case nodeAddedAndRemoved = "a node is added, serves slots, gives them back, and is removed"

    /// Those that have nothing to do with Redis.
    static let ofService: [Fault] = [.backendsKilled, .processKilled, .processEnded]
}

/// The Redis of a run: what processes are told of it, and what can go wrong with it.
protocol RedisUnderTest: Sendable {
    /// What can go wrong. What stands there twice happens twice as often.
    var faults: [Fault] { get }
    /// The faults of which ``RecoveryRun`` measures how soon hits are back.
    var measuredFaults: [Fault] { get }

    /// Tells whether every key has a primary that runs and is known to the others, as far as servers say.
    func isServing() async -> Bool

    /// The variables by which a process finds it.
    ///
    /// - Parameter process: the number of the process, from 1.
    func environment(of process: Int) -> [String: String]

    /// One fault, from its beginning to its end.
    func inject(_ fault: Fault, _ random: inout SeededGenerator) async throws

    /// Ends it.
    func stop() async
}

extension RedisUnderTest {
    func sleep(_ milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
}

/// Does what goes wrong, and mends it.
struct FaultInjector: Sendable {
    let redis: any RedisUnderTest
    let database: PostgresClient
    let processes: [ServiceProcess]
    let recorder: Recorder

    /// All that can go wrong.
    var faults: [Fault] { redis.faults + Fault.ofService }

    /// One fault, from its beginning to its end.
    func inject(_ fault: Fault, _ random: inout SeededGenerator) async throws {
        switch fault {
        case .backendsKilled:
            let sql = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'cached-routes' AND (random() < 0.5 OR \(Bool.random(using: &random)))
                """
            _ = try await database.query(PostgresStatement(sql: sql, shape: .many), deadline: .now() + .seconds(5))
        case .processKilled, .processEnded:
            let process = processes[Int.random(in: processes.indices, using: &random)]
            if await process.stop(with: fault == .processKilled ? SIGKILL : SIGTERM) { recorder.crash() }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...500, using: &random)))
            try await process.start()
        default: try await redis.inject(fault, &random)
        }
    }
}
