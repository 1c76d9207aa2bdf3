package import NIOCore

/// Decides when a server ends a connection. A value type without clock or channel.
///
/// Events only say what has changed; times are taken when the connection is examined, at intervals that are short beside the
/// limits. So a request costs no clock reading, and a limit ends at most one interval late and never early.
package struct ConnectionStateMachine {
    /// The outcome of an examination.
    package enum Verdict: Equatable {
        case keep
        /// Close the output once everything has been sent, and read on for a while (RFC 9112, 9.6).
        case finish(CloseReason)
        /// Close at once.
        case close(CloseReason)
    }

    private enum Phase {
        case head, idle, body, answering
        /// The request has been answered, and the rest of its body is still to come.
        case unreadBody
    }

    private let limits: ConnectionLimits
    /// Requests whose head has come and whose response has not been written.
    private var requests = 0
    private var isReadingBody = false
    private var isReadingHead = true
    /// The time when the current phase was first seen; `nil`: it is new.
    private var phaseBegan: NIODeadline?

    /// The bytes that the system had taken at the last examination.
    private var taken = 0
    private var stalledSince: NIODeadline?

    private var quiesceBegan: NIODeadline?
    private var lingerBegan: NIODeadline?
    private var lastDiscard: NIODeadline?
    private var hasDiscarded = false

    /// Indicates that the server is shutting down: the next response is the last one.
    package private(set) var isQuiescing = false
    /// Indicates that the last response has been written: what comes is discarded.
    package private(set) var isEnding = false

    /// A new connection, which waits for its first request head.
    package init(limits: ConnectionLimits) {
        self.limits = limits
    }

    /// The time since when no byte of what waits was taken; `nil`: nothing waits.
    package var noProgressSince: NIODeadline? { stalledSince }

    private var phase: Phase {
        if requests > 0 { return isReadingBody ? .body : .answering }
        if isReadingBody { return .unreadBody }
        return isReadingHead ? .head : .idle
    }

    // MARK: - Events

    /// Bytes have come from the client.
    package mutating func received() {
        if isEnding {
            hasDiscarded = true
        } else if isReadingBody {
            if requests > 0 { phaseBegan = nil }
        } else if requests == 0 {
            headBegan()
        }
    }

    /// A part of a request head is there, behind a request that has been answered.
    package mutating func headBegan() {
        guard requests == 0, !isReadingHead else { return }
        isReadingHead = true
        phaseBegan = nil
    }

    /// A request head is complete.
    package mutating func requestBegan(hasBody: Bool) {
        requests += 1
        isReadingHead = false
        isReadingBody = hasBody
        phaseBegan = nil
    }

    /// The request that came last is complete.
    package mutating func requestReceived() {
        isReadingBody = false
        phaseBegan = nil
    }

    /// A response has been written.
    package mutating func responseWritten() {
        requests = max(0, requests - 1)
        isReadingHead = false
        phaseBegan = nil
    }

    /// The server shuts down.
    package mutating func quiesce() { isQuiescing = true }

    /// The last response has been written.
    package mutating func end() { isEnding = true }

    // MARK: - Examinations

    /// Notes what the system has taken of the connection's output.
    ///
    /// - Parameters:
    ///   - taken: the number of bytes it has taken since the connection began.
    ///   - pending: the number of bytes that wait.
    package mutating func progress(taken: Int, pending: Int, at now: NIODeadline) {
        if pending == 0 {
            stalledSince = nil
        } else if taken > self.taken || stalledSince == nil {
            stalledSince = now
        }
        self.taken = taken
    }

    /// Decides about the connection, after its ``progress(taken:pending:at:)``.
    ///
    /// - Parameter isServed: whether anybody answers its requests.
    package mutating func examine(at now: NIODeadline, isServed: Bool = true) -> Verdict {
        if let stalledSince, now >= stalledSince + limits.write { return .close(.write) }
        if isQuiescing {
            let began = Self.note(&quiesceBegan, now)
            if now >= began + limits.shutdown { return .close(.shutdown) }
            if !isEnding, requests == 0 || !isServed, now >= began + limits.grace { return .finish(.shutdown) }
        }
        if isEnding { return examineEnd(at: now) }
        if stalledSince != nil, requests == 0 {
            // A client that still takes the last response is not idle.
            phaseBegan = nil
            return .keep
        }
        let elapsed = now - Self.note(&phaseBegan, now)
        switch phase {
        case .head: return elapsed >= limits.head ? .close(.head) : .keep
        case .idle: return elapsed >= limits.idle ? .finish(.idle) : .keep
        case .body, .unreadBody: return elapsed >= limits.idle ? .close(.body) : .keep
        case .answering: return .keep
        }
    }

    private mutating func examineEnd(at now: NIODeadline) -> Verdict {
        // The client first has to take the response.
        guard stalledSince == nil else { return .keep }
        let began = Self.note(&lingerBegan, now)
        if hasDiscarded {
            hasDiscarded = false
            lastDiscard = now
        }
        let isOver = now >= (lastDiscard ?? began) + limits.linger || now >= began + limits.linger * 5
        return isOver ? .close(.linger) : .keep
    }

    private static func note(_ time: inout NIODeadline?, _ now: NIODeadline) -> NIODeadline {
        if let time { return time }
        time = now
        return now
    }
}
