import NIOCore
import Synchronization

/// The servers that a tracker has sessions with, and the time for which what was read from each is current. It may be read
/// by any thread.
final class RedisTrackedServers: Sendable {
    /// One server.
    struct Server: Sendable {
        /// The client's connections to the same server.
        let node: RedisNode
        let lease: RedisTrackingLease
        /// The tracker's sessions. Only its event loop may ask for them.
        fileprivate let supervisor: NIOLoopBound<RedisTrackingSupervisor>

        init(
            _ node: RedisNode,
            _ lease: RedisTrackingLease,
            _ supervisor: RedisTrackingSupervisor,
            _ loop: any EventLoop
        ) {
            self.node = node
            self.lease = lease
            self.supervisor = NIOLoopBound(supervisor, eventLoop: loop)
        }

        /// Reconnects if the session leads to another server than this one. The client's connections are asked as well: an
        /// idle one does not notice that its server has another identity.
        func move(to serverID: String) {
            if supervisor.value.move(to: serverID) { node.renewIdentity() }
        }
    }

    /// The state of all servers together.
    enum State {
        case tracking
        /// At least one server is not tracked, or none is known.
        case untracked
        /// The client's connections lead to a server with another identity than the session.
        case elsewhere(Server, serverID: String)
    }

    private let servers = Mutex<[Server]>([])

    /// Replaces the servers.
    func set(_ servers: [Server]) { self.servers.withLock { $0 = servers } }

    var state: State {
        let servers = servers.withLock { $0 }
        guard !servers.isEmpty, servers.allSatisfy(\.lease.isGiven) else { return .untracked }
        for server in servers {
            guard let known = server.node.serverID, server.lease.serverID != known else { continue }
            return .elsewhere(server, serverID: known)
        }
        return .tracking
    }
}
