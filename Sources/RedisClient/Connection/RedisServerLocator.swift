import NIOCore

/// Knows the address of the server that a client is to use.
///
/// It is asked before each attempt to connect, so a server that takes another one's place is found. All methods may be
/// called from any thread.
protocol RedisServerLocator: Sendable {
    /// Returns the server's address.
    ///
    /// - Parameter eventLoop: the event loop on which the future completes.
    /// - Returns: the address. The future fails with ``RedisError`` if it can't be found out, or if the locator has been
    ///   stopped.
    func locate(on eventLoop: any EventLoop) -> EventLoopFuture<RedisConfiguration.Endpoint>

    /// Records that a server can't be used: no connection could be opened, its handshake failed, it is no primary, or it
    /// refused a command because it is a replica. Another one is preferred from now on, if there is one.
    func failed(_ endpoint: RedisConfiguration.Endpoint, _ error: RedisError)

    /// Records that a connection to a server is ready.
    func connected(_ endpoint: RedisConfiguration.Endpoint)

    /// Begins to watch for changes of the address, until ``stop()``. Called at most once.
    ///
    /// - Parameter changed: receives the address that is to be used from now on, on an event loop of the locator's. It may
    ///   be the one that is in use already. ``locate(on:)`` prefers it until it fails.
    func watch(_ changed: @escaping @Sendable (RedisConfiguration.Endpoint) -> Void)

    /// Ends the watch and fails those who wait for an address. Later calls of ``locate(on:)`` fail.
    func stop() async
}

/// The locator of a server with a fixed address.
struct RedisFixedLocator: RedisServerLocator {
    let endpoint: RedisConfiguration.Endpoint

    func locate(on eventLoop: any EventLoop) -> EventLoopFuture<RedisConfiguration.Endpoint> {
        eventLoop.makeSucceededFuture(endpoint)
    }

    func failed(_ endpoint: RedisConfiguration.Endpoint, _ error: RedisError) {}
    func connected(_ endpoint: RedisConfiguration.Endpoint) {}
    func watch(_ changed: @escaping @Sendable (RedisConfiguration.Endpoint) -> Void) {}
    func stop() async {}
}
