package import NIOCore

/// Decides when a server closes a connection. It is a value type without a clock or a channel.
///
/// Events only record changes. Times are taken when the connection is examined, at intervals that are short compared
/// with the limits. So a request needs no clock reading, and a limit takes effect at most one interval late and never
/// early.
package struct ConnectionStateMachine {
    /// The result of an examination.
    package enum Verdict: Equatable {
        case keep
        /// Close the output once everything has been sent, and read for a while longer (RFC 9112, 9.6).
        case finish(CloseReason)
        /// Close at once.
        case close(CloseReason)
    }

    private enum Phase {
        case head, idle, body, answering
        /// The request has its response, and the rest of its body is still expected.
        case unreadBody
    }

    private let limits: ConnectionTimeouts
    /// The number of requests whose head has arrived and whose response has not been written.
    private var requests = 0
    private var isReadingBody = false
    private var isReadingHead = true
    /// Indicates that requests are streams of the connection, so that input may be of any of them, or of none.
    package private(set) var isMultiplexed = false
    /// The time of the first examination in the current phase; `nil` if there was none.
    private var phaseBegan: NIODeadline?

    /// The number of bytes that the system had accepted at the last examination.
    private var taken = 0
    private var stalledSince: NIODeadline?

    private var quiesceBegan: NIODeadline?
    private var lingerBegan: NIODeadline?
    private var lastDiscard: NIODeadline?
    private var hasDiscarded = false

    /// Indicates that the server is shutting down, so that the next response is the last one.
    package private(set) var isQuiescing = false
    /// Indicates that the last response has been written, so that input is discarded.
    package private(set) var isEnding = false

    /// Makes the state of a new connection, which expects its first request head.
    package init(limits: ConnectionTimeouts) {
        self.limits = limits
    }

    /// The time since which no pending byte has been accepted; `nil` if none is pending.
    package var noProgressSince: NIODeadline? { stalledSince }

    private var phase: Phase {
        if requests > 0 { return isReadingBody ? .body : .answering }
        if isReadingBody { return .unreadBody }
        return isReadingHead ? .head : .idle
    }

    // MARK: - Events

    /// Records input.
    package mutating func received() {
        if isEnding {
            hasDiscarded = true
        } else if isReadingBody {
            if requests > 0 { phaseBegan = nil }
        } else if requests == 0, !isMultiplexed {
            headBegan()
        }
    }

    /// Records that requests are streams of the connection (RFC 9113): input does not begin a request head from now
    /// on, because it may be of no request. The first request has the time of a head.
    package mutating func becomesMultiplexed() { isMultiplexed = true }

    /// Records the first bytes of a request head, after a request that has its response.
    package mutating func headBegan() {
        guard requests == 0, !isReadingHead else { return }
        isReadingHead = true
        phaseBegan = nil
    }

    /// Records a complete request head.
    package mutating func requestBegan(hasBody: Bool) {
        requests += 1
        isReadingHead = false
        isReadingBody = hasBody
        phaseBegan = nil
    }

    /// Records the end of the latest request.
    package mutating func requestReceived() {
        isReadingBody = false
        phaseBegan = nil
    }

    /// Records a complete response.
    package mutating func responseWritten() {
        requests = max(0, requests - 1)
        isReadingHead = false
        phaseBegan = nil
    }

    /// Records the beginning of a shutdown.
    package mutating func quiesce() { isQuiescing = true }

    /// Records that the last response has been written.
    package mutating func end() { isEnding = true }

    // MARK: - Examinations

    /// Updates the progress of the connection's output.
    ///
    /// - Parameters:
    ///   - taken: the number of bytes that the system has accepted since the opening of the connection.
    ///   - pending: the number of bytes that it has not accepted.
    ///   - now: the current time.
    package mutating func progress(taken: Int, pending: Int, at now: NIODeadline) {
        if pending == 0 {
            stalledSince = nil
        } else if taken > self.taken || stalledSince == nil {
            stalledSince = now
        }
        self.taken = taken
    }

    /// Enforces the limits, after a call of ``progress(taken:pending:at:)``.
    ///
    /// - Parameters:
    ///   - now: the current time.
    ///   - isServed: tells if the connection's requests get responses.
    package mutating func examine(at now: NIODeadline, isServed: Bool = true) -> Verdict {
        if let stalledSince, now >= stalledSince + limits.write { return .close(.write) }
        if isQuiescing {
            let began = Self.note(&quiesceBegan, now)
            if now >= began + limits.shutdown { return .close(.shutdown) }
            if !isEnding, requests == 0 || !isServed, now >= began + limits.grace { return .finish(.shutdown) }
        }
        if isEnding { return examineEnd(at: now) }
        if stalledSince != nil, requests == 0 {
            // A client that is still receiving the last response is not idle.
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
        // The client has to receive the response first.
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
