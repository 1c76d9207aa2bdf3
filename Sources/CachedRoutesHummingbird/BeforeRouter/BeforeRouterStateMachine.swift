/// Whose turn it is on a connection: of what is answered before the router, or of the router.
///
/// Requests are taken one after the other, so that their answers are in order. Events come in, and ``next(buffered:)`` says what
/// is to be done; nothing here knows a channel.
///
/// ```
///            ┌──────── answered ────────┐
///            ▼                          │
/// ──▶ reading ──▶ looking ──▶ (draining)┴──▶ ended: the last answer has been written
///        │  ▲        │
///        ▼  │        ▼
///      routed (body passed on, answered)          handedOver: the router has the connection for good
/// ```
struct BeforeRouterStateMachine {
    private enum State {
        /// At the beginning of a request or in its head, of which so many bytes are known not to be all.
        case reading(examined: Int)
        /// The store has been asked.
        case looking
        /// The client has not yet taken what was sent.
        case draining
        /// Nothing more is answered until all that was written is on its way.
        case finishing
        /// The last answer has been written, and said so.
        case ended
        /// The router has a request.
        case routed(bodyLeft: Int, isAnswered: Bool)
        /// The router has the connection.
        case handedOver
    }

    enum Step: Equatable {
        /// Nothing, until something happens.
        case wait
        /// Look at the bytes that have come, and say what they are.
        case examine
        /// Give the router so many of the bytes that have come.
        case forward(Int)
        /// Tell the router that the client has nothing more to say.
        case tellInputClosed
        /// Say when all that was written is on its way.
        case finishWriting
        /// Forget the bytes that have come.
        case drop
    }

    /// So many bytes are taken in while they can't be looked at.
    static let longestQueue = 64 * 1024

    private var state = State.reading(examined: 0)
    /// The client has nothing more to say, and the router is to be told once requests before that have been answered.
    private var holdsInputClosed = false
    private var hasUnwritten = false

    /// Whether more may come from the client, of which so much waits already.
    func mayRead(buffered: Int) -> Bool {
        switch state {
        case .looking, .draining, .finishing, .routed(bodyLeft: 0, _): buffered < Self.longestQueue
        case .reading, .routed, .handedOver, .ended: true
        }
    }

    /// What is to be done while so many bytes from the client have been neither answered nor passed on.
    mutating func next(buffered: Int) -> Step {
        if case .routed(bodyLeft: 0, isAnswered: true) = state { state = .reading(examined: 0) }
        switch state {
        case .looking, .draining, .finishing: return .wait
        case .handedOver: return buffered > 0 ? .forward(buffered) : tell()
        case .ended: return buffered > 0 ? .drop : .wait
        case .routed(let bodyLeft, let isAnswered):
            guard buffered > 0 else { return tell() }
            guard bodyLeft > 0 else { return .wait }
            let count = min(bodyLeft, buffered)
            state = .routed(bodyLeft: bodyLeft - count, isAnswered: isAnswered)
            return .forward(count)
        case .reading(let examined):
            if buffered > examined { return .examine }
            guard holdsInputClosed else { return .wait }
            if hasUnwritten {
                state = .finishing
                return .finishWriting
            }
            if buffered > 0 {
                // A head that will never be whole is the router's to refuse.
                state = .handedOver
                return .forward(buffered)
            }
            return tell()
        }
    }

    private mutating func tell() -> Step {
        guard holdsInputClosed else { return .wait }
        holdsInputClosed = false
        return .tellInputClosed
    }

    // MARK: - What happens

    /// The bytes that were looked at are not all of a head.
    mutating func isIncomplete(_ count: Int) { state = .reading(examined: count) }

    /// The store has been asked for the request that was looked at.
    mutating func looks() { state = .looking }

    /// The request has been answered.
    ///
    /// - Parameters:
    ///   - isDrained: whether the client takes what it is sent as fast as it comes.
    ///   - isLast: whether the answer says that it is the last one of its connection (RFC 9112, 9.6).
    mutating func answered(isDrained: Bool, isLast: Bool = false) {
        hasUnwritten = true
        state = isLast ? .ended : isDrained ? .reading(examined: 0) : .draining
    }

    /// The client takes more again.
    mutating func drained() {
        if case .draining = state { state = .reading(examined: 0) }
    }

    /// All that was written is on its way.
    mutating func written() {
        hasUnwritten = false
        if case .finishing = state { state = .reading(examined: 0) }
    }

    /// The head that was looked at is given to the router, which answers the request.
    ///
    /// - Parameters:
    ///   - bodyLength: the bytes that belong to it.
    ///   - endsConnection: nothing that follows is a request.
    mutating func routed(bodyLength: Int, endsConnection: Bool) {
        state = endsConnection ? .handedOver : .routed(bodyLeft: bodyLength, isAnswered: false)
    }

    /// From now on everything is the router's.
    mutating func handOver() { state = .handedOver }

    /// The router's answer has been written.
    mutating func routerHasAnswered() {
        hasUnwritten = true
        if case .routed(let bodyLeft, _) = state { state = .routed(bodyLeft: bodyLeft, isAnswered: true) }
    }

    /// Indicates that the client has nothing more to say, and the router has not been told.
    var hasInputClosed: Bool { holdsInputClosed }

    /// The client has nothing more to say.
    mutating func inputClosed() { holdsInputClosed = true }
}
