/// Reads a history as it happens, and finds the answers that must not be in it.
///
/// Rules, for each row, whose versions only grow and which one writer at a time writes:
///
/// 1. A read returns no version that nobody has begun to write.
/// 2. After a write through a route was acknowledged, and its answer did not say `queued`, no read through tags that begins
///    later returns an older version, from any process.
/// 3. The same for a write that said `queued`, from the process that answered it, for as long as it lives.
/// 4. The near cache of another process may return an older version to reads that begin within ``Bounds/near``.
/// 5. A route with tables may return an older version to reads that begin within ``Bounds/tables`` after the commit, with any
///    writer and any outcome of the purge of tags.
///
/// A write that failed or was not answered counts as no write. Times are those of one clock: a write is acknowledged when the
/// checker is told of it, and a read begins before it is sent.
public struct Checker: Sendable {
    /// An answer that breaks a rule.
    public struct Violation: Sendable, Hashable, CustomStringConvertible {
        /// The rule that is broken.
        public let rule: Int
        /// The kind of the route.
        public let kind: RouteKind
        /// The row that was read.
        public let row: Int
        /// The process that answered.
        public let reader: Incarnation
        /// The version of the answer.
        public let version: Int
        /// The oldest version that would have been right.
        public let expected: Int
        /// The time from the acknowledgement to the beginning of the read, in nanoseconds.
        public let lag: UInt64

        /// The violation on one line.
        public var description: String {
            """
            rule \(rule): \(kind.rawValue) of process \(reader.process) gave version \(version) of row \(row), which had been \
            \(expected) for \(lag / 1_000_000) ms when the read began
            """
        }
    }

    /// The state of a write's purge, by its answer.
    public enum Purge: Sendable, Hashable {
        /// The purge is done.
        case done
        /// The purge waits.
        case queued
    }

    fileprivate struct Acknowledgement {
        let time: UInt64
        let version: Int
    }

    private struct Row {
        var begun = 0
        /// All acknowledged writes.
        var all: [Acknowledgement] = []
        /// The writes through a route whose purge was done.
        var purged: [Acknowledgement] = []
        /// The writes through a route, by the process.
        var own: [Incarnation: [Acknowledgement]] = [:]
    }

    private let bounds: Bounds
    private var rows: [Int: Row] = [:]

    /// The first hundred violations.
    public private(set) var violations: [Violation] = []
    /// The number of violations.
    public private(set) var violationCount = 0
    /// The times from an acknowledgement to the beginning of reads that returned something older, if that is allowed, in
    /// nanoseconds.
    public private(set) var lags: [RouteKind: [UInt64]] = [:]

    /// A checker that has seen nothing.
    public init(bounds: Bounds = Bounds()) {
        self.bounds = bounds
    }

    /// Takes note of a write that is about to begin.
    public mutating func writeBegins(_ version: Int, of row: Int) {
        rows[row, default: Row()].begun = max(rows[row]?.begun ?? 0, version)
    }

    /// Takes note of a write of which the database has told its writer.
    ///
    /// - Parameters:
    ///   - time: the present time in nanoseconds.
    ///   - writer: the process whose route wrote it; `nil` for a write past the service.
    ///   - purge: the state of its purge.
    public mutating func writeAcknowledged(
        _ version: Int,
        of row: Int,
        at time: UInt64,
        by writer: Incarnation?,
        _ purge: Purge = .done
    ) {
        let acknowledgement = Acknowledgement(time: time, version: version)
        rows[row, default: Row()].all.append(acknowledgement)
        guard let writer else { return }
        rows[row]?.own[writer, default: []].append(acknowledgement)
        if purge == .done { rows[row]?.purged.append(acknowledgement) }
    }

    /// Checks an answer.
    ///
    /// - Parameters:
    ///   - version: the version of the answer; `nil` if it says that there is no such row.
    ///   - start: the time of the read's beginning in nanoseconds.
    ///   - measuresLag: adds to ``lags``, which are of interest while nothing disturbs the system.
    public mutating func read(
        _ version: Int?,
        of row: Int,
        _ kind: RouteKind,
        by reader: Incarnation,
        from start: UInt64,
        measuresLag: Bool = false
    ) {
        guard let history = rows[row] else { return }
        let version = version ?? 0
        if version > history.begun {
            note(Violation(rule: 1, kind: kind, row: row, reader: reader, version: version, expected: 0, lag: 0))
        }
        func check(_ rule: Int, _ acknowledgements: [Acknowledgement], within bound: UInt64) {
            if measuresLag, bound > 0, let missed = acknowledgements.last(before: start), missed.version > version {
                // The answer is as late as the oldest write that it lacks.
                let first = acknowledgements.first { $0.version > version } ?? missed
                lags[kind, default: []].append(start - first.time)
            }
            guard start >= bound, let last = acknowledgements.last(before: start - bound), last.version > version else {
                return
            }
            note(
                Violation(
                    rule: rule,
                    kind: kind,
                    row: row,
                    reader: reader,
                    version: version,
                    expected: last.version,
                    lag: start - last.time
                )
            )
        }
        if kind.hasTables {
            check(5, history.all, within: bounds.tables)
            return
        }
        check(3, history.own[reader] ?? [], within: 0)
        check(kind.isNear ? 4 : 2, history.purged, within: kind.isNear ? bounds.near : 0)
    }

    private mutating func note(_ violation: Violation) {
        violationCount += 1
        if violations.count < 100 { violations.append(violation) }
    }
}

extension [Checker.Acknowledgement] {
    /// The last acknowledgement before `time`; the array is in the order of times.
    fileprivate func last(before time: UInt64) -> Element? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : self[low - 1]
    }
}
