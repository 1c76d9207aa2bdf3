/// Why a command has no reply.
///
/// A server's error reply is not one of these: it is a ``RedisReply`` whose ``RedisReply/error`` is set, because the
/// connection is sound and the caller usually has something to decide.
public struct RedisError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure; more may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// No connection is ready. The command was not sent.
        public static let unavailable = Code(description: "unavailable")
        /// Too many commands or bytes are waiting already. The command was not sent.
        public static let overloaded = Code(description: "overloaded")
        /// The command is longer than ``RedisConfiguration/maximumPendingBytes``. It was not sent.
        public static let commandTooLarge = Code(description: "commandTooLarge")
        /// The server did not answer in time. It may have carried the command out, or may do so yet.
        public static let timedOut = Code(description: "timedOut")
        /// The connection ended before the reply came. The server may have carried the command out.
        public static let connectionLost = Code(description: "connectionLost")
        /// The server sent what is not RESP2, or a reply nobody had asked for. The connection was closed.
        public static let protocolViolation = Code(description: "protocolViolation")
        /// The reply is larger than ``RedisConfiguration/maximumReplySize``, or an element than
        /// ``RedisConfiguration/maximumLaterElementSize``. The connection was closed.
        public static let replyTooLarge = Code(description: "replyTooLarge")
        /// The server refused the login, the database or service as a whole.
        public static let handshakeFailed = Code(description: "handshakeFailed")
        /// The client has been shut down. The command was not sent.
        public static let shutDown = Code(description: "shutDown")
        /// ``RedisClient/run()`` was called a second time.
        public static let alreadyRunning = Code(description: "alreadyRunning")
    }

    /// What kind of failure it is.
    public let code: Code
    /// What happened, in words.
    public let message: String
    /// The error of a lower layer that led here, if there was one.
    public let underlyingError: (any Error)?
    /// With the code `replyTooLarge`: the element of the reply, or 0 for a reply that is no array, that was too large.
    package let element: Int

    init(_ code: Code, _ message: String, underlying: (any Error)? = nil, element: Int = 0) {
        self.element = element
        self.code = code
        self.message = message
        underlyingError = underlying
    }

    /// Code and message.
    public var description: String { "\(code): \(message)" }
}
