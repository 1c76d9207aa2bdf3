import CachedRoutes
import NIOCore
import Synchronization

/// The client whose requests the current task answers.
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

    func add(_ presence: ClientPresence, _ channel: any Channel) {
        presences.withLock { $0[ObjectIdentifier(channel)] = presence }
    }

    func remove(_ channel: any Channel) {
        presences.withLock { $0[ObjectIdentifier(channel)] = nil }
    }
}
