import CachedRoutes
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// The client whose request the current task answers.
enum ConnectedClient {
    @TaskLocal static var presence: ClientPresence?
}

/// The clients of a server's open connections.
final class ConnectedClients: Sendable {
    private let presences = Mutex<[ObjectIdentifier: ClientPresence]>([:])

    /// The client at the other end of `channel`.
    func presence(of channel: any Channel) -> ClientPresence? {
        presences.withLock { $0[ObjectIdentifier(channel)] }
    }

    fileprivate func add(_ presence: ClientPresence, _ channel: any Channel) {
        presences.withLock { $0[ObjectIdentifier(channel)] = presence }
    }

    fileprivate func remove(_ channel: any Channel) {
        presences.withLock { $0[ObjectIdentifier(channel)] = nil }
    }
}

/// Notices when the client of a connection leaves.
///
/// A client that has closed its side may have left, or may only have nothing more to say and still wait. They differ once
/// something is sent: the first one's system resets the connection. So a client that closes its side and whose request is not
/// answered soon is sent an interim response, `102 Processing`, which one that waits has to skip (RFC 9110, 15.2).
final class PresenceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let clients: ConnectedClients
    private let presence = ClientPresence()
    /// Requests that have begun to come and whose answers have not begun to leave.
    private var unanswered = 0
    /// Whether an answer is being sent.
    private var isAnswering = false
    private var probe: Scheduled<Void>?

    /// How long an answer may take to a client that has closed its side before it is looked whether the client is there.
    private static let patience = TimeAmount.milliseconds(100)

    init(_ clients: ConnectedClients) {
        self.clients = clients
    }

    func handlerAdded(context: ChannelHandlerContext) {
        clients.add(presence, context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        probe?.cancel()
        clients.remove(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        probe?.cancel()
        presence.leave()
        clients.remove(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { unanswered += 1 }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational:
            unanswered -= 1
            isAnswering = true
        case .end: isAnswering = false
        case .head, .body: break
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            probe = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) {
                guard self.unanswered > 0, !self.isAnswering else { return }
                let interim = HTTPResponse(status: HTTPResponse.Status(code: 102, reasonPhrase: "Processing"))
                context.writeAndFlush(self.wrapOutboundOut(.head(interim)), promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }
}
