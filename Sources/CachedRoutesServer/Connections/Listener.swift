import CachedRoutes
import HTTPConnections
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Listens on an address and serves connections until the server shuts down.
struct Listener: Service {
    let address: CachedRoutesServer.Address
    let connections: ServerConnections
    /// The time from the beginning of a shutdown to the end of all requests.
    let time: TimeAmount
    let onListening: (@Sendable (SocketAddress) async -> Void)?

    /// The number of connections that wait in the system's queue.
    private static let backlog: CInt = 256

    private var service: CachedRoutesService { connections.core.service }

    func run() async throws {
        let open = OpenConnections()
        let channel = try await bind(open)
        let logger = service.logger
        logger.info("The server listens", metadata: ["address": "\(address.description(channel.localAddress))"])
        if let onListening, let local = channel.localAddress { await onListening(local) }
        let deadline = ShutdownDeadline(channel.eventLoop, time: time)
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                try? await channel.closeFuture.get()
                await open.drain()
                await connections.core.tasks.drain(until: deadline.value, on: channel.eventLoop)
            } onGracefulShutdown: {
                deadline.begin()
                channel.eventLoop.execute { shutDown(channel, open) }
            }
        } onCancel: {
            channel.close(promise: nil)
            open.close()
        }
    }

    private func shutDown(_ channel: any Channel, _ open: OpenConnections) {
        // The service is not ready from now on, and the next responses are the last ones.
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        channel.close().whenComplete { _ in open.quiesce() }
    }

    private func bind(_ open: OpenConnections) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: service.eventLoopGroup)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .serverChannelInitializer { [service, shutdown = connections.shutdown] channel in
                channel.eventLoop.makeCompletedFuture {
                    service.connections.watch(listener: channel) { _ in shutdown.begin() }
                    try channel.pipeline.syncOperations.addHandler(ConnectionCollector(open))
                }
            }
            .childChannelInitializer { [connections] channel in
                channel.eventLoop.makeCompletedFuture { try connections.setUp(channel) }
            }
        switch address.kind {
        case .hostname(let host, let port): return try await bootstrap.bind(host: host, port: port).get()
        case .unixDomainSocket(let path):
            return try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        }
    }
}

/// The end of a shutdown's time, which is measured from its beginning.
private final class ShutdownDeadline: Sendable {
    private let eventLoop: any EventLoop
    private let time: TimeAmount
    private let end = Mutex<NIODeadline?>(nil)

    init(_ eventLoop: any EventLoop, time: TimeAmount) {
        self.eventLoop = eventLoop
        self.time = time
    }

    /// Notes that the shutdown begins.
    func begin() { end.withLock { $0 = $0 ?? eventLoop.now + time } }

    /// The end of the time; that of one that begins now if none has begun.
    var value: NIODeadline { end.withLock { $0 } ?? eventLoop.now + time }
}
