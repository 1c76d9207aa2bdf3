import Logging
import NIOCore
import Synchronization

/// One server of a client, with a slot for a connection on each event loop.
final class RedisNode: Sendable {
    /// The objects that all nodes of a client share.
    struct Environment: Sendable {
        let configuration: RedisConfiguration
        let eventLoops: [any EventLoop]
        let metrics: RedisMetrics
        let refusals: RedisCommandRefusals
        let logger: Logger
        /// Returns a number from 0 to 1 that randomizes the waits between attempts.
        let random: @Sendable () -> Double
    }

    typealias Link = EventLoopConfined<RedisConnectionSlot>

    /// All slots of a running node, for messages from one to the others.
    private final class Peers: Sendable {
        let links = Mutex<[Link]>([])
        let server = Mutex<(identity: RedisServerIdentity, digest: String)?>(nil)
        /// Those who are told of the server that is to be used from now on.
        let observers = Mutex<[@Sendable (RedisServerLocation?) -> Void]>([])

        /// Records that a slot's connection leads to this server. Connections to another server are closed, because it
        /// may not receive the same commands.
        func moved(link number: Int, to identity: RedisServerIdentity) {
            let isNew = server.withLock { known in
                guard known?.identity != identity else { return false }
                defer { known = (identity, identity.digest) }
                return known != nil
            }
            guard isNew else { return }
            for link in others(than: number) { link.run { $0.move(to: identity) } }
        }

        func suspect(exceptLink number: Int) {
            for link in others(than: number) { link.run { $0.probe() } }
        }

        private func others(than number: Int) -> [Link] {
            links.withLock { $0 }.enumerated().filter { $0.offset != number }.map(\.element)
        }
    }

    /// The server's name for people.
    let name: String
    /// The slots, in the order of the event loops.
    let links: [Link]
    /// The availability of the server.
    let availability: RedisAvailabilityMonitor
    /// Knows the server.
    let locator: any RedisServerLocator
    private let peers: Peers
    private let expectedID: ExpectedID
    /// The ID that a cluster's node must have; `nil` takes any.
    private final class ExpectedID: Sendable {
        private let value = Mutex<String?>(nil)

        func set(_ nodeID: String) { value.withLock { $0 = nodeID } }
        func accepts(_ nodeID: String) -> Bool { value.withLock { $0 == nil || $0 == nodeID } }
        func isSet(to nodeID: String) -> Bool { value.withLock { $0 == nodeID } }
    }

    /// Makes a node whose slots connect once they are used, or once it is started.
    ///
    /// - Parameters:
    ///   - locator: knows the server.
    ///   - name: the server's name for log messages.
    ///   - environment: the objects that all nodes share.
    ///   - lost: is told that a connection was lost or can't be opened, and whether others are left, on any thread; `nil` for
    ///     nobody.
    ///   - recovered: is told that a connection is ready after that.
    init(
        _ locator: any RedisServerLocator,
        name: String,
        in environment: Environment,
        lost: (@Sendable (_ hasOthers: Bool) -> Void)? = nil,
        recovered: (@Sendable () -> Void)? = nil
    ) {
        var logger = environment.logger
        logger[metadataKey: "redis.endpoint"] = "\(name)"
        let peers = Peers()
        let expectedID = ExpectedID()
        // Measures the time between messages, which belong to no connection.
        let clock = environment.eventLoops[0]
        let availability = RedisAvailabilityMonitor(logger: logger, now: { clock.now })
        let shared = RedisConnectionSlot.Shared(
            locator: locator,
            availability: availability,
            metrics: environment.metrics,
            refusals: environment.refusals,
            handshakeRefusals: RedisHandshakeRefusalLog(),
            logger: logger,
            random: environment.random,
            suspect: { peers.suspect(exceptLink: $0) },
            moved: { peers.moved(link: $0, to: $1) },
            accepts: { expectedID.accepts($0) },
            lost: lost,
            recovered: recovered
        )
        let links = environment.eventLoops.enumerated().map { number, eventLoop in
            Link(
                RedisConnectionSlot(
                    number: number,
                    eventLoop: eventLoop,
                    configuration: environment.configuration,
                    shared: shared
                ),
                eventLoop: eventLoop
            )
        }
        peers.links.withLock { $0 = links }
        self.links = links
        self.name = name
        self.peers = peers
        self.expectedID = expectedID
        self.availability = availability
        self.locator = locator
    }

    /// Has connections be opened to the cluster's node with this ID only, until another one is expected. That holds when the map has
    /// lost the node: what waits for a connection to it is for nobody else.
    func expect(_ nodeID: String) { expectedID.set(nodeID) }

    /// Indicates that connections to a cluster's node with this ID are used.
    func accepts(_ nodeID: String) -> Bool { expectedID.accepts(nodeID) }

    /// Indicates that connections are opened to the cluster's node with this ID only.
    func expects(_ nodeID: String) -> Bool { expectedID.isSet(to: nodeID) }

    /// The identity of the server of the latest connection, see ``RedisReply/serverID``. Connections to another server
    /// are closed.
    var serverID: String? { peers.server.withLock { $0?.digest } }

    /// Has the connections ask for the server's identity, because another connection has been told another one.
    func renewIdentity() {
        for link in links { link.run { $0.renewIdentity() } }
    }

    /// Opens all connections anew, because the server may be another node of a cluster by now.
    func reconnect() {
        for link in links { link.run { $0.reconnect() } }
    }

    /// Has an object with connections of its own told of the server that is to be used from now on, on any thread; `nil` if the
    /// one in use has a successor that is not known yet.
    func observe(_ moved: @escaping @Sendable (RedisServerLocation?) -> Void) {
        peers.observers.withLock { $0.append(moved) }
    }

    /// Opens the connections on all event loops, and follows the locator to other servers.
    func start() {
        locator.watch { [links, peers] location in
            for link in links { link.run { $0.move(to: location) } }
            for moved in peers.observers.withLock({ $0 }) { moved(location) }
        }
        for link in links { link.run { $0.start() } }
    }

    /// Accepts no more commands, and returns when those in flight have their replies or have reached their deadlines.
    func stop() async throws {
        // The slots first: a locator that has stopped is no outage to those that have.
        let ends = end(on: links[0].eventLoop)
        await locator.stop()
        try await ends.get()
    }

    /// Accepts no more commands.
    ///
    /// - Parameters:
    ///   - eventLoop: the event loop on which the future completes.
    ///   - error: the error of commands that wait for a connection.
    /// - Returns: a future that completes when the commands in flight have their replies or have reached their deadlines.
    func end(
        on eventLoop: any EventLoop,
        _ error: RedisError = RedisError(.shutDown, "the client has been shut down")
    ) -> EventLoopFuture<Void> {
        peers.links.withLock { $0 = [] }
        let ends = links.map { link in link.eventLoop.flatSubmit { link.value.stop(error) } }
        return EventLoopFuture.andAllComplete(ends, on: eventLoop)
    }
}
