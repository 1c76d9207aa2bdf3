import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a reactor's thread does: carries out messages, waits for its sockets, and gives each connection its turn.
final class ReactorLoop {
    private let reactor: Reactor
    private let pool: ConnectionPool
    /// Whether this thread also does what the pool has to do at certain times.
    private let keepsTime: Bool
    private var connections: [Connection] = []
    private var descriptors: [pollfd] = []
    private var isStopped = false

    init(reactor: Reactor, pool: ConnectionPool, keepsTime: Bool) {
        self.reactor = reactor
        self.pool = pool
        self.keepsTime = keepsTime
    }

    /// Runs until told to stop.
    func run() {
        while true {
            for message in reactor.takeMessages() { handle(message) }
            if isStopped { break }
            for connection in connections where connection.isBusy { follow(connection, connection.turn()) }
            let now = NIODeadline.now()
            for connection in connections where connection.deadline <= now {
                follow(connection, connection.expire())
            }
            sleep(now)
        }
        for connection in connections { connection.close(.clientShutDown) }
        connections = []
        reactor.closeMailbox()
    }

    private func sleep(_ now: NIODeadline) {
        reactor.prepareToSleep()
        var next = keepsTime ? pool.tick(now) : .distantFuture
        descriptors.removeAll(keepingCapacity: true)
        descriptors.append(pollfd(fd: reactor.wakeDescriptor, events: Int16(POLLIN), revents: 0))
        var isBusy = !reactor.isMailboxEmpty
        for connection in connections {
            next = min(next, connection.deadline)
            descriptors.append(connection.pollDescriptor)
            if connection.isBusy { isBusy = true }
        }
        let timeout = isBusy ? 0 : Self.milliseconds(until: next, from: now)
        let count = poll(&descriptors, nfds_t(descriptors.count), timeout)
        reactor.wakeUp(wasWoken: count > 0 && descriptors[0].revents != 0)
        guard count > 0 else { return }
        // Connections leave the list while it is walked.
        let watched = connections
        for (connection, descriptor) in zip(watched, descriptors.dropFirst()) where descriptor.revents != 0 {
            follow(connection, connection.ready(descriptor.revents))
        }
    }

    /// Rounded up, so that what is due at the deadline is due after the sleep.
    private static func milliseconds(until deadline: NIODeadline, from now: NIODeadline) -> Int32 {
        guard deadline != .distantFuture else { return -1 }
        let left = (deadline - now).nanoseconds
        return left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
    }

    private func handle(_ message: Reactor.Message) {
        switch message {
        case .adopt(let id, let handle):
            connections.append(
                Connection(id: id, handle: handle, configuration: pool.configuration) { [pool, reactor] request in
                    pool.send(request) { reactor.post(.cancelReturned(id)) }
                }
            )
        case .run(let job, let id):
            if let connection = connection(id) {
                follow(connection, connection.start(job))
            } else {
                // It broke while the message was on its way.
                pool.returned(job)
            }
        case .abandon(let job, let id):
            if let connection = connection(id) { follow(connection, connection.abandon(job)) }
        case .cancelReturned(let id):
            if let connection = connection(id) { follow(connection, connection.cancelReturned()) }
        case .close(let id, let error):
            if let connection = connection(id) {
                connections.removeAll { $0 === connection }
                connection.close(error)
            }
        case .stop: isStopped = true
        }
    }

    private func connection(_ id: UInt64) -> Connection? {
        connections.first { $0.id == id }
    }

    private func follow(_ connection: Connection, _ signal: Connection.Signal) {
        switch signal {
        case .none: break
        case .released: pool.released(connection.id, isReusable: true)
        case .closed:
            connections.removeAll { $0 === connection }
            connection.close(nil)
            pool.released(connection.id, isReusable: false)
        case .lost(let job, let error):
            connections.removeAll { $0 === connection }
            connection.close(nil)
            pool.lost(connection.id, job: job, error)
        }
    }
}
