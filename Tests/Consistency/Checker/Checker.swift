/// Reads a history as it happens, and finds what must not be in it.
///
/// Rules, for each row, whose versions only grow and which one writer at a time writes:
///
/// 1. A read returns no version that nobody has begun to write.
/// 2. After a write through a route was acknowledged, and its answer did not say `queued`, no read through tags that begins
///    later returns an older version, from any process.
/// 3. The same for a write that said `queued`, from the process that answered it, for as long as it lives.
/// 4. The near cache of another process may return an older version to reads that begin within ``Bounds/near``.
/// 5. A route with tables may return an older version to reads that begin within ``Bounds/tables`` after the commit, whoever wrote
///    and whatever became of the purge of tags.
///
/// A write that failed or was not answered says nothing. Times are those of one clock: a write is acknowledged when it is told here,
/// a read begins before it is sent.
public struct Checker: Sendable {
    /// Something that must not be.
    public struct Violation: Sendable, Hashable, CustomStringConvertible {
        /// The rule that is broken.
        public let rule: Int
        /// The kind of route that was asked.
        public let kind: RouteKind
        /// The row that was read.
        public let row: Int
        /// The process that answered.
        public let reader: Incarnation
        /// The version it gave.
        public let version: Int
        /// The least version it might have given.
        public let expected: Int
        /// How long after the acknowledgement the read began, in nanoseconds.
        public let lag: UInt64

        /// What happened, on one line.
        public var description: String {
            """
            rule \(rule): \(kind.rawValue) of process \(reader.process) gave version \(version) of row \(row), which had been \
            \(expected) for \(lag / 1_000_000) ms when the read began
            """
        }
    }

    /// What a write's answer says of its purge.
    public enum Purge: Sendable, Hashable {
        /// It is done.
        case done
        /// It waits.
        case queued
    }

    fileprivate struct Acknowledgement {
        let time: UInt64
        let version: Int
    }

    private struct Row {
        var begun = 0
        /// Of every acknowledged write.
        var all: [Acknowledgement] = []
        /// Of those through a route whose purge was done.
        var purged: [Acknowledgement] = []
        /// Of those through a route, by the process.
        var own: [Incarnation: [Acknowledgement]] = [:]
    }

    private let bounds: Bounds
    private var rows: [Int: Row] = [:]

    /// What was found, the first hundred.
    public private(set) var violations: [Violation] = []
    /// How much was found.
    public private(set) var violationCount = 0
    /// How long after an acknowledgement reads still began that returned something older, where that is allowed.
    public private(set) var lags: [RouteKind: [UInt64]] = [:]

    /// A checker that has seen nothing.
    public init(bounds: Bounds = Bounds()) {
        self.bounds = bounds
    }

    /// Somebody is about to write this version.
    public mutating func writeBegins(_ version: Int, of row: Int) {
        rows[row, default: Row()].begun = max(rows[row]?.begun ?? 0, version)
    }

    /// The database has this version, and whoever wrote it knows.
    ///
    /// - Parameter writer: the process whose route wrote it; `nil`: it was written past the service.
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

    /// A read that began at `start` has returned this version; `nil`: that there is no such row.
    ///
    /// - Parameter measuresLag: whether nothing disturbs the system.
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
                // The oldest one that the answer lacks says how late the answer is.
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
    /// The last one that was before `time`; they are in the order of their times.
    fileprivate func last(before time: UInt64) -> Element? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : self[low - 1]
    }
}
