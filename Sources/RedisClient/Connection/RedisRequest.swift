import NIOCore
import Synchronization

/// Whether a command that a task waits for still is wanted. Exactly one of answer and cancellation wins.
final class RedisTicket: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case waiting
        case answered
        case abandoned
    }

    private let state = Atomic(State.waiting)

    /// Whether the answer may be delivered.
    func answer() -> Bool {
        state.compareExchange(expected: .waiting, desired: .answered, ordering: .acquiringAndReleasing).exchanged
    }

    /// Whether the waiting task is to be told that it was cancelled.
    func abandon() -> Bool {
        state.compareExchange(expected: .waiting, desired: .abandoned, ordering: .acquiringAndReleasing).exchanged
    }

    var isAbandoned: Bool { state.load(ordering: .acquiring) == .abandoned }
}

/// Who waits for the reply to a command.
struct RedisRequest: RedisWaiter, Sendable {
    /// The command; `nil` once it has been written and cannot be sent again, so that a large value is not held until
    /// the reply.
    private(set) var command: RedisCommand?
    private let recipient: Recipient
    /// Only where a task waits, which can be cancelled.
    private let ticket: RedisTicket?
    /// The kind of the command.
    let kind: RedisCommand.Kind
    /// The time at which the caller asked.
    let askedAt: NIODeadline
    /// The time at which the caller gives up.
    let deadline: NIODeadline
    /// True for a command that only reads.
    let isRead: Bool
    /// True for what was on another connection before, or waited for one.
    var hasWaited = false
    /// The one retry is being used.
    var isRetry = false

    /// Who gets the reply or the failure, on the event loop of the connection.
    enum Recipient: Sendable {
        case promise(EventLoopPromise<RedisReply>)
        case function(@Sendable (Result<RedisReply, RedisError>) -> Void)
    }

    /// - Parameter deadline: when the caller gives up, unless the client does before.
    init(
        _ command: RedisCommand,
        for recipient: Recipient,
        ticket: RedisTicket?,
        now: NIODeadline,
        deadline: NIODeadline = .distantFuture
    ) {
        self.command = command
        kind = command.kind
        isRead = command.isIdempotentRead
        self.deadline = deadline
        self.recipient = recipient
        self.ticket = ticket
        askedAt = now
    }

    var isAbandoned: Bool { ticket?.isAbandoned ?? false }
    var mayBeRetried: Bool { command != nil && !isRetry }

    /// The request as it is kept until the reply comes.
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
