import ClientSupport
import NIOCore
import NIOPosix

extension RedisConfiguration {
    /// Opens a channel to a server, within ``connectTimeout``.
    func connect(to endpoint: Endpoint, on eventLoop: any EventLoop) -> EventLoopFuture<any Channel> {
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
        let channel =
            switch endpoint {
            case .tcp(let host, let port): bootstrap.connect(host: host, port: port)
            case .unixSocket(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        return channel.flatMapErrorThrowing { throw RedisConnectError(underlying: $0) }
    }
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
