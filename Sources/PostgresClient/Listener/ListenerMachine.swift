import NIOCore

/// A session that listens, from the moment its connection is open: subscribes, then asks now and then whether the server is there.
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
    }

    private enum State {
        case subscribing(since: NIODeadline)
        case idle(until: NIODeadline)
        case asking(since: NIODeadline)
    }

    private let limits: Limits
    private var state: State

    /// The subscription is being sent now.
    init(limits: Limits, now: NIODeadline) {
        self.limits = limits
        state = .subscribing(since: now)
    }

    /// When ``due(_:)`` is to be asked.
    var deadline: NIODeadline {
        switch state {
        case .subscribing(let since), .asking(let since): since + limits.timeout
        case .idle(let until): until
        }
    }

    /// What an answer means.
    struct Answer: Equatable {
        /// Whether it is the one to the subscription.
        var isFirst: Bool
        /// When it was asked for. What was notified before that has come before the answer.
        var askedAt: NIODeadline
    }

    /// The server has answered; `nil`: nothing had been asked.
    mutating func answered(_ now: NIODeadline) -> Answer? {
        switch state {
        case .subscribing(let since):
            state = .idle(until: now + limits.pingInterval)
            return Answer(isFirst: true, askedAt: since)
        case .asking(let since):
            state = .idle(until: max(now, since + limits.pingInterval))
            return Answer(isFirst: false, askedAt: since)
        case .idle: return nil
        }
    }

    enum Action: Equatable {
        case none
        /// Ask the server.
        case ask
        /// The server does not answer: give the session up.
        case giveUp
    }

    /// What is to be done at `now`.
    mutating func due(_ now: NIODeadline) -> Action {
        guard deadline <= now else { return .none }
        guard case .idle = state else { return .giveUp }
        state = .asking(since: now)
        return .ask
    }
}
