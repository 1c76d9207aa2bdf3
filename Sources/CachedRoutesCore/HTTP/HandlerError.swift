/// An error that a handler throws to respond with a problem document; any other error is a 500 that reveals nothing.
///
/// The statuses that require a field, 405, 407 and 426, become a 500 as well, because a problem document cannot have
/// it. Return a ``HandlerResponse`` for 405 and 407.
public struct HandlerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A status of an error, from 400 to 599.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The status.
        public let status: Int

        /// The code of a status.
        ///
        /// - Parameter status: from 400 to 599; any other status becomes 500.
        public init(status: Int) { self.status = (400...599).contains(status) ? status : 500 }

        /// 400 Bad Request.
        public static let badRequest = Code(status: 400)
        /// 401 Unauthorized.
        public static let unauthorized = Code(status: 401)
        /// 403 Forbidden.
        public static let forbidden = Code(status: 403)
        /// 404 Not Found.
        public static let notFound = Code(status: 404)
        /// 409 Conflict.
        public static let conflict = Code(status: 409)
        /// 410 Gone.
        public static let gone = Code(status: 410)
        /// 412 Precondition Failed.
        public static let preconditionFailed = Code(status: 412)
        /// 422 Unprocessable Content.
        public static let unprocessableContent = Code(status: 422)
        /// 429 Too Many Requests.
        public static let tooManyRequests = Code(status: 429)
        /// 500 Internal Server Error.
        public static let internalServerError = Code(status: 500)
        /// 502 Bad Gateway.
        public static let badGateway = Code(status: 502)
        /// 503 Service Unavailable.
        public static let serviceUnavailable = Code(status: 503)
        /// 504 Gateway Timeout.
        public static let gatewayTimeout = Code(status: 504)

        /// The status in digits.
        public var description: String { "\(status)" }
    }

    /// The status of the response.
    public let code: Code
    /// A sentence for the client: the document's `detail`.
    public let message: String

    /// The status, from 400 to 599.
    public var status: Int { code.status }

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: the status of the response.
    ///   - message: a sentence for the client.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - status: from 400 to 599; any other status becomes 500.
    ///   - message: a sentence for the client.
    public init(status: Int, _ message: String) {
        self.init(Code(status: status), message)
    }

    /// The status and the message.
    public var description: String { "\(code): \(message)" }
}
