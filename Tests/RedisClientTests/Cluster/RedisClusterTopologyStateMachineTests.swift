import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisClusterTopologyStateMachineTests {
    private typealias Machine = RedisClusterTopologyStateMachine
    private typealias Endpoint = RedisConfiguration.Endpoint

    private let a = Endpoint.node("a")
    private let b = Endpoint.node("b")
    private let c = Endpoint.node("c")
    private let d = Endpoint.node("d")
    private let seed = Endpoint.node("seed")
    private let other = Endpoint.node("other")

    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    /// Three primaries with a third of the slots each.
    private func thirds(_ first: Endpoint, _ second: Endpoint, _ third: Endpoint) throws -> RedisClusterSlotMap {
        try slotMap((0...4_999, first), (5_000...9_999, second), (10_000...16_383, third))
    }

    private func asked(_ actions: Machine.Actions) -> [Endpoint] { actions.questions.map(\.endpoint) }

    /// A machine with the map of a, b and c, which c gave at 0 ms.
    private func started() throws -> Machine {
        var machine = Machine(seeds: [seed])
        let begin = machine.start(now: at(0), random: 0)
        _ = machine.refreshed(try thirds(a, b, c), begin.questions[0], now: at(0), random: 0)
        // The seed's answer counts as c's from here on.
        let age = machine.timerFired(now: at(10_000), random: 0)
        #expect(asked(age) == [a, b, c])
        _ = machine.refreshed(try thirds(a, b, c), age.questions[2], now: at(10_000), random: 0)
        for question in age.questions[..<2] {
            _ = machine.refreshFailed(question, "late", now: at(10_000), random: 0)
        }
        return machine
    }

    /// The first of the asked nodes gives a map, and the others nothing, too late.
    ///
    /// - Returns: the consequences, with the last change of the timer.
    private func answer(
        _ machine: inout Machine,
        _ map: RedisClusterSlotMap,
        _ questions: [Machine.Question],
        now: NIODeadline,
        random: Double
    ) -> Machine.Actions {
        var actions = Machine.Actions()
        for (number, question) in questions.enumerated() {
            let more =
                number == 0
                ? machine.refreshed(map, question, now: now, random: random)
                : machine.refreshFailed(question, "late", now: now, random: random)
            actions.questions += more.questions
            actions.reports += more.reports
            if let map = more.newMap { actions.newMap = map }
            if more.timer != .keep { actions.timer = more.timer }
        }
        return actions
    }

    // MARK: - Start

    @Test func `The seeds are asked first, three at once, and the first good answer counts`() throws {
        var machine = Machine(seeds: [seed, other, a, b, seed])
        let begin = machine.start(now: at(0), random: 0)
        #expect(asked(begin) == [seed, other, a] && begin.newMap == nil)
        #expect(begin.timer == .set(at(5_000)))
        // One that fails is followed by the next.
        let next = machine.refreshFailed(begin.questions[1], "no", now: at(1), random: 0)
        #expect(asked(next) == [b])
        let map = try thirds(a, b, c)
        let answer = machine.refreshed(map, begin.questions[0], now: at(2), random: 0)
        #expect(answer.newMap == map && answer.questions.isEmpty)
        #expect(machine.map == map && answer.reports.isEmpty)
        // Later answers of the same refresh are ignored.
        let late = machine.refreshed(try thirds(b, b, b), begin.questions[2], now: at(3), random: 0)
        #expect(late.newMap == nil && machine.map == map)
    }

    @Test func `Clients begin with different nodes`() throws {
        let first = [0, 0.26, 0.5, 0.99, 1].map { random in
            var machine = Machine(seeds: [a, b, c, d])
            return asked(machine.start(now: at(0), random: random))
        }
        #expect(first == [[a, b, c], [b, c, d], [c, d, a], [d, a, b], [a, b, c]])
    }

    @Test func `A refresh that all fail is repeated after waits that double, and reported each time`() throws {
        var machine = Machine(seeds: [seed])
        var actions = machine.start(now: at(0), random: 1)
        var (now, waits): (NIODeadline, [Int64]) = (at(0), [])
        var reports: [Machine.Report] = []
        for _ in 0..<8 {
            #expect(asked(actions) == [seed])
            actions = machine.refreshFailed(actions.questions[0], "down", now: now, random: 1)
            reports += actions.reports
            guard case .set(let time) = actions.timer else {
                Issue.record("no timer")
                return
            }
            waits.append((time - now).nanoseconds / 1_000_000)
            #expect(machine.timerFired(now: time - .nanoseconds(1), random: 1).questions.isEmpty)
            now = time
            actions = machine.timerFired(now: now, random: 1)
        }
        #expect(waits == [20, 40, 80, 160, 320, 640, 1_000, 1_000])
        #expect(reports == Array(repeating: .unreachable([.init(endpoint: seed, reason: "down")]), count: 8))
        let answer = machine.refreshed(try thirds(a, b, c), actions.questions[0], now: now, random: 1)
        #expect(answer.reports == [.reachable] && answer.timer == .set(now + .seconds(10)))
    }

    @Test func `Before its start and after its end it does nothing`() throws {
        var machine = Machine(seeds: [seed])
        #expect(machine.timerFired(now: at(0), random: 0) == .init())
        #expect(machine.moved(.number(1), to: a, by: b, now: at(0), random: 0) == .init())
        let question = machine.start(now: at(0), random: 0).questions[0]
        #expect(machine.start(now: at(0), random: 0) == .init())
        #expect(machine.stop() == .init(timer: .cancel))
        #expect(machine.refreshed(try thirds(a, b, c), question, now: at(1), random: 0) == .init())
        #expect(machine.refreshFailed(question, "", now: at(1), random: 0) == .init())
        #expect(machine.timerFired(now: at(100_000), random: 0) == .init())
        #expect(machine.start(now: at(1), random: 0) == .init() && machine.stop() == .init())
    }

    // MARK: - Changes

    @Test func `A map is refreshed when it is ten seconds old, and not published if it is the same`() throws {
        var machine = try started()
        #expect(machine.timerFired(now: at(19_999), random: 0).questions.isEmpty)
        let age = machine.timerFired(now: at(20_000), random: 0)
        #expect(age.questions.count == 3)
        #expect(machine.refreshed(try thirds(a, b, c), age.questions[0], now: at(20_001), random: 0).newMap == nil)
    }

    @Test func `Added and removed primaries are named`() throws {
        var machine = try started()
        let age = machine.timerFired(now: at(20_000), random: 0)
        let answer = machine.refreshed(try thirds(b, d, c), age.questions[0], now: at(20_001), random: 0)
        #expect(answer.newMap?.primaries.contains(d) == true && answer.newMap?.primaries.contains(a) == false)
    }

    @Test func `MOVED moves its slot at once, to a new node too, and starts a refresh`() throws {
        var machine = try started()
        let moved = machine.moved(.number(7), to: d, by: a, now: at(11_000), random: 0)
        #expect(Set(moved.newMap?.primaries ?? []) == [a, b, c, d])
        #expect(machine.map?.endpoint(of: .number(7)) == d && machine.map?.endpoint(of: .number(8)) == a)
        // Not c, whose map was wrong.
        #expect(asked(moved) == [a, d, b])
    }

    @Test func `A second MOVED waits until the last refresh is fifty milliseconds old`() throws {
        var machine = try started()
        let first = machine.moved(.number(7), to: d, by: a, now: at(11_000), random: 0)
        var map = try thirds(a, b, c)
        map.move(.number(7), to: d)
        _ = machine.refreshed(map, first.questions[0], now: at(11_001), random: 0)
        let second = machine.moved(.number(8), to: d, by: a, now: at(11_002), random: 0)
        #expect(second.newMap != nil && second.questions.isEmpty && second.timer == .set(at(11_050)))
        #expect(!machine.timerFired(now: at(11_050), random: 0).questions.isEmpty)
    }

    @Test func `MOVED during a refresh starts another one after it`() throws {
        var machine = try started()
        let age = machine.timerFired(now: at(20_000), random: 0)
        let moved = machine.moved(.number(7), to: b, by: a, now: at(20_010), random: 0)
        #expect(moved.questions.isEmpty)
        // The answer is older than MOVED, which has the last word.
        let answer = machine.refreshed(try thirds(a, b, c), age.questions[0], now: at(20_020), random: 0)
        #expect(answer.newMap == nil && machine.map?.endpoint(of: .number(7)) == b)
        #expect(answer.timer == .set(at(20_050)))
    }

    @Test func `MOVED outweighs maps for a second`() throws {
        var machine = try started()
        let moved = machine.moved(.number(7), to: b, by: a, now: at(11_000), random: 0)
        _ = answer(&machine, try thirds(a, b, c), moved.questions, now: at(11_001), random: 1)
        #expect(machine.map?.endpoint(of: .number(7)) == b)
        // A map that was corrected is asked for again soon.
        let soon = machine.timerFired(now: at(11_101), random: 1)
        #expect(!soon.questions.isEmpty)
        // A third node is nothing that was denied.
        let third = answer(&machine, try slotMap((0...16_383, c)), soon.questions, now: at(11_102), random: 1)
        #expect(third.newMap?.endpoint(of: .number(7)) == c)
        let later = machine.timerFired(now: at(21_102), random: 0)
        let back = machine.refreshed(try thirds(a, b, c), later.questions[0], now: at(21_102), random: 0)
        #expect(back.newMap?.endpoint(of: .number(7)) == a)
    }

    @Test func `MOVED that answers a command of an earlier map changes nothing`() throws {
        var machine = try started()
        #expect(machine.moved(.number(7), to: d, by: b, now: at(11_000), random: 0) == .init())
    }

    @Test func `MOVED to an unknown host, or to the same node, starts a refresh`() throws {
        for target in [nil, a] {
            var machine = try started()
            let moved = machine.moved(.number(7), to: target, by: a, now: at(11_000), random: 0)
            #expect(moved.newMap == nil && !moved.questions.isEmpty)
        }
    }

    @Test func `A node whose map was contradicted is asked when no other answers`() throws {
        var machine = Machine(seeds: [a, b, c])
        let begin = machine.start(now: at(0), random: 0)
        _ = machine.refreshed(try thirds(b, b, c), begin.questions[0], now: at(0), random: 0)
        for question in begin.questions[1...] { _ = machine.refreshFailed(question, "", now: at(0), random: 0) }
        // Of b and c, which have failed to answer, and a: all are asked after the others, so two are forgiven.
        let moved = machine.moved(.number(7), to: a, by: b, now: at(60), random: 0)
        #expect(asked(moved) == [b, c])
        #expect(asked(machine.refreshFailed(moved.questions[0], "", now: at(61), random: 0)).isEmpty)
        let last = machine.refreshFailed(moved.questions[1], "", now: at(62), random: 0)
        #expect(asked(last) == [a])
        // It is right by now.
        #expect(machine.refreshed(try thirds(a, b, c), last.questions[0], now: at(63), random: 0).newMap != nil)
    }

    @Test func `Nodes that do not answer soon are helped by those that were to be asked last`() throws {
        var machine = try started()
        let moved = machine.moved(.number(7), to: d, by: a, now: at(11_000), random: 0)
        #expect(asked(moved) == [a, d, b] && moved.timer == .set(at(11_250)))
        #expect(machine.refreshFailed(moved.questions[2], "", now: at(11_001), random: 0).questions.isEmpty)
        #expect(asked(machine.timerFired(now: at(11_250), random: 0)) == [c])
        #expect(machine.refreshFailed(moved.questions[0], "", now: at(11_251), random: 0).questions.isEmpty)
        // At a configured address outside of the map there may be no node any more.
        #expect(asked(machine.timerFired(now: at(11_500), random: 0)) == [seed])
    }

    @Test func `A question that is never answered ends after five seconds`() throws {
        var machine = Machine(seeds: [seed])
        let begin = machine.start(now: at(0), random: 0)
        #expect(begin.timer == .set(at(5_000)))
        let end = machine.timerFired(now: at(5_000), random: 0)
        #expect(end.reports.count == 1 && end.timer == .set(at(5_010)))
        #expect(machine.refreshed(try thirds(a, b, c), begin.questions[0], now: at(5_001), random: 0) == .init())
        #expect(asked(machine.timerFired(now: at(5_010), random: 0)) == [seed])
    }

    @Test func `Three questions at most have no answer, and no node owes two`() throws {
        var machine = Machine(seeds: [a, b, c])
        let begin = machine.start(now: at(0), random: 0)
        _ = machine.refreshed(try thirds(a, b, c), begin.questions[1], now: at(0), random: 0)
        // a and c still owe theirs.
        let moved = machine.moved(.number(0), to: d, by: a, now: at(60), random: 0)
        #expect(asked(moved) == [d])
        #expect(machine.timerFired(now: at(310), random: 0).questions.isEmpty)
        let next = machine.refreshFailed(begin.questions[0], "", now: at(311), random: 0)
        #expect(asked(next) == [a])
    }

    // MARK: - Trouble

    @Test func `A failed primary is asked about with longer and longer waits, until the map is without it`() throws {
        var machine = try started()
        let failed = machine.nodeFailed(a, now: at(11_000), random: 1)
        #expect(!failed.questions.isEmpty && !asked(failed).contains(a))
        // It is known, so each further failure is nothing new.
        #expect(machine.nodeFailed(a, now: at(11_000), random: 1) == .init())
        var (questions, now, waits) = (failed.questions, at(11_000), [] as [Int64])
        for _ in 0..<6 {
            let answer = answer(&machine, try thirds(a, b, c), questions, now: now, random: 1)
            guard case .set(let time) = answer.timer else {
                Issue.record("no timer")
                return
            }
            waits.append((time - now).nanoseconds / 1_000_000)
            now = time
            let next = machine.timerFired(now: now, random: 1)
            #expect(!next.questions.isEmpty && !asked(next).contains(a))
            questions = next.questions
        }
        #expect(waits == [100, 200, 400, 800, 1_000, 1_000])
        let answer = answer(&machine, try thirds(d, b, c), questions, now: now, random: 1)
        #expect(answer.newMap?.primaries.contains(a) == false && answer.timer == .set(now + .seconds(10)))
    }

    @Test func `A failed primary that is back is no trouble`() throws {
        var machine = try started()
        let failed = machine.nodeFailed(a, now: at(11_000), random: 1)
        _ = answer(&machine, try thirds(a, b, c), failed.questions, now: at(11_000), random: 1)
        #expect(machine.nodeReady(a, now: at(11_050), random: 1).timer == .set(at(21_000)))
        #expect(machine.nodeReady(a, now: at(11_050), random: 1) == .init())
    }

    @Test func `A node that is not in the map may fail`() throws {
        var machine = try started()
        #expect(machine.nodeFailed(d, now: at(11_000), random: 1) == .init())
    }

    @Test func `If all nodes have failed, the seeds are asked, and the nodes after them`() throws {
        var machine = try started()
        var actions = machine.nodeFailed(a, now: at(11_000), random: 0)
        _ = answer(&machine, try thirds(a, b, c), actions.questions, now: at(11_000), random: 0)
        for node in [b, c] { _ = machine.nodeFailed(node, now: at(11_001), random: 0) }
        actions = machine.timerFired(now: at(11_050), random: 0)
        try #require(asked(actions) == [seed])
        actions = machine.refreshFailed(actions.questions[0], "", now: at(11_301), random: 0)
        #expect(asked(actions) == [a, b, c])
    }

    @Test func `A node that is back is asked at once where nobody else answered`() throws {
        var machine = Machine(seeds: [a])
        let begin = machine.start(now: at(0), random: 1)
        _ = machine.refreshed(try slotMap((0...16_383, a)), begin.questions[0], now: at(0), random: 1)
        var actions = machine.nodeFailed(a, now: at(1_000), random: 1)
        for _ in 0..<7 {
            guard case .set(let time) = machine.refreshFailed(actions.questions[0], "", now: at(1_000), random: 1).timer
            else {
                Issue.record("no timer")
                return
            }
            actions = machine.timerFired(now: time, random: 1)
        }
        guard case .set(let time) = machine.refreshFailed(actions.questions[0], "", now: at(9_000), random: 1).timer
        else {
            Issue.record("no timer")
            return
        }
        #expect(time == at(10_000) && asked(machine.nodeReady(a, now: at(9_100), random: 1)) == [a])
    }

    @Test func `Refused commands start a refresh, and later ones wait for the next`() throws {
        var machine = try started()
        let refused = machine.refused(by: a, now: at(11_000), random: 1)
        #expect(!refused.questions.isEmpty && !asked(refused).contains(a))
        let during = machine.refused(by: a, now: at(11_001), random: 1)
        #expect(during.questions.isEmpty)
        let first = answer(&machine, try thirds(a, b, c), refused.questions, now: at(11_002), random: 1)
        #expect(first.timer == .set(at(11_050)))
        // As long as commands are refused, the waits grow.
        var (now, gaps) = (at(11_050), [] as [Int64])
        for _ in 0..<6 {
            let begun = machine.timerFired(now: now, random: 1)
            #expect(!begun.questions.isEmpty)
            guard
                case .set(let time) = answer(&machine, try thirds(a, b, c), begun.questions, now: now, random: 1).timer
            else {
                Issue.record("no timer")
                return
            }
            #expect(machine.refused(by: a, now: now, random: 1) == .init())
            gaps.append((time - now).nanoseconds / 1_000_000)
            now = time
        }
        #expect(gaps == [200, 400, 800, 1_000, 1_000, 1_000])
        // The first refresh after the last refusal is followed by one more, and that by none.
        for wait in [1_000, 10_000] as [Int64] {
            let begun = machine.timerFired(now: now, random: 1)
            let end = answer(&machine, try thirds(a, b, c), begun.questions, now: now, random: 1)
            #expect(end.timer == .set(now + .milliseconds(wait)))
            now = now + .milliseconds(wait)
        }
    }

    @Test func `Slots without a primary are trouble, and reported by each refresh until all have one`() throws {
        var machine = Machine(seeds: [a])
        let begin = machine.start(now: at(0), random: 1)
        let part = try slotMap((0...16_380, a), (16_381...16_383, nil))
        let answer = machine.refreshed(part, begin.questions[0], now: at(0), random: 1)
        #expect(answer.reports == [.unassigned(3)] && answer.timer == .set(at(100)))
        let again = machine.timerFired(now: at(100), random: 1)
        let same = machine.refreshed(part, again.questions[0], now: at(100), random: 1)
        #expect(same.reports == [.unassigned(3)] && same.newMap == nil && same.timer == .set(at(300)))
        let last = machine.timerFired(now: at(300), random: 1)
        let whole = machine.refreshed(try slotMap((0...16_383, a)), last.questions[0], now: at(300), random: 1)
        #expect(whole.reports == [.unassigned(0)] && whole.timer == .set(at(10_300)))
        let calm = machine.timerFired(now: at(10_300), random: 1)
        let still = machine.refreshed(try slotMap((0...16_383, a)), calm.questions[0], now: at(10_300), random: 1)
        #expect(still.reports.isEmpty)
    }

    // MARK: - Other clusters

    /// A map of three primaries whose IDs are these, with replicas that have others.
    private func thirds(_ nodes: [Endpoint], _ ids: [String], replicas: [String] = ["", "", ""]) throws
        -> RedisClusterSlotMap
    {
        let slots: [ClosedRange<UInt16>] = [0...4_999, 5_000...9_999, 10_000...16_383]
        let ranges = slots.indices.map { index in
            (slots[index], [(nodes[index], ids[index]), (.node("replica-\(index)"), replicas[index])] as [ListedNode])
        }
        return try RedisClusterSlotMap(slotMapReply(ranges), from: a)
    }

    /// The consequences of what happens in some time.
    private struct Course {
        var reports: [Machine.Report] = []
        var asked: Set<Endpoint> = []
        /// The time at which the map was given up.
        var lost: NIODeadline?
        /// The time at which there was a new one.
        var adopted: NIODeadline?
    }

    /// Lets time pass in which each question is answered at once.
    private func run(
        _ machine: inout Machine,
        _ first: Machine.Actions,
        from start: NIODeadline,
        until end: NIODeadline,
        _ answer: (Endpoint) -> RedisClusterSlotMap?
    ) -> Course {
        var (course, now, actions) = (Course(), start, first)
        while now <= end {
            var timer = now
            var unanswered: [Machine.Question] = []
            while true {
                course.reports += actions.reports
                if actions.losesMap { course.lost = now }
                if actions.newMap != nil { course.adopted = now }
                if case .set(let time) = actions.timer { timer = time }
                unanswered += actions.questions
                guard !unanswered.isEmpty else { break }
                let question = unanswered.removeFirst()
                course.asked.insert(question.endpoint)
                actions =
                    if let map = answer(question.endpoint) {
                        machine.refreshed(map, question, now: now, random: 0)
                    } else {
                        machine.refreshFailed(question, "down", now: now, random: 0)
                    }
            }
            // A timer that was set before is not known here; one that fires too early does no harm.
            now = timer > now ? timer : now + .milliseconds(10)
            actions = now <= end ? machine.timerFired(now: now, random: 0) : .init()
        }
        return course
    }

    /// A machine with a map of a, b and c with the IDs 1, 2 and 3, of which these fail at 1 s.
    private func failing(_ nodes: [Endpoint]) throws -> (Machine, Machine.Actions) {
        var machine = Machine(seeds: [seed])
        let begin = machine.start(now: at(0), random: 0)
        let map = try thirds([a, b, c], ["1", "2", "3"], replicas: ["4", "5", "6"])
        _ = machine.refreshed(map, begin.questions[0], now: at(0), random: 0)
        var actions = Machine.Actions()
        for node in nodes {
            let more = machine.nodeFailed(node, now: at(1_000), random: 0)
            actions.questions += more.questions
            if more.timer != .keep { actions.timer = more.timer }
        }
        return (machine, actions)
    }

    @Test func `Another cluster at a configured address counts when no primary could be reached for ten seconds`()
        throws
    {
        var (machine, actions) = try failing([a, b, c])
        let foreign = try thirds([a, b, d], ["7", "8", "9"])
        let course = run(&machine, actions, from: at(1_000), until: at(10_900)) { $0 == seed ? foreign : nil }
        #expect(course.lost == nil && course.adopted == nil && machine.map?.nodeID(of: a) == "1")
        let reason = "it is a node of another cluster, or another one than before"
        guard case .unreachable(let failures) = course.reports.last else {
            Issue.record("\(course.reports)")
            return
        }
        #expect(failures.contains(.init(endpoint: seed, reason: reason)))
        #expect(course.asked == [seed, a, b, c])
        let later = run(&machine, machine.timerFired(now: at(10_900), random: 0), from: at(10_900), until: at(14_000)) {
            $0 == seed ? foreign : nil
        }
        let lost = try #require(later.lost)
        let adopted = try #require(later.adopted)
        #expect(lost >= at(11_000) && lost <= at(12_100) && adopted >= lost && adopted <= lost + .seconds(1))
        #expect(machine.map == foreign && later.reports.contains(.abandoned))
    }

    @Test func `After a map was given up its addresses are asked as well, for a map of the same cluster`() throws {
        var (machine, actions) = try failing([a, b, c])
        let course = run(&machine, actions, from: at(1_000), until: at(60_000)) { _ in nil }
        #expect(machine.map == nil && course.reports.filter { $0 == .abandoned }.count == 1)
        let foreign = try thirds([a, b, c], ["7", "8", "9"])
        let later = run(&machine, machine.timerFired(now: at(60_500), random: 0), from: at(60_500), until: at(63_000)) {
            $0 == b ? foreign : nil
        }
        #expect(later.asked == [seed, a, b, c] && later.adopted == nil)
        let moved = try thirds([d, b, other], ["4", "2", "6"])
        actions = machine.timerFired(now: at(63_500), random: 0)
        let last = run(&machine, actions, from: at(63_500), until: at(66_000)) { $0 == b ? moved : nil }
        #expect(machine.map == moved && last.reports.contains(.reachable))
        let calm = run(&machine, machine.timerFired(now: at(66_000), random: 0), from: at(66_000), until: at(73_000)) {
            _ in
            nil
        }
        #expect(calm.asked.isEmpty)
    }

    @Test func `A primary that tells another cluster's map, or calls itself another node, is connected to anew`() throws
    {
        for ids in [["7", "8", "9"], ["7", "2", "3"]] {
            var (machine, _) = try failing([])
            let age = machine.timerFired(now: at(10_000), random: 0)
            let foreign = try thirds([a, b, c], ids)
            let first = machine.refreshed(foreign, age.questions[0], now: at(10_000), random: 0)
            #expect(first.newMap == nil && first.strangers == [a] && machine.map?.nodeID(of: a) == "1")
            // What others say counts.
            let second = machine.refreshed(foreign, age.questions[1], now: at(10_001), random: 0)
            #expect(second.strangers == (ids[1] == "2" ? [] : [b]) && (second.newMap != nil) == (ids[1] == "2"))
        }
    }

    @Test func `Late answers of strangers count as well, and connections that are opened to them again do not`() throws
    {
        var (machine, _) = try failing([])
        let known = try #require(machine.map)
        let foreign = try thirds([a, b, c], ["7", "8", "9"])
        let age = machine.timerFired(now: at(10_000), random: 0)
        _ = machine.refreshed(known, age.questions[0], now: at(10_000), random: 0)
        let late = machine.refreshed(foreign, age.questions[1], now: at(10_001), random: 0)
        #expect(late.strangers == [b] && late.newMap == nil && machine.map == known)
        _ = machine.refreshFailed(age.questions[2], "late", now: at(10_001), random: 0)
        // From now on all are strangers, whose connections are ready again each time.
        let actions = machine.timerFired(now: at(20_000), random: 0)
        let course = run(&machine, actions, from: at(20_000), until: at(29_900)) { $0 == seed ? nil : foreign }
        #expect(course.lost == nil)
        var next = Machine.Actions()
        for node in [a, b, c] {
            next.questions += machine.nodeFailed(node, now: at(29_910), random: 0).questions
            next.questions += machine.nodeReady(node, now: at(29_920), random: 0).questions
        }
        let rest = run(&machine, next, from: at(29_930), until: at(32_000)) { $0 == seed ? foreign : nil }
        #expect(rest.lost != nil && machine.map == foreign)
    }

    @Test func `Primaries without slots are as good as none`() throws {
        var (machine, _) = try failing([])
        let anew = try thirds([a, b, d], ["7", "8", "9"])
        var (now, asked): (NIODeadline, Machine.Actions) = (at(10_000), machine.timerFired(now: at(10_000), random: 0))
        var lost: NIODeadline?
        while now < at(30_000), machine.map != anew {
            var questions = asked.questions
            while !questions.isEmpty {
                let question = questions.removeFirst()
                let more =
                    question.endpoint == seed
                    ? machine.refreshed(anew, question, now: now, random: 0)
                    : machine.refreshFailed(question, "no slots", hasNoSlots: true, now: now, random: 0)
                if more.losesMap { lost = now }
                questions += more.questions
            }
            now = now + .milliseconds(10)
            asked = machine.timerFired(now: now, random: 0)
        }
        #expect(machine.map == anew)
        #expect(try #require(lost) >= at(20_000))
    }

    @Test func `A map is kept while other event loops have connections`() throws {
        var (machine, _) = try failing([])
        for node in [a, b, c] { _ = machine.nodeFailed(node, hasOthers: true, now: at(1_000), random: 0) }
        let actions = machine.timerFired(now: at(1_050), random: 0)
        let course = run(&machine, actions, from: at(1_050), until: at(30_000)) { _ in nil }
        #expect(course.lost == nil && machine.map != nil && course.asked == [seed, a, b, c])
        // The last ones are lost as well.
        for node in [a, b, c] { _ = machine.nodeFailed(node, now: at(30_000), random: 0) }
        let rest = run(&machine, machine.timerFired(now: at(30_010), random: 0), from: at(30_010), until: at(45_000)) {
            _ in nil
        }
        #expect(try #require(rest.lost) >= at(40_000))
    }

    @Test func `Replicas that have joined since count as members`() throws {
        var (machine, _) = try failing([])
        let age = machine.timerFired(now: at(10_000), random: 0)
        let joined = try thirds([a, b, c], ["1", "2", "3"], replicas: ["10", "11", "12"])
        #expect(machine.refreshed(joined, age.questions[0], now: at(10_000), random: 0).newMap == nil)
        var actions = Machine.Actions()
        for node in [a, b, c] {
            let more = machine.nodeFailed(node, now: at(11_000), random: 0)
            actions.questions += more.questions
        }
        let promoted = try thirds([seed, d, other], ["10", "11", "12"])
        let course = run(&machine, actions, from: at(11_000), until: at(12_000)) { $0 == seed ? promoted : nil }
        #expect(course.adopted != nil && machine.map == promoted)
    }

    @Test func `A replica that has become a primary counts at once where no primary can be reached`() throws {
        var (machine, actions) = try failing([a, b, c])
        let promoted = try thirds([seed, d, other], ["4", "5", "6"])
        let course = run(&machine, actions, from: at(1_000), until: at(2_000)) { $0 == seed ? promoted : nil }
        #expect(course.adopted != nil && course.lost == nil && machine.map == promoted)
    }

    @Test func `A map of which a primary can be reached is kept, also if none tells one`() throws {
        var (machine, actions) = try failing([a, b])
        let foreign = try thirds([a, b, d], ["7", "8", "9"])
        let course = run(&machine, actions, from: at(1_000), until: at(60_000)) { $0 == seed ? foreign : nil }
        #expect(course.lost == nil && course.adopted == nil)
        // One that comes and goes begins another ten seconds.
        var (second, more) = try failing([a, b, c])
        _ = run(&second, more, from: at(1_000), until: at(9_000)) { _ in nil }
        more = second.nodeReady(c, now: at(9_000), random: 0)
        _ = run(&second, more, from: at(9_000), until: at(9_100)) { _ in nil }
        more = second.nodeFailed(c, now: at(9_100), random: 0)
        let rest = run(&second, more, from: at(9_100), until: at(25_000)) { _ in nil }
        let lost = try #require(rest.lost)
        #expect(lost >= at(19_100) && lost <= at(20_200))
    }
}
