import ClientSupport
import NIOCore
import Testing

@testable import PostgresClient

@Suite struct PoolStateMachineTests {
    struct Job: PoolSchedulable {
        let id: UInt64
        var group: UInt64
        var concurrency: StatementConcurrencyLimit
        var mayShareConnection = false

        /// - Parameter group: `nil`: one of its own.
        init(id: UInt64, group: UInt64? = nil, _ concurrency: StatementConcurrencyLimit = .unlimited) {
            self.id = id
            self.group = group ?? id + 1_000_000
            self.concurrency = concurrency
        }
    }
    typealias Machine = PoolStateMachine<Job>

    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func machine(_ configure: (inout PostgresConfiguration) -> Void = { _ in }) -> Machine {
        var configuration = PostgresConfiguration(url: nil)
        configuration.maximumConnections = 2
        configure(&configuration)
        return Machine(configuration: configuration) { 0.5 }
    }

    /// The actions in a few words each.
    private func words(_ actions: [Machine.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .run(let job, let id): "run \(job.id) on \(id)"
            case .fail(let job, let error): "fail \(job.id) \(error.code)"
            case .connect(let id): "connect \(id)"
            case .check(let id): "check \(id)"
            case .close(let id, _): "close \(id)"
            case .abandon(let job, let id): "abandon \(job) on \(id)"
            case .reportOutage: "outage"
            case .reportRecovery(let failures): "recovery after \(failures)"
            case .finish: "finish"
            }
        }
    }

    private func submit(_ machine: inout Machine, _ id: UInt64, at now: NIODeadline, within: TimeAmount = .seconds(60))
        -> [String]
    {
        words(machine.submit(Job(id: id), deadline: now + within, now: now))
    }

    private let refused = PostgresError(.unavailable, "refused")

    @Test func queriesAreServedInTheOrderTheyCame() {
        var machine = machine { $0.maximumConnections = 1 }
        #expect(submit(&machine, 1, at: start) == ["connect 1"])
        #expect(submit(&machine, 2, at: start) == [])
        #expect(submit(&machine, 3, at: start) == [])
        #expect(words(machine.connected(1, now: start)) == ["run 1 on 1"])
        #expect(words(machine.released(1, isReusable: true, now: start)) == ["run 2 on 1"])
        #expect(words(machine.released(1, isReusable: true, now: start)) == ["run 3 on 1"])
        #expect(words(machine.released(1, isReusable: true, now: start)) == [])
        #expect(machine.idleCount == 1)
        #expect(submit(&machine, 4, at: start) == ["run 4 on 1"])
    }

    @Test func connectionsAreOpenedForWhoeverWaitsUpToTheMaximum() {
        var machine = machine()
        #expect(submit(&machine, 1, at: start) == ["connect 1"])
        #expect(submit(&machine, 2, at: start) == ["connect 2"])
        #expect(submit(&machine, 3, at: start) == [])
        #expect(words(machine.connected(2, now: start)) == ["run 1 on 2"])
        #expect(words(machine.connected(1, now: start)) == ["run 2 on 1"])
    }

    @Test func fewConnectionsAreOpenedAtATime() {
        var machine = machine {
            $0.maximumConnections = 10
            $0.maximumConcurrentConnects = 2
        }
        var actions: [String] = []
        for id: UInt64 in 1...5 { actions += submit(&machine, id, at: start) }
        #expect(actions == ["connect 1", "connect 2"])
        #expect(words(machine.connected(1, now: start)) == ["run 1 on 1", "connect 3"])
    }

    @Test func aWaiterLeavesAtTheLeaseDeadlineOrAtItsOwn() {
        var machine = machine { $0.maximumConnections = 1 }
        _ = submit(&machine, 1, at: start)
        _ = machine.connected(1, now: start)
        _ = submit(&machine, 2, at: start)
        _ = submit(&machine, 3, at: start, within: .milliseconds(200))
        #expect(machine.nextDeadline == start + .milliseconds(200))
        #expect(words(machine.tick(start + .milliseconds(199))) == [])
        #expect(words(machine.tick(start + .milliseconds(200))) == ["fail 3 deadlineExceeded"])
        #expect(machine.nextDeadline == start + .seconds(1))
        #expect(words(machine.tick(start + .seconds(1))) == ["fail 2 leaseTimeout"])
        #expect(machine.waiterCount == 0)
    }

    @Test func oneWaiterTooManyIsRefused() {
        var machine = machine {
            $0.maximumConnections = 1
            $0.maximumWaiters = 2
        }
        _ = submit(&machine, 1, at: start)
        _ = submit(&machine, 2, at: start)
        #expect(submit(&machine, 3, at: start) == ["fail 3 tooManyWaiters"])
        #expect(words(machine.abandon(1)) == [])
        #expect(submit(&machine, 4, at: start) == [])
        #expect(words(machine.connected(1, now: start)) == ["run 2 on 1"])
        #expect(words(machine.abandon(2)) == ["abandon 2 on 1"])
    }

    @Test func whileTheServerIsAwayQueriesFailAtOnceAndOneAttemptAtATimeIsMade() {
        var machine = machine()
        _ = submit(&machine, 1, at: start)
        _ = submit(&machine, 2, at: start)
        #expect(
            words(machine.connectFailed(1, error: refused, now: start))
                == ["outage", "fail 1 unavailable", "fail 2 unavailable"]
        )
        #expect(words(machine.connectFailed(2, error: refused, now: start)) == [])
        #expect(submit(&machine, 3, at: start) == ["fail 3 unavailable"])
        // The second failure in a row: 200 ms, three quarters of it with this randomness.
        let retry = machine.nextDeadline
        #expect(retry == start + .milliseconds(150))
        #expect(words(machine.tick(retry)) == ["connect 3"])
        #expect(submit(&machine, 4, at: retry) == ["fail 4 unavailable"])
        #expect(words(machine.connected(3, now: retry)) == ["recovery after 2"])
        #expect(submit(&machine, 5, at: retry) == ["run 5 on 3"])
    }

    @Test func failedAttemptsBesideLivingConnectionsFailNobody() {
        var machine = machine()
        _ = submit(&machine, 1, at: start)
        _ = machine.connected(1, now: start)
        #expect(submit(&machine, 2, at: start) == ["connect 2"])
        #expect(words(machine.connectFailed(2, error: refused, now: start)) == ["outage"])
        #expect(words(machine.released(1, isReusable: true, now: start)) == ["run 2 on 1"])
    }

    @Test func anAttemptThatHangsCountsAsFailedForThoseWhoWait() {
        var machine = machine { $0.leaseTimeout = .seconds(10) }
        _ = submit(&machine, 1, at: start)
        #expect(machine.nextDeadline == start + .seconds(3))
        #expect(words(machine.tick(start + .seconds(3))) == ["outage", "fail 1 unavailable"])
        #expect(words(machine.connected(1, now: start + .milliseconds(3001))) == ["recovery after 1"])
    }

    @Test func attemptsThatNeverReturnLeaveRoomForOthersAsFarAsThereAreThreads() {
        var machine = machine {
            $0.maximumConnections = 1
            $0.maximumConcurrentConnects = 2
        }
        _ = submit(&machine, 1, at: start)
        _ = machine.tick(start + .seconds(3))
        let retry = machine.nextDeadline
        #expect(retry == start + .milliseconds(3075))
        #expect(words(machine.tick(retry)) == ["connect 2"])
        #expect(words(machine.tick(retry + .seconds(3))) == [])
        #expect(words(machine.tick(start + .hours(1))) == [])
        #expect(machine.nextDeadline == .distantFuture)
        let end = start + .hours(1)
        #expect(words(machine.connected(2, now: end)) == ["recovery after 2"])
        #expect(words(machine.connected(1, now: end)) == ["close 1"], "there is no place for it any more")
    }

    @Test func sessionsThatBreakAsSoonAsTheyBeginAreReplacedEverMoreSlowly() {
        var machine = machine()
        func lose(_ id: UInt64, at now: NIODeadline) -> [String] {
            words(machine.connected(id, now: now)) + words(machine.lost(id, returning: nil, deadline: now, now: now))
        }
        #expect(words(machine.open(start)) == ["connect 1"])
        #expect(lose(1, at: start) == ["connect 2"])
        #expect(lose(2, at: start) == [])
        let second = start + .milliseconds(75)
        #expect(machine.nextDeadline == second)
        #expect(words(machine.tick(second)) == ["connect 3"])
        #expect(lose(3, at: second) == [])
        let third = second + .milliseconds(150)
        #expect(machine.nextDeadline == third)
        #expect(words(machine.tick(third)) == ["connect 4"])
        _ = machine.connected(4, now: third)
        _ = submit(&machine, 1, at: third)
        _ = machine.released(4, isReusable: true, now: third)
        #expect(words(machine.lost(4, returning: nil, deadline: third, now: third)) == ["connect 5"])
    }

    @Test func aConnectionThatIsPutToUseWhenAnAttemptHangsIsNotClosedAtThatMoment() {
        var machine = machine {
            $0.maximumConnections = 12
            $0.maximumConcurrentConnects = 1
            $0.leaseTimeout = .seconds(10)
            $0.idleTimeout = .seconds(3)
        }
        let end = start + .seconds(60)
        for id: UInt64 in 1...12 {
            _ = submit(&machine, id, at: start)
            _ = machine.connected(id, now: start)
        }
        for id: UInt64 in 7...12 { _ = machine.released(id, isReusable: true, now: start) }
        for id: UInt64 in 1...6 { _ = machine.lost(id, returning: Job(id: id), deadline: end, now: start) }
        let actions = machine.tick(start + .seconds(3))
        var running: Set<UInt64> = []
        for case .run(_, let id) in actions { running.insert(id) }
        for case .close(let id, _) in actions { #expect(!running.contains(id)) }
        #expect(!running.isEmpty || actions.contains { if case .fail = $0 { true } else { false } })
    }

    @Test func aQueryThatLostItsConnectionGoesFirstAndOnlyToAFreshOne() {
        var machine = machine()
        for id: UInt64 in 1...2 {
            _ = submit(&machine, id, at: start)
            _ = machine.connected(id, now: start)
        }
        _ = submit(&machine, 3, at: start)
        #expect(
            words(machine.lost(1, returning: Job(id: 1), deadline: start + .seconds(5), now: start)) == ["connect 3"]
        )
        // The other connection is as old as the broken one: the query that waited longer gets it.
        #expect(words(machine.released(2, isReusable: true, now: start)) == ["run 3 on 2"])
        #expect(words(machine.released(2, isReusable: true, now: start)) == [])
        #expect(words(machine.connected(3, now: start)) == ["run 1 on 3"])
    }

    @Test func aQueryThatLostItsConnectionTakesAnOldOneWhenNoNewOneIsToBeHad() {
        var machine = machine()
        for id: UInt64 in 1...2 {
            _ = submit(&machine, id, at: start)
            _ = machine.connected(id, now: start)
        }
        _ = machine.released(2, isReusable: true, now: start)
        _ = machine.lost(1, returning: Job(id: 1), deadline: start + .seconds(5), now: start)
        #expect(words(machine.connectFailed(3, error: refused, now: start)) == ["outage", "run 1 on 2"])
    }

    @Test func aQueryThatWasNotSentWaitsForANewConnectionAndNotForAnotherIdleOne() {
        var machine = machine { $0.maximumConnections = 3 }
        for id: UInt64 in 1...2 {
            _ = submit(&machine, id, at: start)
            _ = machine.connected(id, now: start)
        }
        for id: UInt64 in 1...2 { _ = machine.released(id, isReusable: true, now: start) }
        #expect(submit(&machine, 3, at: start) == ["run 3 on 2"])
        #expect(words(machine.lost(2, returning: nil, deadline: .distantPast, now: start)) == [])
        #expect(words(machine.returned(Job(id: 3), deadline: start + .seconds(5), now: start)) == ["connect 3"])
        #expect(words(machine.connected(3, now: start)) == ["run 3 on 3"])
    }

    @Test func aQueryThatWasNotSentTakesAnyConnectionWhereThereIsNoPlaceForANewOne() {
        var machine = machine()
        for id: UInt64 in 1...2 {
            _ = submit(&machine, id, at: start)
            _ = machine.connected(id, now: start)
        }
        let end = start + .seconds(5)
        #expect(words(machine.returned(Job(id: 3), deadline: end, now: start)) == [])
        #expect(words(machine.released(2, isReusable: true, now: start)) == ["run 3 on 2"])
        _ = machine.released(1, isReusable: true, now: start)
        #expect(words(machine.returned(Job(id: 4), deadline: end, now: start)) == ["run 4 on 1"])
    }

    @Test func aQueryThatLosesItsConnectionDuringAShutdownFailsAtOnce() {
        var machine = machine()
        for id: UInt64 in 1...2 {
            _ = submit(&machine, id, at: start)
            _ = machine.connected(id, now: start)
        }
        _ = machine.shutDown(start)
        let end = start + .seconds(5)
        #expect(words(machine.lost(1, returning: Job(id: 1), deadline: end, now: start)) == ["fail 1 shutDown"])
        #expect(
            words(machine.lost(2, returning: Job(id: 2), deadline: end, now: start)) == ["fail 2 shutDown", "finish"]
        )
        #expect(words(machine.lost(2, returning: Job(id: 5), deadline: end, now: start)) == ["fail 5 shutDown"])
    }

    @Test func connectionsNotNeededAreClosedAndOldOnesReplaced() {
        var machine = machine {
            $0.maximumLifetime = .minutes(10)
            $0.keepAliveInterval = .hours(1)
        }
        #expect(words(machine.open(start)) == ["connect 1"])
        _ = machine.connected(1, now: start)
        _ = submit(&machine, 1, at: start)
        _ = submit(&machine, 2, at: start)
        _ = machine.connected(2, now: start)
        _ = machine.released(1, isReusable: true, now: start)
        _ = machine.released(2, isReusable: true, now: start)
        #expect(machine.nextDeadline == start + .seconds(60))
        #expect(words(machine.tick(start + .seconds(60))).count == 1)
        #expect(machine.establishedCount == 1)
        // A tenth of the lifetime, times the randomness, is taken off.
        let expiry = start + .seconds(570)
        #expect(machine.nextDeadline == expiry)
        let replaced = words(machine.tick(expiry))
        #expect(replaced.count == 2 && replaced[0].hasPrefix("close") && replaced[1] == "connect 3")
    }

    @Test func aConnectionPastItsLifetimeIsClosedWhenItsQueryEnds() {
        var machine = machine()
        _ = submit(&machine, 1, at: start)
        _ = machine.connected(1, now: start)
        #expect(words(machine.tick(start + .hours(1))) == [])
        #expect(words(machine.released(1, isReusable: true, now: start + .hours(1))) == ["close 1"])
    }

    @Test func aShutdownWaitsForRunningQueriesAndRefusesNewOnes() {
        var machine = machine()
        for id: UInt64 in 1...2 {
            _ = submit(&machine, id, at: start)
            _ = machine.connected(id, now: start)
        }
        _ = machine.released(2, isReusable: true, now: start)
        #expect(words(machine.shutDown(start)) == ["close 2"])
        #expect(submit(&machine, 3, at: start) == ["fail 3 shutDown"])
        #expect(words(machine.released(1, isReusable: true, now: start)) == ["close 1", "finish"])
        #expect(words(machine.connected(9, now: start)) == ["close 9"], "one that comes late is closed")
    }

    @Test func aShutdownEndsAtItsDeadline() {
        var machine = machine()
        _ = submit(&machine, 1, at: start)
        _ = machine.connected(1, now: start)
        _ = machine.shutDown(start)
        #expect(machine.nextDeadline == start + .seconds(5))
        #expect(words(machine.tick(start + .seconds(5))) == ["close 1", "finish"])
    }

    @Test func pausesBetweenAttemptsDoubleUpToTheMaximum() {
        let backoff = ExponentialBackoff(minimum: .milliseconds(100), maximum: .seconds(3))
        #expect(
            (1...8).map { backoff.delay(afterFailures: $0, random: 0) }.map { $0.nanoseconds / 1_000_000 }
                == [50, 100, 200, 400, 800, 1500, 1500, 1500]
        )
        #expect(backoff.delay(afterFailures: 1_000_000, random: 0.999) <= .seconds(3))
    }

    @Test func anIdleConnectionIsAskedWhetherItLivesAndGrowsOldAllTheSame() {
        var machine = machine { $0.keepAliveInterval = .seconds(25) }
        _ = machine.open(start)
        _ = machine.connected(1, now: start)
        _ = submit(&machine, 1, at: start)
        _ = submit(&machine, 2, at: start)
        _ = machine.connected(2, now: start)
        _ = machine.released(1, isReusable: true, now: start)
        _ = machine.released(2, isReusable: true, now: start)
        #expect(machine.nextDeadline == start + .seconds(25))
        let asked = start + .seconds(25)
        #expect(Set(words(machine.tick(asked))) == ["check 1", "check 2"])
        #expect(machine.idleCount == 0)
        // A query that comes meanwhile waits for one of them.
        #expect(submit(&machine, 3, at: asked) == [])
        #expect(words(machine.released(1, isReusable: true, now: asked + .seconds(1))) == ["run 3 on 1"])
        #expect(words(machine.released(2, isReusable: true, now: asked + .seconds(1))) == [])
        #expect(words(machine.released(1, isReusable: true, now: asked + .seconds(2))) == [])
        #expect(machine.nextDeadline == asked + .seconds(26))
        _ = machine.tick(asked + .seconds(26))
        _ = machine.released(2, isReusable: true, now: asked + .seconds(26))
        // The one that did no work since the start is a minute old; the other one is younger.
        #expect(words(machine.tick(start + .seconds(60))).contains("close 2"))
        #expect(machine.establishedCount == 1)
    }

    @Test func aConnectionThatDoesNotAnswerIsReplaced() {
        var machine = machine()
        _ = machine.open(start)
        _ = machine.connected(1, now: start)
        #expect(words(machine.tick(start + .seconds(30))) == ["check 1"])
        #expect(words(machine.released(1, isReusable: false, now: start + .seconds(34))) == ["connect 2"])
    }

    @Test func connectionsToAnotherServerThanWantedAreReplacedOnceItIsThere() {
        var machine = machine {
            $0.session = .preferStandby
            $0.fallbackLifetime = .seconds(20)
        }
        _ = machine.open(start)
        _ = machine.connected(1, isFallback: true, now: start)
        _ = submit(&machine, 1, at: start)
        _ = submit(&machine, 2, at: start)
        _ = machine.connected(2, isFallback: true, now: start)
        _ = machine.released(2, isReusable: true, now: start)
        #expect(machine.nextDeadline == start + .seconds(20))
        // Both go on meanwhile, although there may be no more than two.
        let second = start + .seconds(20)
        #expect(words(machine.tick(second)) == ["connect 3"])
        #expect(words(machine.connected(3, isFallback: true, now: second)) == ["close 3"])
        let third = second + .seconds(20)
        #expect(words(machine.tick(third)).contains("connect 4"))
        _ = machine.released(2, isReusable: true, now: third)
        #expect(words(machine.connected(4, isFallback: false, now: third)) == ["close 2"])
        #expect(words(machine.released(1, isReusable: true, now: third)) == ["close 1"])
        #expect(machine.establishedCount == 1)
        #expect(words(machine.tick(third + .seconds(25))) == [])
    }

    @Test func anAttemptHasTheTimeThatEachHostHas() {
        for (hosts, session, seconds) in [
            ("a", .any, 3), ("a,b", .primary, 6), ("a,b,c", .preferStandby, 18), ("a", .preferStandby, 6),
        ] as [(String, PostgresConfiguration.SessionTarget, Int64)] {
            var configuration = PostgresConfiguration(url: "postgres://\(hosts)/db")
            configuration.session = session
            var machine = Machine(configuration: configuration) { 0.5 }
            _ = machine.open(start)
            #expect(words(machine.tick(start + .seconds(seconds) - .milliseconds(1))) == [])
            #expect(words(machine.tick(start + .seconds(seconds))).contains("outage"))
        }
    }

    @Test func aQueryThatLostItsConnectionDoesNotWaitForOneThatMayNotBeOpened() {
        var machine = machine { $0.maximumConnections = 3 }
        for id: UInt64 in 1...2 {
            _ = submit(&machine, id, at: start)
            _ = machine.connected(id, now: start)
        }
        _ = submit(&machine, 3, at: start)
        _ = machine.connectFailed(3, error: refused, now: start)
        _ = machine.released(1, isReusable: true, now: start)
        _ = machine.released(1, isReusable: true, now: start)
        #expect(
            words(machine.lost(2, returning: Job(id: 2), deadline: start + .seconds(60), now: start)) == ["run 2 on 1"]
        )
    }

    @Test func onlyAQueryThatStillWaitsIsWithdrawn() {
        var machine = machine { $0.maximumConnections = 1 }
        _ = submit(&machine, 1, at: start)
        _ = submit(&machine, 2, at: start)
        _ = machine.connected(1, now: start)
        #expect(words(machine.withdraw(Job(id: 1))) == [])
        #expect(words(machine.withdraw(Job(id: 2))) == ["fail 2 cancelled"])
        #expect(words(machine.released(1, isReusable: true, now: start)) == [])
    }
}
