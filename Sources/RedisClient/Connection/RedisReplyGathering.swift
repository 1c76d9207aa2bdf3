import NIOCore

/// Waits, on an event loop, for the replies to the commands of one read of several keys.
struct RedisReplyGathering: Sendable {
    private struct State {
        var builder: RedisValues.Builder
        /// `nil` once the outcome is known.
        var recipient: (@Sendable (Result<RedisValues, RedisError>) -> Void)?
    }

    private let box: NIOLoopBoundBox<State>

    /// Makes a gathering on the event loop of the replies.
    ///
    /// - Parameters:
    ///   - count: the number of keys.
    ///   - eventLoop: the event loop.
    ///   - recipient: receives the values, or the first failure.
    init(
        _ count: Int,
        on eventLoop: any EventLoop,
        for recipient: @escaping @Sendable (Result<RedisValues, RedisError>) -> Void
    ) {
        let state = State(builder: RedisValues.Builder(count: count), recipient: recipient)
        box = NIOLoopBoundBox(state, eventLoop: eventLoop)
    }

    /// Takes the reply for the keys at some positions.
    func take(_ reply: RedisReply, at positions: RedisKeyPositions) {
        // The recipient may begin other reads, and is not called while the state is being changed.
        guard let (recipient, values) = Self.take(reply, at: positions, &box.value) else { return }
        recipient(.success(values))
    }

    private typealias Outcome = (recipient: @Sendable (Result<RedisValues, RedisError>) -> Void, values: RedisValues)

    private static func take(
        _ reply: RedisReply,
        at positions: RedisKeyPositions,
        _ state: inout State
    ) -> Outcome? {
        state.builder.add(reply, at: positions)
        guard state.builder.missing == 0, let recipient = state.recipient else { return nil }
        state.recipient = nil
        return (recipient, RedisValues(state.builder))
    }

    /// Takes the failure of the key at a position. The first one is that of all.
    func fail(_ error: RedisError, at position: Int) {
        guard let recipient = box.value.recipient else { return }
        box.value.recipient = nil
        recipient(.failure(error.asElement(position)))
    }
}
