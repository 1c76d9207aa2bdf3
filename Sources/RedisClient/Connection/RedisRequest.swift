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
struct RedisRequest: RedisWaiter, Sendable {
    /// The command; `nil` once it was written and can't be sent again, so that a large value is not held until the
    /// reply.
    private(set) var command: RedisCommand?
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
    var hasWaited = false
    /// Indicates that the only retry is in use.
    var isRetry = false

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
    init(
        _ command: RedisCommand,
        for recipient: Recipient,
        ticket: RedisReplyRace?,
        now: NIODeadline,
        deadline: NIODeadline = .distantFuture
    ) {
        self.command = command
        kind = command.kind
        isRead = command.isIdempotentRead
        longElements = command.longElements
        self.deadline = deadline
        self.recipient = recipient
        self.ticket = ticket
        askedAt = now
    }

    var isAbandoned: Bool { ticket?.isAbandoned ?? false }
    var mayBeRetried: Bool { command != nil && !isRetry }

    /// The request as it is stored until its reply arrives.
    var written: RedisRequest {
        var written = self
        if isRetry || command?.isIdempotentRead != true { written.command = nil }
        return written
    }

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
