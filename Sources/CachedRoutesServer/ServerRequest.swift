public import HTTPTypes

/// A request as a closure that authenticates it receives it, before its body is read.
public struct ServerRequest: Sendable {
    /// The method.
    public let method: HTTPRequest.Method
    /// The request target in origin form: path and query, percent-encoded as they were received.
    public let target: String
    /// The authority that the request is for: the value of `Host`; `nil` if there is none.
    public let authority: String?
    /// The header fields without `Host`.
    public let headerFields: HTTPFields
    /// The address of the client, as trusted proxies have forwarded it, or the other end of the connection; `nil` if it
    /// is not known.
    public let remoteAddress: String?

    /// The path: the target without its query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// Makes a request, for tests of such closures.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: the request target in origin form.
    ///   - authority: the value of `Host`.
    ///   - headerFields: the header fields without `Host`.
    ///   - remoteAddress: the address of the client.
    public init(
        method: HTTPRequest.Method = .get,
        target: String,
        authority: String? = nil,
        headerFields: HTTPFields = [:],
        remoteAddress: String? = nil
    ) {
        self.method = method
        self.target = target
        self.authority = authority
        self.headerFields = headerFields
        self.remoteAddress = remoteAddress
    }
}
