/// Decides for each request of a connection if it is answered early or by the server behind.
///
/// Requests are taken one after the other, so that their responses are in order. Events change the state, and
/// ``next(buffered:)`` returns the next step. A value type without a channel.
///
/// ```
///            ┌──────── answered ────────┐
///            ▼                          │
/// ──▶ reading ──▶ looking ──▶ (draining)┴──▶ ended: the last response has been written
///        │  ▲        │
///        ▼  │        ▼
///      forwarded (body passed on, answered)       handedOver: all further bytes are for the server behind
/// ```
struct EarlyResponseStateMachine {
    private enum State {
        /// At the beginning of a request or in its head, of which the first `examined` bytes are known to be incomplete.
        case reading(examined: Int)
        /// The response is looked up or made.
        case looking
        /// The client has not yet received what was sent.
        case draining
        /// Nothing more is answered until everything written has been passed to the system.
        case finishing
        /// The last response, which announced the end of the connection, has been written.
        case ended
        /// The server behind has a request.
        case forwarded(bodyLeft: Int, isAnswered: Bool)
        /// The server behind has the connection.
        case handedOver
    }

    enum Step: Equatable {
        /// Nothing, until the next event.
        case wait
        /// Examine the received bytes.
        case examine
        /// Pass a number of received bytes on to the server behind.
        case forward(Int)
        /// Tell the server behind that the client has closed its side.
        case tellInputClosed
        /// Report when everything written has been passed to the system.
        case finishWriting
        /// Discard the received bytes.
        case drop
    }

    /// The largest number of bytes that are received while they can't be examined.
    static let longestQueue = 64 * 1024

    private var state = State.reading(examined: 0)
    /// True if the client has closed its side, and the server behind is told once all earlier requests have been
    /// answered.
    private var holdsInputClosed = false
    private var hasUnwritten = false

    /// Indicates that more may be read from the client, `buffered` bytes of which wait already.
    func mayRead(buffered: Int) -> Bool {
        switch state {
        case .looking, .draining, .finishing, .forwarded(bodyLeft: 0, _): buffered < Self.longestQueue
        case .reading, .forwarded, .handedOver, .ended: true
        }
    }

    /// Returns the next step while `buffered` bytes from the client have been neither answered nor passed on.
    mutating func next(buffered: Int) -> Step {
        if case .forwarded(bodyLeft: 0, isAnswered: true) = state { state = .reading(examined: 0) }
        switch state {
        case .looking, .draining, .finishing: return .wait
        case .handedOver: return buffered > 0 ? .forward(buffered) : tell()
        case .ended: return buffered > 0 ? .drop : .wait
        case .forwarded(let bodyLeft, let isAnswered):
            guard buffered > 0 else { return tell() }
            guard bodyLeft > 0 else { return .wait }
            let count = min(bodyLeft, buffered)
            state = .forwarded(bodyLeft: bodyLeft - count, isAnswered: isAnswered)
            return .forward(count)
        case .reading(let examined):
            if buffered > examined { return .examine }
            guard holdsInputClosed else { return .wait }
            if hasUnwritten {
                state = .finishing
                return .finishWriting
            }
            if buffered > 0 {
                // The server behind refuses a head that will never be complete.
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

    // MARK: - Events

    /// Records that the examined bytes are not a whole head.
    mutating func isIncomplete(_ count: Int) { state = .reading(examined: count) }

    /// Records that the response to the examined request is looked up or made.
    mutating func looks() { state = .looking }

    /// Records that a response was written.
    ///
    /// - Parameters:
    ///   - isDrained: true if the client receives responses as fast as they are written.
    ///   - isLast: true if the response announces the end of the connection (RFC 9112, 9.6).
    mutating func answered(isDrained: Bool, isLast: Bool = false) {
        hasUnwritten = true
        state = isLast ? .ended : isDrained ? .reading(examined: 0) : .draining
    }

    /// Records that the client receives again.
    mutating func drained() {
        if case .draining = state { state = .reading(examined: 0) }
    }

    /// Records that everything written has been passed to the system.
    mutating func written() {
        hasUnwritten = false
        if case .finishing = state { state = .reading(examined: 0) }
    }

    /// Records that the server behind gets the examined request, and answers it.
    ///
    /// - Parameters:
    ///   - bodyLength: the length of its body in bytes.
    ///   - endsConnection: true if no request follows.
    mutating func forwarded(bodyLength: Int, endsConnection: Bool) {
        state = endsConnection ? .handedOver : .forwarded(bodyLeft: bodyLength, isAnswered: false)
    }

    /// Records that the server behind gets everything from now on.
    mutating func handOver() { state = .handedOver }

    /// Records that the server behind has written its response.
    mutating func forwardedIsAnswered() {
        hasUnwritten = true
        if case .forwarded(let bodyLeft, _) = state { state = .forwarded(bodyLeft: bodyLeft, isAnswered: true) }
    }

    /// Indicates that the client has closed its side, and that the server behind has not been told.
    var hasInputClosed: Bool { holdsInputClosed }

    /// Records that the client has closed its side.
    mutating func inputClosed() { holdsInputClosed = true }
}
