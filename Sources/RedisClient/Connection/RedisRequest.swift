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

/// A command and the recipient of its reply.
///
/// It is an object, because a value with this many references would cost reference counting at each step of its way.
final class RedisRequest: RedisWaiter, Sendable {
    /// The command; `nil` once it was written and can't be sent again, so that a large value is not held until the
    /// reply.
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
    /// The number of elements of the reply, from the first one on, that may be long.
    let longElements: Int
    /// Indicates that the command was on another connection before, or waited for one.
    let hasWaited: Bool
    /// Indicates that the only retry is in use.
    let isRetry: Bool

    /// The recipient of the reply or the error, on the event loop of the connection.
    enum Recipient: Sendable {
        case promise(EventLoopPromise<RedisReply>)
        case function(@Sendable (Result<RedisReply, RedisError>) -> Void)
    }

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - recipient: the recipient of the outcome.
    ///   - ticket: the state of a command for which a task waits.
    ///   - now: the current time.
    ///   - deadline: the time at which the caller gives up.
    ///   - isRetry: tells that the command must not be sent again.
    init(
        _ command: RedisCommand,
        for recipient: Recipient,
        ticket: RedisReplyRace?,
        now: NIODeadline,
        deadline: NIODeadline = .distantFuture,
        isRetry: Bool = false
    ) {
        self.command = command
        kind = command.kind
        isRead = command.isIdempotentRead
        longElements = command.longElements
        self.deadline = deadline
        self.recipient = recipient
        self.ticket = ticket
        askedAt = now
        hasWaited = false
        self.isRetry = isRetry
    }

    private init(_ other: RedisRequest, command: RedisCommand?, hasWaited: Bool, isRetry: Bool) {
        self.command = command
        recipient = other.recipient
        ticket = other.ticket
        kind = other.kind
        askedAt = other.askedAt
        deadline = other.deadline
        isRead = other.isRead
        longElements = other.longElements
        self.hasWaited = hasWaited
        self.isRetry = isRetry
    }

    var isAbandoned: Bool { ticket?.isAbandoned ?? false }
    var mayBeRetried: Bool { command != nil && !isRetry }

    /// The request as it is stored until its reply arrives.
    var written: RedisRequest {
        guard isRetry || !isRead else { return self }
        return RedisRequest(self, command: nil, hasWaited: hasWaited, isRetry: isRetry)
    }

    /// The request after it waited for a connection.
    var delayed: RedisRequest { RedisRequest(self, command: command, hasWaited: true, isRetry: isRetry) }

    /// The request for the next connection, after its own has ended.
    var retry: RedisRequest { RedisRequest(self, command: command, hasWaited: true, isRetry: true) }

    func succeed(_ reply: RedisReply) {
        guard ticket?.answer() ?? true else { return }
        switch recipient {
        case .promise(let promise): promise.succeed(reply)
        case .function(let function): function(.success(reply))
        }
    }

    func fail(_ error: RedisError) {
        guard ticket?.answer() ?? true else { return }
        switch recipient {
        case .promise(let promise): promise.fail(error)
        case .function(let function): function(.failure(error))
        }
    }
}
