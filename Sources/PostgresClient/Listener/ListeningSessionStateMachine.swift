import NIOCore

/// The state of a listening session from the opening of its connection on: it subscribes, inspects the tables, and then
/// alternates between pings and inspections.
///
/// It is a value type without a connection. Events carry the time at which they happened.
///
/// ```
/// subscribing ─response─▶ idle ──time──▶ asking ─response─▶ idle
///      └────────────────late────────────────┴──────▶ the session is given up
/// ```
struct ListeningSessionStateMachine {
    /// The time limits of a session.
    struct Limits: Sendable {
        /// The interval between pings.
        var pingInterval: TimeAmount = .seconds(1)
        /// The time limit of a response.
        var timeout: TimeAmount = .seconds(4)
        /// The interval between inspections of the tables.
        var inspectionInterval: TimeAmount = .seconds(10)
        /// The longest time for which callers of ``PostgresListener/settle()`` wait.
        var settleTimeout: TimeAmount = .seconds(1)
        /// The time after which the server cancels an inspection, which is before the session would be closed for it.
        var inspectionTimeout: TimeAmount { .nanoseconds(max(1_000_000, timeout.nanoseconds / 4 * 3)) }
    }

    /// A request to the server.
    enum Question: Sendable, Equatable {
        /// `LISTEN`, which is the first request.
        case subscription
        /// A ping.
        case life
        /// An inspection of the tables, which is the second request and is repeated.
        case inspection
    }

    private enum State {
        case idle(until: NIODeadline)
        case asking(Question, since: NIODeadline)
    }

    private let limits: Limits
    private var state: State
    private var lastQuestion: NIODeadline
    /// The earliest time of a request whose response is wanted.
    private var wantedSince = NIODeadline.uptimeNanoseconds(0)
    private var lastInspection: NIODeadline?
    private var nextInspection: NIODeadline
    /// The number of consecutive failed inspections.
    private var failedInspections = 0

    /// Makes the state of a session that is sending its subscription.
    init(limits: Limits, now: NIODeadline) {
        self.limits = limits
        state = .asking(.subscription, since: now)
        lastQuestion = now
        nextInspection = now
    }

    /// The time at which to call ``due(_:)``.
    var deadline: NIODeadline {
        switch state {
        case .asking(_, let since): since + limits.timeout
        case .idle(let until): wantedSince > lastQuestion ? .uptimeNanoseconds(0) : min(until, nextInspection)
        }
    }

    /// Indicates that an inspection is in progress.
    var isInspecting: Bool { if case .asking(.inspection, _) = state { true } else { false } }

    /// Requests a ping as soon as possible, unless a request was sent at this time or later.
    mutating func want(answerSince time: NIODeadline) {
        wantedSince = max(wantedSince, time)
    }

    /// Requests an inspection soon: at least a ping's interval after the last one, and not while inspections fail.
    mutating func wantInspection(_ now: NIODeadline) {
        guard failedInspections == 0 else { return }
        nextInspection = min(nextInspection, lastInspection.map { $0 + limits.pingInterval } ?? now)
    }

    /// A request that has its response.
    struct Answer: Equatable {
        /// The request.
        var question: Question
        /// The time at which the request was sent. All earlier notifications have arrived before the response.
        var askedAt: NIODeadline
    }

    /// Records a response.
    ///
    /// - Returns: the request; `nil` if there was none.
    mutating func answered(_ now: NIODeadline) -> Answer? {
        guard case .asking(let question, let since) = state else { return nil }
        state = .idle(until: max(now, since + limits.pingInterval))
        if question == .inspection { failedInspections = 0 }
        return Answer(question: question, askedAt: since)
    }

    /// Records that the server has refused or cancelled an inspection. The next one follows after the interval, and
    /// later ones after up to eight intervals.
    mutating func inspectionFailed(_ now: NIODeadline) -> Answer? {
        let failures = failedInspections
        guard let answer = answered(now), answer.question == .inspection else { return nil }
        failedInspections = failures + 1
        let pause = limits.inspectionInterval.nanoseconds << min(failures, 3)
        nextInspection = max(nextInspection, answer.askedAt + .nanoseconds(pause))
        return answer
    }

    /// The next thing to do.
    enum Action: Equatable {
        case none
        /// Send the request.
        case ask(Question)
        /// Close the session, because the server does not respond.
        case giveUp
    }

    /// Decides what to do at `now`.
    mutating func due(_ now: NIODeadline) -> Action {
        guard deadline <= now else { return .none }
        guard case .idle = state else { return .giveUp }
        let question: Question = nextInspection <= now ? .inspection : .life
        state = .asking(question, since: now)
        lastQuestion = now
        if question == .inspection {
            lastInspection = now
            nextInspection = now + limits.inspectionInterval
        }
        return .ask(question)
    }
}
