import ConsistencyChecker
import NIOCore
import Synchronization

/// The history of a run, as far as it is needed, on one clock.
final class Recorder: Sendable {
    /// What was counted of one kind of request.
    struct Count: Sendable {
        var done = 0
        var hits = 0
        var failed = 0
        /// In nanoseconds, of at most so many.
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
        var faults: [String: Int] = [:]
        /// Processes that have ended by themselves.
        var crashes = 0
        var isCalm = true
        /// What Redis has evicted, where its memory is short.
        var evicted: MemoryPressure.Evicted?
    }

    private let state = Mutex(State())

    /// What there is now.
    var snapshot: State { state.withLock { $0 } }

    private static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

    func calm(_ isCalm: Bool) { state.withLock { $0.isCalm = isCalm } }
    func crash() { state.withLock { $0.crashes += 1 } }
    func evicted(_ evicted: MemoryPressure.Evicted) { state.withLock { $0.evicted = evicted } }
    func fault(_ name: String) { state.withLock { $0.faults[name, default: 0] += 1 } }

    /// A write begins.
    func writeBegins(_ version: Int, of row: Int) -> UInt64 {
        state.withLock { state in
            state.checker.writeBegins(version, of: row)
            return Self.now
        }
    }

    /// A write has been acknowledged, or failed: `nil`.
    ///
    /// - Parameter writer: the process that wrote it; `nil`: it was written past the service.
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

    func readBegins() -> (time: UInt64, isCalm: Bool) { state.withLock { (Self.now, $0.isCalm) } }

    /// A read has ended.
    func read(
        _ answer: KeptConnection.Answer?,
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
            state.checker.read(
                answer.version,
                of: row,
                kind,
                by: reader,
                from: start.time,
                measuresLag: start.isCalm && state.isCalm
            )
        }
    }
}
