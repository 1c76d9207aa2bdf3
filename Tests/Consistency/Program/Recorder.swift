import ConsistencyChecker
import NIOCore
import Synchronization

/// The counts of a run and the checker of its history, on one clock.
final class Recorder: Sendable {
    /// The counts of one kind of request.
    struct Count: Sendable {
        var done = 0
        var hits = 0
        var failed = 0
        /// The latencies of the first 200,000, in nanoseconds.
        var latencies: [UInt64] = []

        mutating func add(latency: UInt64) {
            if latencies.count < 200_000 { latencies.append(latency) }
        }
    }

    struct State: Sendable {
        var checker = Checker()
        var reads: [RouteKind: Count] = [:]
        var writes = Count()
        var queued = 0
        var foreignWrites = Count()
        /// The number of times that each fault has happened, of all that are expected.
        var faults: [Fault: Int] = [:]
        /// The number of processes that have ended by themselves.
        var crashes = 0
        /// The reason for which the harness could not go on; `nil` if it could.
        var harnessFailure: String?
        var isCalm = true
        /// The keys that Redis has evicted; `nil` if its memory has no limit.
        var evicted: MemoryPressure.Evicted?
    }

    /// The log of the run; `nil` if none is kept.
    let log: RunLog?
    private let state = Mutex(State())

    init(log: RunLog? = nil) {
        self.log = log
    }

    /// The present state.
    var snapshot: State { state.withLock { $0 } }

    private static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

    func setCalm(_ isCalm: Bool) { state.withLock { $0.isCalm = isCalm } }
    func setHarnessFailure(_ reason: String) { state.withLock { $0.harnessFailure = reason } }
    func countCrash() { state.withLock { $0.crashes += 1 } }
    func setEvicted(_ evicted: MemoryPressure.Evicted) { state.withLock { $0.evicted = evicted } }

    /// Names the faults of the run, none of which has happened yet.
    func expect(_ faults: [Fault]) {
        state.withLock { state in
            for fault in faults { state.faults[fault, default: 0] += 0 }
        }
    }

    /// Counts a fault that has happened.
    func count(_ fault: Fault) { state.withLock { $0.faults[fault, default: 0] += 1 } }

    /// Records the beginning of a write.
    ///
    /// - Returns: the time.
    func writeBegins(_ version: Int, of row: Int) -> UInt64 {
        state.withLock { state in
            state.checker.writeBegins(version, of: row)
            return Self.now
        }
    }

    /// Records the end of a write.
    ///
    /// - Parameters:
    ///   - start: the time of its beginning.
    ///   - writer: the process that wrote it; `nil` for a write past the service.
    ///   - purge: the outcome of its purge; `nil` for a write that was not acknowledged.
    func writeEnded(_ version: Int, of row: Int, from start: UInt64, by writer: Incarnation?, _ purge: Checker.Purge?) {
        state.withLock { state in
            let now = Self.now
            let count: WritableKeyPath<State, Count> = writer == nil ? \.foreignWrites : \.writes
            if let purge {
                state.checker.writeAcknowledged(version, of: row, at: now, by: writer, purge)
                state[keyPath: count].done += 1
                state[keyPath: count].add(latency: now - start)
                if purge == .queued { state.queued += 1 }
            } else {
                state[keyPath: count].failed += 1
            }
        }
    }

    /// Returns the time of the beginning of a read, and tells if nothing disturbs it.
    func readBegins() -> (time: UInt64, isCalm: Bool) { state.withLock { (Self.now, $0.isCalm) } }

    /// Records the end of a read.
    ///
    /// - Parameters:
    ///   - answer: the answer; `nil` if there was none.
    ///   - start: the beginning.
    func read(
        _ answer: PersistentConnection.Answer?,
        of row: Int,
        _ kind: RouteKind,
        by reader: Incarnation,
        from start: (time: UInt64, isCalm: Bool)
    ) {
        state.withLock { state in
            guard let answer, answer.status == 200 || answer.status == 404 else {
                state.reads[kind, default: Count()].failed += 1
                return
            }
            state.reads[kind, default: Count()].done += 1
            if answer.isHit { state.reads[kind]?.hits += 1 }
            state.reads[kind]?.add(latency: Self.now - start.time)
            let violationCount = state.checker.violationCount
            state.checker.read(
                answer.version,
                of: row,
                kind,
                by: reader,
                from: start.time,
                measuresLag: start.isCalm && state.isCalm
            )
            if let log, state.checker.violationCount > violationCount, let last = state.checker.violations.last {
                log.note("violation: \(last), life \(reader.life)")
            }
        }
    }
}
