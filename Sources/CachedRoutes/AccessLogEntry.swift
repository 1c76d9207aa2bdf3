public import HTTPTypes

/// A request that a server has answered, for an access log.
public struct AccessLogEntry: Sendable {
    /// The method.
    public let method: HTTPRequest.Method
    /// The request target as it was received.
    public let target: String
    /// The name of the route in its manifest; `nil` if no route has the path and the method.
    public let route: String?
    /// The status of the response.
    public let status: Int
    /// The number of bytes of the response's body that were sent.
    public let bodyLength: Int
    /// The address of the client; `nil` if it is not known.
    public let remoteAddress: String?

    /// Makes a request.
    package init(
        method: HTTPRequest.Method,
        target: String,
        route: String?,
        status: Int,
        bodyLength: Int,
        remoteAddress: String?
    ) {
        self.method = method
        self.target = target
        self.route = route
        self.status = status
        self.bodyLength = bodyLength
        self.remoteAddress = remoteAddress
    }
}
