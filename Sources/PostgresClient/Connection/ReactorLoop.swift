import NIOCore

/// The loop of a reactor thread: handles messages, waits for the sockets, and gives each connection its turn.
final class ReactorLoop {
    private let reactor: ReactorMailbox
    private let delegate: any ReactorDelegate
    /// Indicates that this thread also calls ``ReactorDelegate/tick(_:)``.
    private let keepsTime: Bool
    private var connections: [Connection] = []
    private var descriptors: [PollDescriptor] = []
    private var isStopped = false

    init(reactor: ReactorMailbox, delegate: any ReactorDelegate, keepsTime: Bool) {
        self.reactor = reactor
        self.delegate = delegate
        self.keepsTime = keepsTime
    }

    /// Runs until it receives ``ReactorMailbox/Message/stop``.
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
        var next = keepsTime ? delegate.tick(now) : .distantFuture
        descriptors.removeAll(keepingCapacity: true)
        descriptors.append(PollDescriptor(reactor.wakeDescriptor))
        var isBusy = !reactor.isMailboxEmpty
        for connection in connections {
            next = min(next, connection.deadline)
            descriptors.append(connection.pollDescriptor)
            if connection.isBusy { isBusy = true }
        }
        let timeout = isBusy ? 0 : Self.milliseconds(until: next, from: now)
        let isAnyReady = PollDescriptor.wait(for: &descriptors, milliseconds: timeout)
        reactor.wakeUp(wasWoken: isAnyReady && descriptors[0].isReady)
        guard isAnyReady else { return }
        // A copy, because connections may be removed during the iteration.
        let watched = connections
        for (connection, descriptor) in zip(watched, descriptors.dropFirst()) where descriptor.isReady {
            follow(connection, connection.ready())
        }
    }

    /// Returns the time until a deadline in milliseconds, rounded up so that the deadline has passed after the sleep;
    /// -1 without a deadline.
    private static func milliseconds(until deadline: NIODeadline, from now: NIODeadline) -> Int32 {
        guard deadline != .distantFuture else { return -1 }
        let left = (deadline - now).nanoseconds
        return left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
    }

    private func handle(_ message: ReactorMailbox.Message) {
        switch message {
        case .adopt(let id, let handle):
            connections.append(
                Connection(id: id, handle: handle, configuration: delegate.configuration) {
                    [delegate, reactor] request in
                    delegate.send(request) { reactor.post(.cancelReturned(id)) }
                }
            )
        case .run(let job, let id):
            if let connection = connection(id) {
                follow(connection, connection.start(job))
            } else {
                // The connection ended before the message was handled.
                delegate.returned(job)
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
        case .released(let job): delegate.released(connection.id, job: job)
        case .closed:
            connections.removeAll { $0 === connection }
            connection.close(nil)
            delegate.closed(connection.id)
        case .lost(let jobs, let error):
            connections.removeAll { $0 === connection }
            connection.close(nil)
            delegate.lost(connection.id, jobs: jobs, error: error)
        }
        // After the end of the connection is reported, so that the pool assigns it no other query.
        if let report = connection.takeReport() { delegate.reported(report, on: connection.id) }
    }
}
