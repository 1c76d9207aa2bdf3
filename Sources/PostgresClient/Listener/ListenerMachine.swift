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
        /// How often the server is asked.
        var pingInterval: TimeAmount = .seconds(1)
        /// How long an answer may take.
        var timeout: TimeAmount = .seconds(4)
        /// How often the tables are inspected.
        var inspectionInterval: TimeAmount = .seconds(10)
        /// How long somebody waits at most until what was notified has been handled.
        var settleTimeout: TimeAmount = .seconds(1)
    }

    /// What the server is asked.
    enum Question: Sendable, Equatable {
        /// To listen. The first one.
        case subscription
        /// Whether it is there.
        case life
        /// What the tables are. The second one, and then again and again.
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

    /// The subscription is being sent now.
    init(limits: Limits, now: NIODeadline) {
        self.limits = limits
        state = .asking(.subscription, since: now)
        lastQuestion = now
        nextInspection = now
    }

    /// When ``due(_:)`` is to be asked.
    var deadline: NIODeadline {
        switch state {
        case .asking(_, let since): since + limits.timeout
        case .idle(let until): wantedSince > lastQuestion ? .uptimeNanoseconds(0) : min(until, nextInspection)
        }
    }

    /// Asks as soon as possible, unless that was done at this time or later.
    mutating func want(answerSince time: NIODeadline) {
        wantedSince = max(wantedSince, time)
    }

    /// Has the tables inspected soon: not again before a ping's interval has passed.
    mutating func wantInspection(_ now: NIODeadline) {
        nextInspection = min(nextInspection, lastInspection.map { $0 + limits.pingInterval } ?? now)
    }

    /// What an answer means.
    struct Answer: Equatable {
        /// What the server was asked.
        var question: Question
        /// When it was asked. What was notified before that has come before the answer.
        var askedAt: NIODeadline
    }

    /// The server has answered; `nil`: nothing had been asked.
    mutating func answered(_ now: NIODeadline) -> Answer? {
        guard case .asking(let question, let since) = state else { return nil }
        state = .idle(until: max(now, since + limits.pingInterval))
        return Answer(question: question, askedAt: since)
    }

    enum Action: Equatable {
        case none
        /// Ask the server.
        case ask(Question)
        /// The server does not answer: give the session up.
        case giveUp
    }

    /// What is to be done at `now`.
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
