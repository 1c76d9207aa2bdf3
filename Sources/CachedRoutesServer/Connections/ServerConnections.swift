import CachedRoutes
import HTTPConnections
import HTTPFrontend
import NIOCore
import NIOHTTP1

#if TLS
    import NIOSSL
#endif

/// Sets up the connections of a server.
struct ServerConnections: Sendable {
    let core: SharedServerState
    let early: EarlyResponseHandler.Shared
    let limits: ConnectionTimeouts
    let shutdown = ServerShutdownFlag()
    #if TLS
        /// The identity and settings of TLS; `nil` for connections without it.
        let tls: NIOSSLContext?
    #endif

    /// The limits of request heads.
    static let decoderLimits: NIOHTTPDecoderLimitConfiguration = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 80 * 1024
        limits.maxHeaderListSize = 80 * 1024
        limits.maxHeaderFieldCount = 1000
        return limits
    }()

    /// Adds the handlers of a connection, on its event loop.
    func setUp(_ channel: any Channel) throws {
        let connection = ConnectionHandler(core.service.connections, limits: limits, shutdown: shutdown)
        // Next to the socket, before TLS.
        try channel.pipeline.syncOperations.addHandler(connection, position: .first)
        #if TLS
            if let tls {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                #if HTTP2
                    try addNegotiation(to: channel, connection)
                #else
                    try addHTTP1(to: channel, connection)
                #endif
            } else {
                try addHTTP1(to: channel, connection)
            }
        #else
            try addHTTP1(to: channel, connection)
        #endif
        // A connection that is accepted while the shutdown begins may have missed the event.
        if shutdown.hasBegun { OpenConnections.quiesce(channel) }
    }

    /// Adds the handlers of HTTP/1.1.
    func addHTTP1(to channel: any Channel, _ connection: ConnectionHandler) throws {
        let pipeline = channel.pipeline.syncOperations
        let early = EarlyResponseHandler(early, on: connection)
        let decoder = UpgradeIgnoringRequestDecoder(limits: Self.decoderLimits)
        let messages = MessageHandler(
            core,
            reports: RequestActivityReporter(connection: connection, isStream: false),
            decoder: decoder,
            early: early
        )
        try pipeline.addHandlers(early, HTTPResponseEncoder(), ByteToMessageHandler(decoder), messages)
        connection.whenCut { [weak messages] in messages?.cut() }
    }
}
