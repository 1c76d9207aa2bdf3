import NIOCore

/// Decides after each reply to one command whether it is the result, or where the command is sent again.
///
/// ```
/// MOVED          the node that has the slot, at once
/// ASK            the node that is to have it, at once, behind ASKING
/// TRYAGAIN       the same node in the same way, after a pause
/// anything else  the reply is the result
/// ```
struct RedisRedirectStateMachine: Sendable {
    typealias Endpoint = RedisConfiguration.Endpoint

    /// The largest number of redirects of one command. Nodes that have not heard of a change yet may redirect to each other.
    static let mostRedirects = 5
    /// The first and the longest pause after `TRYAGAIN`. It is the time that a few keys take to the other node.
    private static let shortestPause = TimeAmount.milliseconds(10)
    private static let longestPause = TimeAmount.milliseconds(50)

    private let deadline: NIODeadline
    private var redirects = 0
    private var pause = Self.shortestPause
    /// Indicates that the current attempt is sent behind `ASKING`.
    private var isAsking = false

    /// - Parameter deadline: the time from which on nothing is sent again.
    init(deadline: NIODeadline) {
        self.deadline = deadline
    }

    /// The next step for the command.
    enum Step: Hashable, Sendable {
        /// The reply, which may be an error, is the result.
        case deliver
        /// Send the command to a node, after a pause that may be zero. With `asking`, `ASKING` precedes it on the same
        /// connection.
        case resend(to: Endpoint, asking: Bool, after: TimeAmount)
    }

    /// The part of a reply that concerns ``RedisClusterTopologyStateMachine``.
    enum News: Hashable, Sendable {
        /// ``RedisClusterTopologyStateMachine/moved(_:to:by:now:random:)``
        case moved(RedisHashSlot, to: Endpoint?)
        /// ``RedisClusterTopologyStateMachine/refused(by:now:random:)``
        case refused
    }

    /// Takes the reply to the current attempt.
    ///
    /// - Parameters:
    ///   - reply: the reply.
    ///   - node: the node that replied.
    ///   - now: the current time.
    /// - Returns: the next step, and what the topology is to be told before it.
    mutating func replied(
        _ reply: RedisReply,
        by node: Endpoint,
        now: NIODeadline
    ) -> (step: Step, news: News?) {
        guard reply.kind == .error, let error = reply.error else { return (.deliver, nil) }
        switch RedisRedirection(error, by: node) {
        case .moved(let slot, let endpoint):
            return (redirect(to: endpoint, asking: false, now: now), .moved(slot, to: endpoint))
        case .ask(_, let endpoint):
            // The node that replied has the slot as before; but it can't name one that joined.
            return (redirect(to: endpoint, asking: true, now: now), endpoint == nil ? .refused : nil)
        case .tryAgain:
            guard now + pause < deadline else { return (.deliver, nil) }
            defer { pause = min(pause + pause, Self.longestPause) }
            return (.resend(to: node, asking: isAsking, after: pause), nil)
        case .clusterDown: return (.deliver, .refused)
        // `READONLY`, `LOADING` and `MASTERDOWN` end the connection, which the topology learns as a node's failure.
        case nil: return (.deliver, nil)
        }
    }

    private mutating func redirect(to endpoint: Endpoint?, asking: Bool, now: NIODeadline) -> Step {
        guard let endpoint, redirects < Self.mostRedirects, now < deadline else { return .deliver }
        redirects += 1
        isAsking = asking
        return .resend(to: endpoint, asking: asking, after: .zero)
    }
}
