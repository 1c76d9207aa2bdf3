/// Whose turn it is on a connection: of what is answered before the router, or of the router.
///
/// Requests are taken one after the other, so that their answers are in order. Events come in, and ``next(buffered:)`` says what
/// is to be done; nothing here knows a channel.
///
/// ```
///            ┌──────── answered ────────┐
///            ▼                          │
/// ──▶ reading ──▶ looking ──▶ (draining)┴──▶ closing: the last answer has been written
///        │  ▲        │
///        ▼  │        ▼
///      routed (body passed on, answered)          handedOver: the router has the connection for good
/// ```
struct BeforeRouterMachine {
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
        case closing(isFinishing: Bool)
        /// The router has a request.
        case routed(bodyLeft: Int, isAnswered: Bool)
        /// The router has the connection.
        case handedOver
    }

    /// What the router is told once requests before it have been answered.
    enum HeldEvent: Equatable {
        /// The server is shutting down.
        case quiesce
        /// The client has nothing more to say.
        case inputClosed
    }

    enum Step: Equatable {
        /// Nothing, until something happens.
        case wait
        /// Look at the bytes that have come, and say what they are.
        case examine
        /// Give the router so many of the bytes that have come.
        case forward(Int)
        /// Tell the router this.
        case tell(HeldEvent)
        /// Say when all that was written is on its way.
        case finishWriting
        /// Forget the bytes that have come.
        case drop
    }

    /// So many bytes are taken in while they can't be looked at.
    static let longestQueue = 64 * 1024

    private var state = State.reading(examined: 0)
    private var held: [HeldEvent] = []
    private var hasUnwritten = false

    /// Whether the connection ends after the answer under way.
    var isQuiescing: Bool { held.contains(.quiesce) }

    /// Whether the router has the connection for good.
    var isHandedOver: Bool { if case .handedOver = state { true } else { false } }

    /// Whether a whole request waits for its answer; `nil`: only the router knows.
    var isAnswering: Bool? {
        switch state {
        case .reading, .draining, .finishing, .closing: false
        case .looking: true
        case .routed(let bodyLeft, let isAnswered): bodyLeft == 0 && !isAnswered
        case .handedOver: nil
        }
    }

    /// Whether more may come from the client, of which so much waits already.
    func mayRead(buffered: Int) -> Bool {
        switch state {
        case .looking, .draining, .finishing, .routed(bodyLeft: 0, _): buffered < Self.longestQueue
        case .reading, .routed, .handedOver, .closing: true
        }
    }

    /// What is to be done while so many bytes from the client have been neither answered nor passed on.
    mutating func next(buffered: Int) -> Step {
        if case .routed(bodyLeft: 0, isAnswered: true) = state { state = .reading(examined: 0) }
        switch state {
        case .looking, .draining, .finishing: return .wait
        case .handedOver: return buffered > 0 ? .forward(buffered) : tell()
        case .closing(let isFinishing):
            if buffered > 0 { return .drop }
            guard hasUnwritten else { return tell() }
            state = .closing(isFinishing: true)
            return isFinishing ? .wait : .finishWriting
        case .routed(let bodyLeft, let isAnswered):
            guard buffered > 0 else {
                // What is told of a shutdown ends the connection with this answer, and others may be on their way.
                guard let index = held.firstIndex(of: .inputClosed) else { return .wait }
                return .tell(held.remove(at: index))
            }
            guard bodyLeft > 0 else { return .wait }
            let count = min(bodyLeft, buffered)
            state = .routed(bodyLeft: bodyLeft - count, isAnswered: isAnswered)
            return .forward(count)
        case .reading(let examined):
            if buffered > examined { return .examine }
            guard let event = held.first else { return .wait }
            if hasUnwritten {
                state = .finishing
                return .finishWriting
            }
            if event == .inputClosed, buffered > 0 {
                // A head that will never be whole is the router's to refuse.
                state = .handedOver
                return .forward(buffered)
            }
            return tell()
        }
    }

    private mutating func tell() -> Step {
        held.isEmpty ? .wait : .tell(held.removeFirst())
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
        state = isLast ? .closing(isFinishing: false) : isDrained ? .reading(examined: 0) : .draining
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

    /// The router is to be told this, in its time.
    mutating func hold(_ event: HeldEvent) {
        if !held.contains(event) { held.append(event) }
    }
}
