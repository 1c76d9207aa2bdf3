package import CachedRoutes

/// A log of answered requests.
package struct AccessLog: Sendable {
    let addresses: ClientAddressResolver
    let log: @Sendable (AccessLogEntry) -> Void

    /// Creates an access log.
    ///
    /// - Parameters:
    ///   - addresses: finds the addresses of clients.
    ///   - log: is called for each response, on the event loop of its connection.
    package init(
        addresses: ClientAddressResolver = ClientAddressResolver(),
        log: @escaping @Sendable (AccessLogEntry) -> Void
    ) {
        self.addresses = addresses
        self.log = log
    }

    /// Logs an answered request.
    package func callAsFunction(_ request: AccessLogEntry) { log(request) }
}
