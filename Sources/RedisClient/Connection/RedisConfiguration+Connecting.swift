import ClientSupport
import NIOCore
import NIOPosix

extension RedisConfiguration {
    /// Opens a channel to a server, within ``connectTimeout``, and with TLS finishes the handshake.
    ///
    /// - Returns: the channel, or a failure with a ``RedisConnectError``.
    func connect(to endpoint: Endpoint, on eventLoop: any EventLoop) -> EventLoopFuture<any Channel> {
        #if RedisTLS
            if let tls, case .tcp(let host, let port) = endpoint {
                return connect(to: host, port, tls, on: eventLoop)
            }
        #endif
        let channel =
            switch endpoint {
            case .tcp(let host, let port): bootstrap(eventLoop).connect(host: host, port: port)
            case .unixSocket(let path): bootstrap(eventLoop).connect(unixDomainSocketPath: path)
            }
        return channel.flatMapErrorThrowing { throw RedisConnectError(underlying: $0) }
    }

    private func bootstrap(_ eventLoop: any EventLoop) -> ClientBootstrap {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
    }

    #if RedisTLS
        /// Opens a channel with TLS.
        ///
        /// The files are read once the server has accepted the connection, so that attempts while it is away cost nothing.
        private func connect(
            to host: String,
            _ port: Int,
            _ tls: RedisTLSConfiguration,
            on eventLoop: any EventLoop
        ) -> EventLoopFuture<any Channel> {
            let timeout = TimeAmount(connectTimeout)
            let deadline = eventLoop.now + timeout
            // What a server sends before the handshake has to wait for it.
            return bootstrap(eventLoop).channelOption(.autoRead, value: false).connect(host: host, port: port)
                .flatMapErrorThrowing { throw RedisConnectError(underlying: $0) }
                .flatMap { channel in
                    let handshake = RedisTLSHandshake(
                        tls,
                        host: host,
                        channel: channel,
                        timeout: timeout,
                        deadline: deadline
                    )
                    let box = NIOLoopBound(handshake, eventLoop: eventLoop)
                    NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { try RedisTLSContext(tls) }
                        .whenComplete { box.value.begin($0) }
                    return handshake.finished
                }
        }
    #endif
}

extension RedisReconnectStateMachine {
    /// Makes a state machine with the configuration's waits.
    init(_ configuration: RedisConfiguration) {
        self.init(
            backoff: ExponentialBackoff(
                minimum: TimeAmount(configuration.minimumBackoff),
                maximum: TimeAmount(configuration.maximumBackoff)
            )
        )
    }
}
