import CachedRoutes
import NIOCore
import Synchronization

/// The client at the other end of a connection. All its requests are answered in one task, one after the other.
final class ConnectedClient: Sendable {
    /// The client whose requests the current task answers.
    @TaskLocal static var current: ConnectedClient?

    /// Whether the client is still there.
    let presence = ClientPresence()
    /// Where its connection is.
    let eventLoop: any EventLoop
    private let lookup = Mutex<EarlierLookup?>(nil)

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// What was found before the request under way came to the router.
    var earlierLookup: EarlierLookup? {
        get { lookup.withLock { $0 } }
        set { lookup.withLock { $0 = newValue } }
    }

    /// Takes ``earlierLookup``, which is of use once.
    func takeEarlierLookup() -> EarlierLookup? {
        lookup.withLock { lookup in
            defer { lookup = nil }
            return lookup
        }
    }
}

/// The clients of a server's open connections.
final class ConnectedClients: Sendable {
    private let clients = Mutex<[ObjectIdentifier: ConnectedClient]>([:])

    /// The client at the other end of `channel`.
    func client(of channel: any Channel) -> ConnectedClient? {
        clients.withLock { $0[ObjectIdentifier(channel)] }
    }

    func add(_ client: ConnectedClient, _ channel: any Channel) {
        clients.withLock { $0[ObjectIdentifier(channel)] = client }
    }

    func remove(_ channel: any Channel) {
        clients.withLock { $0[ObjectIdentifier(channel)] = nil }
    }
}
