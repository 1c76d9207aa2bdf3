import NIOCore
import NIOPosix
import Synchronization

/// A proxy between processes and a Redis, which can disturb their connections.
final class RedisProxy: Sendable {
    /// The treatment of bytes and of new connections.
    enum Mode: Sendable, Equatable {
        /// Bytes are passed on at once.
        case pass
        /// Bytes are passed on after this number of milliseconds.
        case delay(Int64)
        /// Bytes are lost.
        case swallow
        /// New connections are closed at once.
        case refuse
    }

    private struct State {
        var mode = Mode.pass
        var redisPort: Int
        var channels: [ObjectIdentifier: any Channel] = [:]
        var disturbances = 0
    }

    private let state: SharedState
    private let server: any Channel
    /// The port at which it listens.
    let port: Int

    private final class SharedState: Sendable {
        let state: Mutex<State>

        init(_ redisPort: Int) { state = Mutex(State(redisPort: redisPort)) }

        var redisPort: Int { state.withLock { $0.redisPort } }
        var mode: Mode { state.withLock { $0.mode } }

        func disturbed() { state.withLock { $0.disturbances += 1 } }

        /// Adds a connection, from then on closed by ``RedisProxy/drop()``.
        ///
        /// - Returns: `false` if new connections are refused.
        func admit(_ channel: any Channel) -> Bool {
            let isAdmitted = state.withLock { state in
                guard state.mode != .refuse else {
                    state.disturbances += 1
                    return false
                }
                state.channels[ObjectIdentifier(channel)] = channel
                return true
            }
            guard isAdmitted else { return false }
            channel.closeFuture.whenComplete { _ in
                self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
            }
            return true
        }
    }

    /// Listens on a free port of the loopback.
    ///
    /// - Parameter redisPort: the port to which new connections lead; 0 for none.
    init(to redisPort: Int = 0) async throws {
        let state = SharedState(redisPort)
        self.state = state
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { inbound in
                guard state.admit(inbound) else { return inbound.close() }
                return ClientBootstrap(group: inbound.eventLoop)
                    .connect(host: "127.0.0.1", port: state.redisPort)
                    .flatMap { outbound in
                        // The pipe hears of an end only from now on.
                        inbound.closeFuture.whenComplete { _ in outbound.close(promise: nil) }
                        return inbound.eventLoop.makeCompletedFuture {
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

    /// Changes the port to which new connections lead.
    func lead(to redisPort: Int) {
        state.state.withLock { $0.redisPort = redisPort }
    }

    /// Changes the mode from now on.
    func set(_ mode: Mode) {
        state.state.withLock { $0.mode = mode }
    }

    /// Closes all connections.
    func drop() {
        let channels = state.state.withLock { state in
            state.disturbances += state.channels.count
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// The number of reads that were delayed or lost, and of connections that were closed or refused.
    var disturbances: Int { state.state.withLock { $0.disturbances } }

    /// Closes it with all connections.
    func stop() async {
        try? await server.close()
        drop()
    }

    /// One direction of a connection. It passes on the beginning of what it reads, in order and without a gap: a reply behind
    /// a gap would be taken for that to an earlier command.
    private final class Pipe: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let other: any Channel
        private let state: SharedState
        /// Delayed bytes with the times at which they are passed on.
        private var delayed = CircularBuffer<(bytes: ByteBuffer, due: NIODeadline)>()
        /// Indicates that bytes were lost, so that no later ones may be passed on.
        private var hasGap = false

        init(to other: any Channel, state: SharedState) {
            self.other = other
            self.state = state
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            var due = NIODeadline.distantPast
            switch state.mode {
            case .swallow: hasGap = true
            case .delay(let milliseconds): due = .now() + .milliseconds(milliseconds)
            case .pass, .refuse: break
            }
            if hasGap { return state.disturbed() }
            guard due > .distantPast || !delayed.isEmpty else { return other.writeAndFlush(bytes, promise: nil) }
            state.disturbed()
            delayed.append((bytes, max(due, delayed.last?.due ?? due)))
            if delayed.count == 1 { schedule(on: context.eventLoop) }
        }

        /// Passes the first delayed bytes on when they are due, and then the next ones.
        private func schedule(on eventLoop: any EventLoop) {
            guard let first = delayed.first else { return }
            eventLoop.assumeIsolated().scheduleTask(deadline: first.due) {
                self.other.writeAndFlush(self.delayed.removeFirst().bytes, promise: nil)
                self.schedule(on: eventLoop)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
