/// The reason for which a command has no reply.
///
/// An error reply of the server is not such an error: it is a ``RedisReply`` whose ``RedisReply/error`` is set, because
/// the connection is sound and the caller usually has to decide what to do.
public struct RedisError: Error, Sendable, CustomStringConvertible {
    /// A kind of failure. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// No connection is ready. The command was not sent.
        public static let unavailable = Code(kind: .unavailable)
        /// Too many commands or bytes are waiting. The command was not sent.
        public static let overloaded = Code(kind: .overloaded)
        /// The command is longer than ``RedisConfiguration/maximumPendingBytes``. It was not sent.
        public static let commandTooLarge = Code(kind: .commandTooLarge)
        /// The server did not reply in time. It may have executed the command, or may still do so.
        public static let timedOut = Code(kind: .timedOut)
        /// The connection ended before the reply arrived. The server may have executed the command.
        public static let connectionLost = Code(kind: .connectionLost)
        /// The server sent something other than RESP2, or a reply without a command. The connection was closed.
        public static let protocolViolation = Code(kind: .protocolViolation)
        /// The reply is larger than ``RedisConfiguration/maximumReplySize``, or one of its elements than
        /// ``RedisConfiguration/maximumLaterElementSize``. The connection was closed.
        public static let replyTooLarge = Code(kind: .replyTooLarge)
        /// The reply arrived at a good rate but was not complete in time: its values are too long for
        /// ``RedisConfiguration/commandTimeout``. The connection was closed.
        public static let replyTooSlow = Code(kind: .replyTooSlow)
        /// The server refused the login, the database or any service.
        public static let handshakeFailed = Code(kind: .handshakeFailed)
        /// The client has been shut down. The command was not sent.
        public static let shutDown = Code(kind: .shutDown)
        /// ``RedisClient/run()`` was called a second time.
        public static let alreadyRunning = Code(kind: .alreadyRunning)

        /// The kinds of this version.
        enum Kind: Hashable, Sendable {
            case unavailable, overloaded, commandTooLarge, timedOut, connectionLost, protocolViolation, replyTooLarge
            case replyTooSlow, handshakeFailed, shutDown, alreadyRunning
        }

        /// The kind.
        let kind: Kind

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The kind of failure.
    public let code: Code
    /// The failure in words.
    public let message: String
    /// The error of a lower layer that caused this one, if there is one.
    public let underlying: (any Error)?
    /// With the codes `replyTooLarge` and `replyTooSlow`, the element of the reply that was too long, or 0 for a reply
    /// that is not an array. It is the server's count: no key need correspond to it.
    package let element: Int
    /// With the code `replyTooSlow`, the number of bytes of the reply that arrived in time.
    package let received: Int

    /// Indicates that the cause is one value and not the server.
    package var isAboutValue: Bool { code == .replyTooLarge || code == .replyTooSlow }

    /// The error of a reply that the command can't have, because of its type or length.
    package static func unexpectedReply(to command: RedisCommand.Kind) -> RedisError {
        RedisError(.protocolViolation, "the server answered \(command.rawValue) with an unexpected reply")
    }

    /// The same error of a reply that is an element of a larger one.
    ///
    /// - Parameter position: the position of the reply.
    func asElement(_ position: Int) -> RedisError {
        RedisError(code, message, underlying: underlying, element: position, received: received)
    }

    /// The error of other commands of a connection that this one has ended, which may be about the value of one command.
    var asLossOfConnection: RedisError {
        let message = "the connection ended before the reply came (\(message))"
        return RedisError(.connectionLost, message, underlying: underlying)
    }

    init(_ code: Code, _ message: String, underlying: (any Error)? = nil, element: Int = 0, received: Int = 0) {
        self.element = element
        self.received = received
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}
