/// The reason why a command has no reply.
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
        /// The reply came well and was not whole in time: what it holds is too long for ``RedisConfiguration/commandTimeout``. The
        /// connection was closed.
        public static let replyTooSlow = Code(description: "replyTooSlow")
        /// The server refused the login, the database or service as a whole.
        public static let handshakeFailed = Code(description: "handshakeFailed")
        /// The client has been shut down. The command was not sent.
        public static let shutDown = Code(description: "shutDown")
        /// ``RedisClient/run()`` was called a second time.
        public static let alreadyRunning = Code(description: "alreadyRunning")
    }

    /// The kind of failure.
    public let code: Code
    /// The failure in words.
    public let message: String
    /// The error of a lower layer that led here, if there was one.
    public let underlyingError: (any Error)?
    /// With the codes `replyTooLarge` and `replyTooSlow`: the element of the reply that was too long, or 0 for a reply that is no
    /// array. The server chooses it: there may be no key that belongs to it.
    package let element: Int
    /// With the code `replyTooSlow`: the bytes of the reply that came in time.
    package let received: Int

    /// True where one value is at fault and not the server.
    package var isAboutValue: Bool { code == .replyTooLarge || code == .replyTooSlow }

    /// The error of a reply that its command never has, be it of another type or another length.
    package static func unexpectedReply(to command: RedisCommand.Kind) -> RedisError {
        RedisError(.protocolViolation, "the server answered \(command.rawValue) with an unexpected reply")
    }

    init(_ code: Code, _ message: String, underlying: (any Error)? = nil, element: Int = 0, received: Int = 0) {
        self.element = element
        self.received = received
        self.code = code
        self.message = message
        underlyingError = underlying
    }

    /// Code and message.
    public var description: String { "\(code): \(message)" }
}
