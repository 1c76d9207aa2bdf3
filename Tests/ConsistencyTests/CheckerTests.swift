import ConsistencyChecker
import Testing

@Suite("The checker of histories")
struct CheckerTests {
    private let one = Incarnation(process: 1, life: 1)
    private let two = Incarnation(process: 2, life: 1)
    private let second: UInt64 = 1_000_000_000

    /// The rules that a read breaks after version 1 and 2 were written by process 1 at 10 s and 20 s.
    private func rules(
        _ version: Int?,
        _ kind: RouteKind,
        by reader: Incarnation,
        at time: UInt64,
        by writer: Incarnation?,
        _ purge: Checker.Purge = .done
    ) -> [Int] {
        var checker = Checker()
        for (version, time) in [(1, 10 * second), (2, 20 * second)] {
            checker.writeBegins(version, of: 7)
            checker.writeAcknowledged(version, of: 7, at: time, by: writer, purge)
        }
        checker.read(version, of: 7, kind, by: reader, from: time)
        #expect(checker.violationCount == checker.violations.count)
        return checker.violations.map(\.rule)
    }

    @Test("finds a version that nobody wrote", arguments: RouteKind.allCases)
    func invented(kind: RouteKind) {
        #expect(rules(3, kind, by: one, at: 30 * second, by: one) == [1])
    }

    @Test(
        "finds an older version after a write that was purged, from any process",
        arguments: [RouteKind.tagged, .slow, .windows, .fleet]
    )
    func purged(kind: RouteKind) {
        for reader in [one, two] {
            #expect(rules(2, kind, by: reader, at: 21 * second, by: one) == [])
            #expect(rules(1, kind, by: reader, at: 20 * second, by: one) == [], "it began before the acknowledgement")
            #expect(rules(1, kind, by: reader, at: 20 * second + 1, by: one).contains(2))
            #expect(rules(0, kind, by: reader, at: 15 * second, by: one).contains(2))
            #expect(rules(nil, kind, by: reader, at: 15 * second, by: one).contains(2))
            #expect(rules(1, kind, by: reader, at: 30 * second, by: nil) == [], "nobody purges for psql")
        }
    }

    @Test("finds an older version after a queued write in the process that wrote, and while it lives")
    func queued() {
        #expect(rules(1, .tagged, by: one, at: 21 * second, by: one, .queued) == [3])
        #expect(rules(1, .near, by: one, at: 21 * second, by: one, .queued) == [3])
        #expect(rules(1, .tagged, by: two, at: 21 * second, by: one, .queued) == [])
        #expect(rules(1, .tagged, by: Incarnation(process: 1, life: 2), at: 21 * second, by: one, .queued) == [])
    }

    @Test("allows the near cache of another process its time")
    func near() {
        #expect(rules(1, .near, by: two, at: 21 * second, by: one) == [])
        #expect(rules(1, .near, by: two, at: 21 * second + 1, by: one) == [4])
        #expect(rules(1, .near, by: one, at: 20 * second + 1, by: one) == [3])
    }

    @Test("allows routes with tables their time, whoever wrote", arguments: [RouteKind.tables, .nearTables])
    func tables(kind: RouteKind) {
        for writer in [one, nil] {
            for purge in [Checker.Purge.done, .queued] {
                #expect(rules(1, kind, by: one, at: 25 * second, by: writer, purge) == [])
                #expect(rules(1, kind, by: one, at: 25 * second + 1, by: writer, purge) == [5])
                #expect(rules(2, kind, by: two, at: 40 * second, by: writer, purge) == [])
            }
        }
    }

    @Test("measures how late answers are where they may be")
    func lags() {
        var checker = Checker()
        for version in 1...3 {
            checker.writeBegins(version, of: 7)
            checker.writeAcknowledged(version, of: 7, at: UInt64(version) * 1000, by: nil)
        }
        checker.read(1, of: 7, .tables, by: one, from: 3500, measuresLag: true)
        checker.read(3, of: 7, .tables, by: one, from: 3600, measuresLag: true)
        checker.read(0, of: 7, .tables, by: one, from: 3700)
        #expect(checker.lags == [.tables: [1500]])
        #expect(checker.violationCount == 0)
    }
}
