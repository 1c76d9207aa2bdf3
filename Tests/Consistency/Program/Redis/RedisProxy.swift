import NIOCore
import NIOPosix
import Synchronization

/// What lies between processes and a Redis: passes everything on, unless it is told not to.
final class RedisProxy: Sendable {
    /// What happens to what comes.
    enum Mode: Sendable, Equatable {
        case pass
        /// It is passed on so many milliseconds later.
        case delay(Int64)
        /// It is swallowed.
        case swallow
        /// New connections are closed at once.
        case refuse
    }

    private struct State {
        var mode = Mode.pass
        var redisPort: Int
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    private let state: SharedState
    private let server: any Channel
    /// Where it listens.
    let port: Int

    private final class SharedState: Sendable {
        let state: Mutex<State>

        init(_ redisPort: Int) { state = Mutex(State(redisPort: redisPort)) }

        var redisPort: Int { state.withLock { $0.redisPort } }
        var mode: Mode { state.withLock { $0.mode } }

        func add(_ channel: any Channel) {
            state.withLock { $0.channels[ObjectIdentifier(channel)] = channel }
            channel.closeFuture.whenComplete { _ in
                self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
            }
        }
    }

    /// Listens on a free port of the loopback.
    ///
    /// - Parameter redisPort: where it passes things on; 0: nowhere yet.
    init(to redisPort: Int = 0) async throws {
        let state = SharedState(redisPort)
        self.state = state
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { inbound in
                guard state.mode != .refuse else { return inbound.close() }
                state.add(inbound)
                return ClientBootstrap(group: inbound.eventLoop)
                    .connect(host: "127.0.0.1", port: state.redisPort)
                    .flatMap { outbound in
                        inbound.eventLoop.makeCompletedFuture {
                            try inbound.pipeline.syncOperations.addHandler(Pipe(to: outbound, state: state))
                            try outbound.pipeline.syncOperations.addHandler(Pipe(to: inbound, state: state))
                        }
                    }
                    .flatMap { inbound.setOption(.autoRead, value: true) }
                    .flatMapError { _ in inbound.close() }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = server.localAddress?.port ?? 0
    }

    /// Changes where new connections lead.
    func lead(to redisPort: Int) {
        state.state.withLock { $0.redisPort = redisPort }
    }

    /// Changes what happens from now on.
    func set(_ mode: Mode) {
        state.state.withLock { $0.mode = mode }
    }

    /// Closes all connections.
    func drop() {
        for channel in state.state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }

    /// Ends it.
    func stop() async {
        try? await server.close()
        drop()
    }

    /// One direction of a connection. What is late does not overtake.
    private final class Pipe: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let other: any Channel
        private let state: SharedState
        private var due = NIODeadline.distantPast

        init(to other: any Channel, state: SharedState) {
            self.other = other
            self.state = state
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            let now = NIODeadline.now()
            switch state.mode {
            case .swallow: return
            case .delay(let milliseconds): due = max(due, now + .milliseconds(milliseconds))
            case .pass, .refuse: break
            }
            guard due > now else { return other.writeAndFlush(bytes, promise: nil) }
            context.eventLoop.scheduleTask(deadline: due) { [other] in other.writeAndFlush(bytes, promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
