import HTTPFrontend
import NIOCore
import NIOHTTP1

/// Orders the requests of a connection: one is served after the other, and what arrives meanwhile waits.
///
/// It is a value type without a channel. Events change the state, and ``next(isWritable:)`` returns the next step.
struct RequestSequence {
    /// A part of a request, as the decoder delivers it.
    enum Part {
        case head(HTTPRequestHead)
        /// A head that breaks the rules. Nothing is read after it.
        case refused(RequestHeadRules.Refusal)
        case body(ByteBuffer)
        case end
        /// Bytes that are no request, or no further part of the current one. Nothing is read after them.
        case malformed
    }

    enum Step {
        /// Nothing, until the next event.
        case wait
        /// Serve a request.
        case begin(HTTPRequestHead)
        /// Take a part of the current request's body.
        case body(ByteBuffer)
        /// Record the end of the current request.
        case end
        /// Record that the rest of the current request will not arrive.
        case interrupted
        /// Refuse a request, and close the connection.
        case refuse(RequestHeadRules.Refusal)
        /// Refuse bytes that are no request, and close the connection.
        case refuseMalformed
        /// Close the connection, because the client has closed its side.
        case close
    }

    /// A request that is served.
    private struct Current {
        var wantsBody = false
        var isReceived = false
        var isAnswered = false
        var isInterrupted = false
    }

    /// The number of parts that may wait.
    static let longestQueue = 16

    private var parts = CircularBuffer<Part>()
    private var current: Current?
    private var isInputClosed = false
    /// Indicates that nothing further is read.
    private var isComplete = false
    /// Indicates that the last response has been, or is being, written.
    private var isOver = false

    /// Indicates that more may be read from the client.
    var mayRead: Bool { isOver || parts.count < Self.longestQueue }

    // MARK: - Events

    /// Takes a part of a request.
    mutating func receive(_ part: Part) {
        guard !isComplete, !isOver else { return }
        switch part {
        case .refused, .malformed: isComplete = true
        case .head, .body, .end: break
        }
        parts.append(part)
    }

    /// Records that the client has closed its side.
    mutating func inputClosed() { isInputClosed = true }

    /// Records that the body of the current request is read.
    mutating func wantsBody() { current?.wantsBody = true }

    /// Records the response to the current request.
    ///
    /// - Parameter isLast: true if it is the last one of the connection.
    mutating func answered(isLast: Bool) {
        current?.isAnswered = true
        if isLast { end() }
    }

    private mutating func end() {
        isOver = true
        current = nil
        parts.removeAll()
    }

    // MARK: - Steps

    /// Returns the next step.
    ///
    /// - Parameter isWritable: true if the client receives responses as fast as they are written.
    mutating func next(isWritable: Bool) -> Step {
        while !isOver {
            guard let current else { return isWritable ? begin() : .wait }
            if current.isReceived && current.isAnswered {
                self.current = nil
                continue
            }
            guard current.wantsBody || current.isAnswered, !current.isReceived, let part = parts.first else {
                return .wait
            }
            switch part {
            case .body(let bytes):
                parts.removeFirst()
                // The rest of a body that is not read is discarded.
                if !current.isAnswered { return .body(bytes) }
            case .end:
                parts.removeFirst()
                self.current?.isReceived = true
                if !current.isAnswered { return .end }
            case .malformed, .refused, .head:
                guard current.isAnswered else {
                    guard !current.isInterrupted else { return .wait }
                    self.current?.isInterrupted = true
                    return .interrupted
                }
                self.current = nil
            }
        }
        return .wait
    }

    /// Begins the next request.
    private mutating func begin() -> Step {
        guard let part = parts.popFirst() else {
            guard isInputClosed else { return .wait }
            end()
            return .close
        }
        switch part {
        case .head(let head):
            current = Current()
            return .begin(head)
        case .refused(let refusal):
            end()
            return .refuse(refusal)
        case .malformed, .body, .end:
            end()
            return .refuseMalformed
        }
    }
}
