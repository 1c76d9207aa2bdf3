import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import TestServers
import Testing

@testable import PostgresClient

/// What a listener has told, in order.
final class Heard: Sendable {
    private let state = Mutex<(events: [String], held: [CheckedContinuation<Void, Never>]?)>(([], nil))

    var events: [String] { state.withLock { $0.events } }

    /// Whether something has been told.
    func has(_ event: String) -> Bool { state.withLock { $0.events.contains(event) } }

    /// Holds whoever tells something up from now on.
    func hold() { state.withLock { $0.held = [] } }

    func release() {
        let held = state.withLock { state in
            defer { state.held = nil }
            return state.held ?? []
        }
        for continuation in held { continuation.resume() }
    }

    func add(_ event: String) async {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                state.events.append(event)
                state.held?.append(continuation)
                return state.held != nil
            }
            if !isHeld { continuation.resume() }
        }
    }

    var handler: PostgresListener.Handler {
        PostgresListener.Handler(
            missed: { await self.add($0 == .beforeFirstSession ? "missed" : "\($0)") },
            notified: { await self.add($0) }
        )
    }

    /// The same, with what is found of a table.
    func handler(inspecting tables: @escaping @Sendable () -> [String]) -> PostgresListener.Handler {
        PostgresListener.Handler(
            tables: tables,
            missed: { await self.add($0 == .beforeFirstSession ? "missed" : "\($0)") },
            notified: { await self.add($0) },
            inspected: {
                for report in $0 { await self.add("\(report.name): \(report.fault?.description ?? "right")") }
            }
        )
    }
}

@Suite(.serialized) struct ListenerTests {
    let heard = Heard()

    private func withListener(
        _ url: String,
        limits: ListeningSessionStateMachine.Limits = .init(pingInterval: .milliseconds(20), timeout: .seconds(20)),
        inspecting tables: [String] = [],
        _ body: (PostgresListener) async throws -> Void
    ) async throws {
        let handler = tables.isEmpty ? heard.handler : heard.handler(inspecting: { tables })
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        try await withListener(url, limits: limits, handler, logger, body)
    }

    func withListener(
        _ url: String,
        limits: ListeningSessionStateMachine.Limits,
        _ handler: PostgresListener.Handler,
        _ logger: Logger,
        _ body: (PostgresListener) async throws -> Void
    ) async throws {
        var configuration = PostgresConfiguration(url: url)
        configuration.applicationName = "listener-tests"
        let listener = try PostgresListener(
            configuration: configuration,
            channel: "odd \"channel\"",
            limits: limits,
            logger: logger
        )
        let running = Task { try await listener.run(handler) }
        do {
            try await body(listener)
        } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        try await running.value
        #expect(listener.lastAnswer == nil)
    }

    func poll(_ what: String, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<3000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("waited for \(what) in vain; heard: \(heard.events)")
    }

    func notify(_ server: PostgresServer, _ payload: String) async throws {
        _ = try await blocking { try server.psql(#"NOTIFY "odd ""channel""", '\#(payload)'"#) }
    }

    /// Waits until the server has answered what was asked after now.
    private func answered(_ listener: PostgresListener) async throws {
        let now = NIODeadline.now()
        try await poll("an answer") { listener.lastAnswer.map { $0 > now } ?? false }
    }

    @Test func noticesAreHeardInOrderAfterWhatWasMissed() async throws {
        let server = try PostgresServer.shared.get()
        try await withListener(server.url) { listener in
            try await poll("a session") { listener.lastAnswer != nil }
            #expect(heard.events == ["missed"])
            for payload in ["users", "orders", "users", "it's"] {
                try await notify(server, payload == "it's" ? "it''s" : payload)
                try await poll(payload) { heard.events.last == payload }
            }
            #expect(heard.events == ["missed", "users", "orders", "users", "it's"])
        }
    }

    @Test func aNotificationIsHandledWithoutWaitingForTheNextQuestion() async throws {
        let server = try PostgresServer.shared.get()
        let limits = ListeningSessionStateMachine.Limits(
            pingInterval: .minutes(10),
            timeout: .seconds(20),
            inspectionInterval: .minutes(10)
        )
        try await withListener(server.url, limits: limits) { listener in
            try await poll("a session") { listener.lastAnswer != nil }
            try await notify(server, "users")
            try await poll("the notification") { heard.events == ["missed", "users"] }
        }
    }

    @Test func noAnswerCountsBeforeTheNoticesThatCameBeforeItAreHandled() async throws {
        let server = try PostgresServer.shared.get()
        try await withListener(server.url) { listener in
            try await poll("a session") { listener.lastAnswer != nil }
            heard.hold()
            try await notify(server, "users")
            try await poll("the notice") { heard.events.contains("users") }
            // It is being handled. The next ones wait, equal ones as one, and so does every answer.
            let last = listener.lastAnswer
            for payload in ["users", "a", "users", "b", "a", "c"] { try await notify(server, payload) }
            try await poll("all of them have come") { listener.waitingNotifications == 4 }
            #expect(listener.lastAnswer == last)
            heard.release()
            try await answered(listener)
            #expect(heard.events == ["missed", "users", "users", "a", "b", "c"])
        }
    }

    @Test func aLostSessionIsReplacedAndWhatWasMissedComesFirst() async throws {
        let server = try PostgresServer.shared.get()
        try await withListener(server.url) { listener in
            try await poll("a session") { listener.lastAnswer != nil }
            heard.hold()
            _ = try await blocking {
                try server.psql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listener-tests'"
                )
            }
            try await poll("the loss") { heard.events == ["missed", "betweenSessions"] }
            #expect(listener.lastAnswer == nil, "what was missed is being handled")
            heard.release()
            try await answered(listener)
            try await notify(server, "users")
            try await poll("a notice") { heard.events == ["missed", "betweenSessions", "users"] }
        }
    }

    @Test func aServerThatHangsOrGoesIsGivenUpAndFoundAgain() async throws {
        let server = try await blocking { try PostgresServer() }
        defer { server.stop() }
        let limits = ListeningSessionStateMachine.Limits(pingInterval: .milliseconds(20), timeout: .milliseconds(500))
        try await withListener(server.url, limits: limits) { listener in
            try await poll("a session") { listener.lastAnswer != nil }
            try await blocking { server.pause() }
            try await poll("the end of the session") { listener.lastAnswer == nil }
            try await blocking { server.resume() }
            try await poll("a session after the pause") { listener.lastAnswer != nil }
            try await blocking { server.kill() }
            try await poll("the end of the session") { listener.lastAnswer == nil }
            try await blocking { try server.start() }
            try await poll("a session after the restart") { listener.lastAnswer != nil }
            try await notify(server, "users")
            try await poll("a notice") { heard.events.last == "users" }
            #expect(heard.events.filter { $0 == "betweenSessions" }.count >= 2)
        }
    }

    @Test func aServerThatIsAwayAtFirstIsNoReasonToFail() async throws {
        let server = try await blocking { try PostgresServer(isStarted: false) }
        defer { server.stop() }
        try await withListener(server.url) { listener in
            #expect(listener.lastAnswer == nil)
            try await blocking { try server.start() }
            try await poll("a session") { listener.lastAnswer != nil }
        }
    }
}

extension ListenerTests {
    @Test func tablesAreInspectedBeforeAnAnswerCountsAndAgainWhenThatIsWanted() async throws {
        let server = try PostgresServer.shared.get()
        _ = try await blocking { try server.psql("DROP TABLE IF EXISTS lt, lts; CREATE TABLE lt ()") }
        heard.hold()
        try await withListener(server.url, inspecting: ["lt"]) { listener in
            try await poll("a session") { heard.events == ["missed"] }
            heard.release()
            try await poll("an inspection") { heard.events == ["missed", "lt: it has no triggers"] }
            try await poll("an answer") { listener.lastAnswer != nil }
            _ = try await blocking { try server.psql("DROP TABLE lt; CREATE TABLE lts ()") }
            listener.inspectSoon()
            try await poll("an inspection") {
                heard.events.last == "lt: there is no such table; did you mean 'lts'?"
            }
        }
        _ = try await blocking { try server.psql("DROP TABLE lts") }
    }

    @Test func whoeverSettlesAfterACommitFindsEverythingHandledThatItNotified() async throws {
        let server = try PostgresServer.shared.get()
        try await withListener(server.url) { listener in
            await listener.settle()
            try await poll("a session") { listener.lastAnswer != nil }
            // Each on a connection of its own, as a pool has them.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<4 {
                    group.addTask { [heard] in
                        try await withClient(server.url) { client in
                            for round in 0..<500 {
                                let payload = "\(worker)-\(round)"
                                let notify = PostgresStatement(
                                    sql: #"SELECT pg_notify('odd "channel"', $1)"#,
                                    shape: .none
                                )
                                var parameters = PostgresParameters()
                                parameters.append(payload)
                                _ = try await client.write(
                                    notify,
                                    parameters,
                                    PostgresTransactionOptions(),
                                    deadline: .seconds(20)
                                )
                                await listener.settle()
                                #expect(heard.has(payload))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func whoeverSettlesInVainHasNothingBelievedUntilItIsHandled() async throws {
        let server = try PostgresServer.shared.get()
        let limits = ListeningSessionStateMachine.Limits(
            pingInterval: .milliseconds(20),
            timeout: .seconds(20),
            settleTimeout: .milliseconds(50)
        )
        try await withListener(server.url, limits: limits) { listener in
            try await poll("a session") { listener.lastAnswer != nil }
            heard.hold()
            try await notify(server, "users")
            try await poll("the notice") { heard.events.contains("users") }
            #expect(listener.lastAnswer != nil)
            await listener.settle()
            #expect(listener.lastAnswer == nil)
            heard.release()
            try await answered(listener)
            await listener.settle()
            #expect(listener.lastAnswer != nil)
        }
        // Nobody listens any more, so that there is nothing to wait for.
        let listener = try PostgresListener(
            configuration: PostgresConfiguration(url: server.url),
            channel: "c",
            logger: Logger(label: "test")
        )
        await listener.settle()
    }
}

@Suite struct ListenerMachineTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let limits = ListeningSessionStateMachine.Limits(pingInterval: .seconds(1), timeout: .seconds(4))

    // `#expect` can't call what mutates a value.
    private func due(_ machine: inout ListeningSessionStateMachine, _ now: NIODeadline)
        -> ListeningSessionStateMachine.Action
    {
        machine.due(now)
    }

    private func answered(_ machine: inout ListeningSessionStateMachine, _ now: NIODeadline)
        -> ListeningSessionStateMachine
        .Answer?
    {
        machine.answered(now)
    }

    @Test func aSubscriptionIsFollowedByAnInspectionAndAQuestionEachInterval() {
        var machine = ListeningSessionStateMachine(limits: limits, now: start)
        #expect(due(&machine, start + .milliseconds(3999)) == .none)
        let first = start + .milliseconds(10)
        #expect(answered(&machine, first) == .init(question: .subscription, askedAt: start))
        #expect(due(&machine, first) == .ask(.inspection))
        #expect(due(&machine, first) == .none)
        #expect(answered(&machine, first) == .init(question: .inspection, askedAt: first))
        for second in Int64(1)...9 {
            let asked = first + .seconds(second)
            #expect(machine.deadline == asked)
            #expect(due(&machine, asked - .nanoseconds(1)) == .none)
            #expect(due(&machine, asked) == .ask(.life))
            #expect(due(&machine, asked + .milliseconds(1)) == .none)
            #expect(answered(&machine, asked + .milliseconds(300)) == .init(question: .life, askedAt: asked))
            #expect(answered(&machine, asked + .milliseconds(400)) == nil)
        }
        #expect(due(&machine, first + .seconds(10)) == .ask(.inspection))
    }

    @Test func aServerThatDoesNotAnswerIsGivenUp() {
        var machine = ListeningSessionStateMachine(limits: limits, now: start)
        #expect(due(&machine, start + .seconds(4)) == .giveUp)
        machine = ListeningSessionStateMachine(limits: limits, now: start)
        _ = machine.answered(start)
        #expect(due(&machine, start + .seconds(1)) == .ask(.inspection))
        #expect(due(&machine, start + .milliseconds(4999)) == .none)
        #expect(due(&machine, start + .seconds(5)) == .giveUp)
    }

    @Test func aLateAnswerIsFollowedByTheNextQuestionAtOnce() {
        var machine = ListeningSessionStateMachine(limits: limits, now: start)
        _ = machine.answered(start)
        #expect(due(&machine, start + .seconds(1)) == .ask(.inspection))
        _ = machine.answered(start + .seconds(3))
        #expect(due(&machine, start + .seconds(3)) == .ask(.life))
    }

    /// A machine that has inspected the tables at `start`.
    private var settled: ListeningSessionStateMachine {
        var machine = ListeningSessionStateMachine(limits: limits, now: start)
        _ = machine.answered(start)
        _ = machine.due(start)
        _ = machine.answered(start)
        return machine
    }

    @Test func whoWaitsForAnAnswerIsAskedForAtOnceAndOnce() {
        var machine = settled
        let time = start + .milliseconds(100)
        machine.want(answerSince: start)
        #expect(due(&machine, time) == .none, "what was asked at that time will do")
        machine.want(answerSince: time)
        #expect(due(&machine, time) == .ask(.life))
        // Others come while it is being answered: one more question is for all of them.
        machine.want(answerSince: time + .milliseconds(1))
        machine.want(answerSince: time + .milliseconds(2))
        machine.want(answerSince: time)
        #expect(due(&machine, time + .milliseconds(2)) == .none)
        #expect(answered(&machine, time + .milliseconds(3)) == .init(question: .life, askedAt: time))
        #expect(due(&machine, time + .milliseconds(3)) == .ask(.life))
        _ = machine.answered(time + .milliseconds(4))
        #expect(due(&machine, time + .milliseconds(4)) == .none)
        #expect(machine.deadline == time + .milliseconds(1003))
    }

    @Test func anInspectionThatFailsIsTriedLaterAndLaterAndTheServerIsAskedMeanwhile() {
        var machine = ListeningSessionStateMachine(limits: limits, now: start)
        _ = machine.answered(start)
        var asked = start
        for seconds in [10, 20, 40, 80, 80, 80] as [Int64] {
            #expect(due(&machine, asked) == .ask(.inspection))
            #expect(machine.isInspecting)
            let failed = machine.inspectionFailed(asked + .milliseconds(300))
            #expect(failed == .init(question: .inspection, askedAt: asked))
            // Whoever wants one has to wait too.
            machine.wantInspection(asked + .milliseconds(400))
            for second in 1..<seconds {
                #expect(due(&machine, asked + .seconds(second)) == .ask(.life))
                #expect(machine.answered(asked + .seconds(second)) != nil)
            }
            asked = asked + .seconds(seconds)
        }
        #expect(due(&machine, asked) == .ask(.inspection))
        #expect(answered(&machine, asked) != nil)
        machine.wantInspection(asked)
        #expect(due(&machine, asked + .seconds(1)) == .ask(.inspection))
        #expect(machine.inspectionFailed(asked + .seconds(1)) != nil)
        #expect(machine.deadline == asked + .seconds(2))
    }

    @Test func anInspectionThatIsWantedComesSoonAndNotTooOften() {
        var machine = settled
        machine.wantInspection(start + .milliseconds(1))
        #expect(due(&machine, start + .milliseconds(999)) == .none)
        #expect(due(&machine, start + .seconds(1)) == .ask(.inspection))
        _ = machine.answered(start + .seconds(1))
        #expect(due(&machine, start + .seconds(2)) == .ask(.life))
        _ = machine.answered(start + .seconds(2))
        machine.wantInspection(start + .milliseconds(2500))
        #expect(due(&machine, start + .milliseconds(2500)) == .ask(.inspection))
    }
}

@Suite struct NotificationQueueTests {
    private func items(_ queue: inout PendingNotifications) -> [PendingNotifications.Item] {
        var items: [PendingNotifications.Item] = []
        while let item = queue.next() { items.append(item) }
        return items
    }

    private let time = NIODeadline.uptimeNanoseconds(1)

    @Test func equalNoticesThatWaitAreOne() {
        var queue = PendingNotifications()
        for payload in ["a", "b", "a"] { queue.notified(payload) }
        queue.answer(time, isInspected: true)
        queue.answer(time + .seconds(1), isInspected: true)
        queue.notified("b")
        queue.notified("c")
        queue.answer(time + .seconds(2), isInspected: true)
        #expect(
            items(&queue) == [
                .notification("a"), .notification("b"), .answer(time + .seconds(1), isInspected: true),
                .notification("c"), .answer(time + .seconds(2), isInspected: true),
            ]
        )
        queue.notified("a")
        #expect(items(&queue) == [.notification("a")])
    }

    @Test func aSessionBeginsWithWhatWasMissed() {
        var queue = PendingNotifications()
        queue.missed()
        queue.notified("a")
        #expect(items(&queue) == [.missed(.beforeFirstSession), .notification("a")])
    }

    @Test func whatWasReceivedIsHandledWhateverBecomesOfTheSession() {
        var queue = PendingNotifications()
        queue.missed()
        queue.notified("a")
        queue.inspected([])
        queue.answer(time, isInspected: true)
        queue.notified("b")
        queue.end()
        queue.notified("c")
        queue.missed()
        #expect(
            items(&queue) == [.missed(.betweenSessions), .notification("a"), .notification("b"), .notification("c")]
        )
        queue.notified("a")
        queue.end()
        #expect(items(&queue) == [.notification("a")])
    }

    @Test func tooManyDifferentOnesAreAsGoodAsHavingMissedThem() {
        var queue = PendingNotifications(limit: 2)
        for payload in ["a", "b", "a", "c", "d"] { queue.notified(payload) }
        queue.answer(time, isInspected: true)
        #expect(items(&queue) == [.missed(.tooMany), .notification("d"), .answer(time, isInspected: true)])
    }

    @Test func noAnswerThatWaitsCountsWhereTheTablesCanNoLongerBeInspected() {
        var queue = PendingNotifications()
        queue.answer(time, isInspected: true)
        queue.notified("a")
        queue.answer(time + .seconds(1), isInspected: true)
        queue.inspectionFailed()
        queue.answer(time + .seconds(2), isInspected: false)
        #expect(
            items(&queue) == [
                .answer(time, isInspected: false), .notification("a"), .answer(time + .seconds(2), isInspected: false),
            ]
        )
    }

    @Test func theLastInspectionThatWaitsIsKeptWhateverElseComes() {
        var queue = PendingNotifications(limit: 2)
        let reports = ["1", "2"].map { [TableReport(name: "a", digest: $0, fault: nil)] }
        queue.missed()
        queue.inspected(reports[0])
        queue.answer(time, isInspected: true)
        queue.notified("a")
        queue.inspected(reports[1])
        queue.answer(time + .seconds(1), isInspected: true)
        var copy = queue
        let expected: [PendingNotifications.Item] = [
            .missed(.beforeFirstSession), .answer(time, isInspected: true), .notification("a"), .inspected(reports[1]),
            .answer(time + .seconds(1), isInspected: true),
        ]
        #expect(items(&copy) == expected)
        for payload in ["b", "c", "d"] { queue.notified(payload) }
        #expect(items(&queue) == [.missed(.tooMany), .inspected(reports[1]), .notification("d")])
    }
}
