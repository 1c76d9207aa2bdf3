import NIOCore
import Synchronization

/// The state of a command for which a task waits. Either the reply or the cancellation wins.
final class RedisReplyRace: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case waiting
        case answered
        case abandoned
    }

    private let state = Atomic(State.waiting)

    /// Claims the command for its reply.
    ///
    /// - Returns: `true` if the reply is to be delivered.
    func answer() -> Bool {
        state.compareExchange(expected: .waiting, desired: .answered, ordering: .acquiringAndReleasing).exchanged
    }

    /// Claims the command for the cancellation.
    ///
    /// - Returns: `true` if the task is to be told that it was cancelled.
    func abandon() -> Bool {
        state.compareExchange(expected: .waiting, desired: .abandoned, ordering: .acquiringAndReleasing).exchanged
    }

    var isAbandoned: Bool { state.load(ordering: .acquiring) == .abandoned }
}

/// Sends commands again that a node of a cluster has redirected to another one.
protocol RedisRedirectFollower: AnyObject, Sendable {
    /// Takes the error reply to a command, on the event loop of its connection.
    ///
    /// - Returns: `true` if the command is on its way again, so that this reply is not its own.
    func follow(_ reply: RedisReply, to request: RedisRequest, sentBy attempt: RedisClusterAttempt) -> Bool
}

/// An attempt to have a command executed by a cluster.
///
/// It is an object, because all first attempts at a node share one.
final class RedisClusterAttempt: Sendable {
    /// The node to which the command is sent.
    let node: RedisConfiguration.Endpoint
    /// The redirects so far; `nil` for a first attempt.
    let redirects: RedisRedirectStateMachine?
    /// Indicates that `ASKING` has to precede the command, because another node has sent it here.
    let isAsking: Bool
    let follower: any RedisRedirectFollower

    init(
        at node: RedisConfiguration.Endpoint,
        after redirects: RedisRedirectStateMachine? = nil,
        isAsking: Bool = false,
        follower: any RedisRedirectFollower
    ) {
        self.node = node
        self.redirects = redirects
        self.isAsking = isAsking
        self.follower = follower
    }
}

/// A command and the recipient of its reply.
///
/// It is an object, because a value with this many references would cost reference counting at each step of its way.
final class RedisRequest: RedisWaiter, Sendable {
    /// The command; `nil` once it was written and can't be sent again, as it can be in a cluster, so that a large value is
    /// not held until the reply.
    let command: RedisCommand?
    private let recipient: Recipient
    /// The state of a command for which a task waits; `nil` without a task.
    private let ticket: RedisReplyRace?
    /// The kind of the command.
    let kind: RedisCommand.Kind
    /// The time of the caller's request.
    let askedAt: NIODeadline
    /// The time at which the caller gives up.
    let deadline: NIODeadline
    /// Indicates that the command only reads.
    let isRead: Bool
    /// The expected shape of the reply.
    let replyShape: RedisReplyShape
    /// Indicates that the command was on another connection before, or waited for one.
    let hasWaited: Bool
    /// Indicates that the only retry is in use.
    let isRetry: Bool

    /// The recipient of the reply or the error, on the event loop of the connection.
    enum Recipient: Sendable {
        case promise(EventLoopPromise<RedisReply>)
        case function(@Sendable (Result<RedisReply, RedisError>) -> Void)
        /// A read of several keys, of which these are the ones at some positions.
        case gathering(RedisReplyGathering, at: RedisKeyPositions)
    }

    /// The attempt to have the command executed by a cluster; `nil` if the slot's server is the only one.
    let attempt: RedisClusterAttempt?

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - recipient: the recipient of the outcome.
    ///   - ticket: the state of a command for which a task waits.
    ///   - now: the current time.
    ///   - deadline: the time at which the caller gives up.
    ///   - isRetry: tells that the command must not be sent again.
    ///   - attempt: the attempt to have the command executed by a cluster.
    init(
        _ command: RedisCommand,
        for recipient: Recipient,
        ticket: RedisReplyRace?,
        now: NIODeadline,
        deadline: NIODeadline = .distantFuture,
        isRetry: Bool = false,
        attempt: RedisClusterAttempt? = nil
    ) {
        self.command = command
        kind = command.kind
        isRead = command.isIdempotentRead
        replyShape = command.replyShape
        self.deadline = deadline
        self.recipient = recipient
        self.ticket = ticket
        askedAt = now
        hasWaited = false
        self.isRetry = isRetry
        self.attempt = attempt
    }

    private init(
        _ other: RedisRequest,
        command: RedisCommand?,
        hasWaited: Bool,
        isRetry: Bool,
        attempt: RedisClusterAttempt? = nil
    ) {
        self.command = command
        recipient = other.recipient
        ticket = other.ticket
        kind = other.kind
        askedAt = other.askedAt
        deadline = other.deadline
        isRead = other.isRead
        replyShape = other.replyShape
        self.hasWaited = hasWaited
        self.isRetry = isRetry
        self.attempt = attempt ?? other.attempt
    }

    var isAbandoned: Bool { ticket?.isAbandoned ?? false }
    var mayBeRetried: Bool { isRead && command != nil && !isRetry }

    /// The request as it is stored until its reply arrives.
    var written: RedisRequest {
        guard attempt == nil, isRetry || !isRead else { return self }
        return RedisRequest(self, command: nil, hasWaited: hasWaited, isRetry: isRetry)
    }

    /// Indicates that `ASKING` has to precede the command.
    var isAsking: Bool { attempt?.isAsking ?? false }

    /// The request for a node of a cluster, after it was sent to another one or waited.
    func sent(by attempt: RedisClusterAttempt) -> RedisRequest {
        RedisRequest(self, command: command, hasWaited: true, isRetry: isRetry, attempt: attempt)
    }

    /// Follows a reply that is a redirect.
    ///
    /// - Returns: `true` if the command is on its way again, so that this reply is not its own.
    func follow(_ reply: RedisReply) -> Bool {
        guard reply.isOrHasError, let attempt else { return false }
        return attempt.follower.follow(reply, to: self, sentBy: attempt)
    }

    /// The reads of single keys that this read of several is made of, in the order of their values; `nil` for any other
    /// command.
    var singles: [RedisRequest]? {
        guard case .gathering(let gathering, let positions) = recipient, positions.count > 1, let command else {
            return nil
        }
        return positions.enumerated().map { number, position in
            RedisRequest(
                .mget([command.arguments[position]], longElements: number < replyShape.longElements ? 1 : 0),
                for: .gathering(gathering, at: RedisKeyPositions(position)),
                ticket: nil,
                now: askedAt,
                deadline: deadline,
                attempt: attempt
            )
        }
    }

    /// The request after it waited for a connection.
    var delayed: RedisRequest { RedisRequest(self, command: command, hasWaited: true, isRetry: isRetry) }

    /// The request for the next connection, after its own has ended.
    var retry: RedisRequest { RedisRequest(self, command: command, hasWaited: true, isRetry: true) }

    func succeed(_ reply: RedisReply) {
        guard ticket?.answer() ?? true else { return }
        if isAsking, reply.serverID != nil {
            // A copy only here, because each reply comes this way.
            var reply = reply
            reply.serverID = RedisReply.movingServerID
            deliver(reply)
        } else {
            deliver(reply)
        }
    }

    private func deliver(_ reply: RedisReply) {
        switch recipient {
        case .promise(let promise): promise.succeed(reply)
        case .function(let function): function(.success(reply))
        case .gathering(let gathering, let positions): gathering.take(reply, at: positions)
        }
    }

    func fail(_ error: RedisError) {
        guard ticket?.answer() ?? true else { return }
        switch recipient {
        case .promise(let promise): promise.fail(error)
        case .function(let function): function(.failure(error))
        case .gathering(let gathering, let positions):
            gathering.fail(error, at: positions.position(number: error.element) ?? positions.first ?? 0)
        }
    }
}
