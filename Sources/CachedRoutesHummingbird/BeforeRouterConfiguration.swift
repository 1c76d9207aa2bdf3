public import CachedRoutes
import HTTPFrontend
public import HTTPTypes

/// The configuration of responses that are sent before the router, where the app's middleware has no part in them.
///
/// It concerns only routes with `before-router: true` or `all`.
public struct BeforeRouterConfiguration: Sendable {
    /// The value of `Server`; `nil` to send none. All other responses have that of the app's
    /// `ApplicationConfiguration`.
    public var serverName: String?
    /// The fields that a response to a request with `Origin` has beside its own (CORS), the same for every origin.
    ///
    /// `nil` leaves such requests to the router, whose middleware knows more about origins.
    public var fieldsForOrigins: HTTPFields?
    /// Called for each response, on the event loop of its connection; it must not block.
    public var accessLog: (@Sendable (AccessLogEntry) -> Void)?

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - serverName: the value of `Server`; `nil` sends none.
    ///   - fieldsForOrigins: the fields that a response to a request with `Origin` has beside its own; `nil` leaves such
    ///     requests to the router.
    ///   - accessLog: called for each response, on the event loop of its connection; it must not block.
    public init(
        serverName: String? = nil,
        fieldsForOrigins: HTTPFields? = nil,
        accessLog: (@Sendable (AccessLogEntry) -> Void)? = nil
    ) {
        self.serverName = serverName
        self.fieldsForOrigins = fieldsForOrigins
        self.accessLog = accessLog
    }
}

extension EarlyResponseFields {
    /// Creates the fields of a configuration.
    init(_ configuration: BeforeRouterConfiguration) {
        var all = HTTPFields()
        if let name = configuration.serverName { all[.server] = name }
        self.init(all: all, origins: configuration.fieldsForOrigins.map { .any($0) } ?? .passedOn)
    }
}
