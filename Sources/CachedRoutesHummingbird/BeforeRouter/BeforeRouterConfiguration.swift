public import HTTPTypes
import NIOCore

/// The configuration of responses that are sent before the router, where the app's middleware has no part in them.
///
/// It is about routes with `before-router: true` or `all` only.
public struct BeforeRouterConfiguration: Sendable {
    /// The value of `Server`; `nil`: the field is not sent. The app's own `ApplicationConfiguration` sets it for all else.
    public var serverName: String?
    /// The fields that a request with `Origin` gets beside the answer's own (CORS), the same for every origin.
    ///
    /// `nil`: such requests are answered in the router, whose middleware knows more about origins.
    public var fieldsForOrigins: HTTPFields?
    /// Is told about every answer, on the event loop of its connection: it must not block.
    public var accessLog: (@Sendable (AnsweredRequest) -> Void)?

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - serverName: the value of `Server`; `nil` sends none.
    ///   - fieldsForOrigins: the fields that a response to a request with `Origin` has beside its own; `nil` leaves such
    ///     requests to the router.
    ///   - accessLog: is called for each response, on the event loop of its connection; it must not block.
    public init(
        serverName: String? = nil,
        fieldsForOrigins: HTTPFields? = nil,
        accessLog: (@Sendable (AnsweredRequest) -> Void)? = nil
    ) {
        self.serverName = serverName
        self.fieldsForOrigins = fieldsForOrigins
        self.accessLog = accessLog
    }
}

/// A request that was answered before the router.
public struct AnsweredRequest: Sendable {
    /// GET or HEAD.
    public let method: HTTPRequest.Method
    /// The request target as it came.
    public let target: String
    /// The name of the route in its manifest.
    public let route: String
    /// The status of the answer.
    public let status: Int
    /// How many bytes of a body were sent.
    public let bodyLength: Int
    /// Where the request came from; `nil` where that is not known.
    public let remoteAddress: String?
}

/// The bytes of fields that are the same on every answer.
struct ConstantFields: Sendable {
    /// On every answer.
    let all: ByteBuffer
    /// On answers to requests with `Origin` too; `nil`: such requests are not answered.
    let forOrigins: ByteBuffer?

    init(_ configuration: BeforeRouterConfiguration) {
        var all = HTTPFields()
        if let name = configuration.serverName { all[.server] = name }
        self.all = Self.bytes(of: all)
        forOrigins = configuration.fieldsForOrigins.map(Self.bytes)
    }

    private static func bytes(of fields: HTTPFields) -> ByteBuffer {
        ByteBuffer(string: fields.map { "\($0.name.rawName): \($0.value)\r\n" }.joined())
    }
}
