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

/// A fault of a run, with its name in reports.
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
    case primaryReturns = "a primary hangs, and is promoted again before it was made a replica of its successor"
    case failoverOrdered = "a replica takes over in order"
    case failoverBesidePrimary = "a replica takes over, and its primary takes commands until it is told"
    case failoverForced = "a replica takes over without a word to its primary"
    case failoverLosesWrites = "a replica takes over that lacks its primary's last writes"
    case failoverAndBack = "a replica takes over, and its primary again, without what was written meanwhile"
    case sentinelKilled = "a Sentinel is killed and comes back"
    case slotsMoved = "slots move with their keys"
    case slotsHalfMoved = "slots stay half moved for a while"
    case slotMovesAbandoned = "moves of slots are begun, abandoned, and begun again"
    case sourceFailsOver = "slots are half moved when the node that gives them away fails over, and then move"
    case targetFailsOver = "slots are half moved when the node that gets them fails over, and then move"
    case nodeAddedAndRemoved = "a node is added, serves slots, gives them back, and is removed"

    /// The faults of the database and of the service's processes.
    static let ofService: [Fault] = [.backendsKilled, .processKilled, .processEnded]
}

extension HarnessError {
    /// The error of a fault that a part of the harness does not make.
    static func unknown(_ fault: Fault, _ part: String) -> HarnessError {
        HarnessError("'\(fault.rawValue)' is no fault of \(part)")
    }
}

/// The Redis of a run, with its faults.
protocol RedisUnderTest: Sendable {
    /// The faults of a run. One that is named twice happens twice as often.
    var faults: [Fault] { get }
    /// The faults after which ``RecoveryRun`` measures the return of hits.
    var measuredFaults: [Fault] { get }

    /// Tells if every key has a primary that runs and is known to the others, by what servers say.
    func isServing() async -> Bool

    /// The variables by which a process finds it.
    ///
    /// - Parameter process: the number of the process, from 1.
    func environment(of process: Int) -> [String: String]

    /// Makes one fault, from its beginning to its end.
    ///
    /// - Returns: `true` if it has happened; `false` if there was nothing that it could concern.
    /// - Throws: ``HarnessError`` for a fault that is not in ``faults``.
    func inject(_ fault: Fault, _ random: inout SeededGenerator) async throws -> Bool

    /// Ends all servers.
    func stop() async
}

extension RedisUnderTest {
    func sleep(_ milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
}

/// Makes the faults of a run.
struct FaultInjector: Sendable {
    let redis: any RedisUnderTest
    let database: PostgresClient
    let processes: [ServiceProcess]
    let recorder: Recorder

    /// All faults of a run.
    var faults: [Fault] { redis.faults + Fault.ofService }

    /// Makes one fault, from its beginning to its end.
    ///
    /// - Returns: `true` if it has happened; `false` if there was nothing that it could concern.
    func inject(_ fault: Fault, _ random: inout SeededGenerator) async throws -> Bool {
        switch fault {
        case .backendsKilled:
            let sql = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'cached-routes' AND (random() < 0.5 OR \(Bool.random(using: &random)))
                """
            let statement = PostgresStatement(sql: sql, shape: .many)
            return try await database.query(statement, deadline: .now() + .seconds(5)).rowCount > 0
        case .processKilled, .processEnded:
            let process = processes[Int.random(in: processes.indices, using: &random)]
            if await process.stop(with: fault == .processKilled ? SIGKILL : SIGTERM) { recorder.countCrash() }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...500, using: &random)))
            try await process.start()
            return true
        default: return try await redis.inject(fault, &random)
        }
    }
}
