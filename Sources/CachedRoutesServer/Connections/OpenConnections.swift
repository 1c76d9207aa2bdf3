import NIOCore
import Synchronization

/// The open connections of a server, which its shutdown waits for.
final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Adds a connection for as long as it is open.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { $0.channels[id] = channel }
        channel.closeFuture.whenComplete { _ in self.remove(id) }
    }

    private func remove(_ id: ObjectIdentifier) {
        let waiter = state.withLock { state in
            state.channels[id] = nil
            return state.channels.isEmpty ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// Tells all connections to end after the responses to their requests.
    func quiesce() {
        for channel in state.withLock({ Array($0.channels.values) }) { Self.quiesce(channel) }
    }

    /// Tells a connection to end after the responses to its requests.
    static func quiesce(_ channel: any Channel) {
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    /// Closes all connections at once.
    func close() {
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }

    /// Waits until all connections are closed. No more may be added then.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if !state.channels.isEmpty { state.waiter = continuation }
                return state.channels.isEmpty
            }
            if isDone { continuation.resume() }
        }
    }
}

/// Adds the connections that a listener accepts to those of its server, in the turn in which they are accepted: when
/// the listener is closed, all of them have been added.
final class ConnectionCollector: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let connections: OpenConnections

    init(_ connections: OpenConnections) {
        self.connections = connections
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connections.add(unwrapInboundIn(data))
        context.fireChannelRead(data)
    }
}
