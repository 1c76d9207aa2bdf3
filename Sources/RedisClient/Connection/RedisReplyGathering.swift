import NIOCore

/// Waits, on an event loop, for the replies to the commands of one read of several keys.
struct RedisReplyGathering: Sendable {
    private struct State {
        var collection: RedisValues.Collection
        /// `nil` once the outcome is known.
        var recipient: (@Sendable (Result<RedisValues, RedisError>) -> Void)?
    }

    private let box: NIOLoopBoundBox<State>

    /// It has to be made on the event loop of the replies.
    ///
    /// - Parameter count: the number of keys.
    init(
        _ count: Int,
        on eventLoop: any EventLoop,
        for recipient: @escaping @Sendable (Result<RedisValues, RedisError>) -> Void
    ) {
        box = NIOLoopBoundBox(
            State(collection: RedisValues.Collection(of: count), recipient: recipient),
            eventLoop: eventLoop
        )
    }

    /// Takes the reply for the keys at some positions.
    func take(_ reply: RedisReply, at positions: RedisKeyPositions) {
        guard let (recipient, values) = Self.take(reply, at: positions, &box.value) else { return }
        recipient(.success(values))
    }

    private typealias Outcome = (recipient: @Sendable (Result<RedisValues, RedisError>) -> Void, values: RedisValues)

    private static func take(_ reply: RedisReply, at positions: RedisKeyPositions, _ state: inout State) -> Outcome? {
        state.collection.append(reply, at: positions)
        guard state.collection.missing == 0, let recipient = state.recipient else { return nil }
        state.recipient = nil
        return (recipient, RedisValues(state.collection))
    }

    /// Takes the failure of the key at a position. The first one is that of all.
    func fail(_ error: RedisError, at position: Int) {
        guard let recipient = box.value.recipient else { return }
        box.value.recipient = nil
        recipient(.failure(error.asElement(position)))
    }
}
