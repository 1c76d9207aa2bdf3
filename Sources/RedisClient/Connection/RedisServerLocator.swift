import NIOCore

/// The server that a client is to use.
struct RedisServerLocation: Hashable, Sendable {
    /// The server's address.
    let endpoint: RedisConfiguration.Endpoint
    /// The number of the Sentinels' configuration in which the server is the primary, `config-epoch`: each promotion has a
    /// higher one. 0 for a server with a fixed address.
    let configEpoch: UInt64
}

/// Knows the server that a client is to use.
///
/// It is asked before each attempt to connect, so a server that takes another one's place is found. All methods may be
/// called from any thread.
protocol RedisServerLocator: Sendable {
    /// Returns the server's location.
    ///
    /// - Parameter eventLoop: the event loop on which the future completes.
    /// - Returns: the location. The future fails with ``RedisError`` if it can't be found out, or if the locator has been
    ///   stopped.
    func locate(on eventLoop: any EventLoop) -> EventLoopFuture<RedisServerLocation>

    /// Records that a server can't be used: no connection could be opened, its handshake failed, it is no primary, or it
    /// refused a command because it is a replica. Another one is preferred from now on, if there is one.
    func failed(_ location: RedisServerLocation, _ error: RedisError)

    /// Records that a connection to a server is ready.
    func connected(_ location: RedisServerLocation)

    /// Begins to watch for changes of the location, until ``stop()``. Called at most once.
    ///
    /// - Parameter changed: receives the location to use from now on, perhaps the one in use, on an event loop of the
    ///   locator's; `nil` if the server in use has a successor that is not known yet.
    func watch(_ changed: @escaping @Sendable (RedisServerLocation?) -> Void)

    /// Ends the watch and fails those who wait for a location. Later calls of ``locate(on:)`` fail.
    func stop() async
}

/// The locator of a server with a fixed address.
struct RedisFixedLocator: RedisServerLocator {
    let endpoint: RedisConfiguration.Endpoint

    func locate(on eventLoop: any EventLoop) -> EventLoopFuture<RedisServerLocation> {
        eventLoop.makeSucceededFuture(RedisServerLocation(endpoint: endpoint, configEpoch: 0))
    }

    func failed(_ location: RedisServerLocation, _ error: RedisError) {}
    func connected(_ location: RedisServerLocation) {}
    func watch(_ changed: @escaping @Sendable (RedisServerLocation?) -> Void) {}
    func stop() async {}
}
