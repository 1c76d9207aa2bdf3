import NIOCore

/// A session that listens, from the moment its connection is open: subscribes, inspects the tables, then asks now and then whether
/// the server is there, and inspects them again.
///
/// Events come in with the time at which they happened, and say what to do. A value type without a connection.
///
/// ```
/// subscribing ──answer──▶ idle ──time──▶ asking ──answer──▶ idle
///      └────────────────late────────────────┴──────▶ the session is given up
/// ```
struct ListenerMachine {
    /// The bounds of a session.
    struct Limits: Sendable {
        /// The time between two questions.
        var pingInterval: TimeAmount = .seconds(1)
        /// The longest time that an answer may take.
        var timeout: TimeAmount = .seconds(4)
        /// The time between two inspections of the tables.
        var inspectionInterval: TimeAmount = .seconds(10)
        /// The longest time that somebody waits until what was notified has been handled.
        var settleTimeout: TimeAmount = .seconds(1)
        /// The time after which the server gives an inspection up, which is before the session is given up for it.
        var inspectionTimeout: TimeAmount { .nanoseconds(max(1_000_000, timeout.nanoseconds / 4 * 3)) }
    }

    /// A question to the server.
    enum Question: Sendable, Equatable {
        /// To listen. The first one.
        case subscription
        /// For a sign of life.
        case life
        /// About the tables. The second one, and then again and again.
        case inspection
    }

    private enum State {
        case idle(until: NIODeadline)
        case asking(Question, since: NIODeadline)
    }

    private let limits: Limits
    private var state: State
    private var lastQuestion: NIODeadline
    /// An answer is wanted that was asked for at this time or later.
    private var wantedSince = NIODeadline.uptimeNanoseconds(0)
    private var lastInspection: NIODeadline?
    private var nextInspection: NIODeadline
    /// The number of inspections that have failed since the last one that did not.
    private var failedInspections = 0

    /// The subscription is being sent now.
    init(limits: Limits, now: NIODeadline) {
        self.limits = limits
        state = .asking(.subscription, since: now)
        lastQuestion = now
        nextInspection = now
    }

    /// The time at which ``due(_:)`` is to be asked.
    var deadline: NIODeadline {
        switch state {
        case .asking(_, let since): since + limits.timeout
        case .idle(let until): wantedSince > lastQuestion ? .uptimeNanoseconds(0) : min(until, nextInspection)
        }
    }

    /// The server has been asked about the tables and has not answered.
    var isInspecting: Bool { if case .asking(.inspection, _) = state { true } else { false } }

    /// Asks as soon as possible, unless that was done at this time or later.
    mutating func want(answerSince time: NIODeadline) {
        wantedSince = max(wantedSince, time)
    }

    /// Has the tables inspected soon: not again before a ping's interval has passed, and not while inspections fail.
    mutating func wantInspection(_ now: NIODeadline) {
        guard failedInspections == 0 else { return }
        nextInspection = min(nextInspection, lastInspection.map { $0 + limits.pingInterval } ?? now)
    }

    /// A question that has been answered.
    struct Answer: Equatable {
        /// The question.
        var question: Question
        /// The time at which it was asked. What was notified before that has come before the answer.
        var askedAt: NIODeadline
    }

    /// The server has answered; `nil`: nothing had been asked.
    mutating func answered(_ now: NIODeadline) -> Answer? {
        guard case .asking(let question, let since) = state else { return nil }
        state = .idle(until: max(now, since + limits.pingInterval))
        if question == .inspection { failedInspections = 0 }
        return Answer(question: question, askedAt: since)
    }

    /// The server has refused to inspect the tables, or given up. They are inspected again after the interval, and then later and
    /// later, up to eight intervals.
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
        /// Ask the server.
        case ask(Question)
        /// The server does not answer: give the session up.
        case giveUp
    }

    /// The next thing to do at `now`.
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
