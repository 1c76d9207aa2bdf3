import CachedRoutes
import HTTPTypes
import NIOCore
import NIOHTTP1

/// A request that is served, until its response has been written.
struct HTTPExchange {
    /// The reading of the request's body.
    enum Body {
        /// Nothing has asked for it.
        case unread
        /// It is collected up to a number of bytes, until a timer fires.
        case collecting(ByteBuffer, limit: Int, timer: Scheduled<Void>)
        case complete
    }

    /// The number of the request on its connection.
    let number: UInt64
    let method: HTTPRequest.Method
    /// The target as it was received.
    let receivedTarget: String
    let target: RequestTarget
    let authority: String?
    /// The header fields without `Host`.
    let fields: HTTPFields
    /// Indicates that the client sends no further request on the connection.
    let isLast: Bool
    /// Indicates that the client waits for `100 Continue` before it sends the body (RFC 9110, 10.1.1).
    var waitsForContinue: Bool
    var endpoint: ServerRoutes.Endpoint?
    /// Ends the wait for the app's closure for context inputs; `nil` if it is not under way.
    var authenticationTimer: Scheduled<Void>?
    var context: any RouteContext = NoContext()
    /// The end of the route's timeout.
    var deadline = NIODeadline.distantFuture
    var body = Body.unread
    /// A task that works for the request.
    var task: Task<Void, Never>?

    /// Creates an exchange for a request; `nil` if its method is malformed.
    init?(_ head: HTTPRequestHead, number: UInt64) {
        guard let method = HTTPRequest.Method(head.method.rawValue) else { return nil }
        self.number = number
        self.method = method
        receivedTarget = head.uri
        target = RequestTarget(head.uri)
        var authority: String?
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        for (name, value) in head.headers {
            guard let name = HTTPField.Name(name) else { continue }
            if name.canonicalName == "host", authority == nil {
                authority = value
            } else {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        self.authority = authority
        self.fields = fields
        isLast = (head.version.major, head.version.minor) < (1, 1) || !head.isKeepAlive
        let hasBody = fields.contains(.transferEncoding) || Self.contentLength(fields) ?? 0 > 0
        waitsForContinue = head.version == .http1_1 && hasBody && fields[.expect]?.lowercased() == "100-continue"
    }

    /// The length of the body that the request announces; `nil` if it announces none.
    var contentLength: Int? { Self.contentLength(fields) }

    private static func contentLength(_ fields: HTTPFields) -> Int? { fields[.contentLength].flatMap { Int($0) } }
}
