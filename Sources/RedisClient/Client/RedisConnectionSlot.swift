import Logging
import Metrics
import NIOCore
import NIOPosix

/// The slot of an event loop for one connection at a time: opens the connection, replaces it when it is lost, and sends
/// commands over it. It is confined to its event loop.
final class RedisConnectionSlot: RedisConnectionDelegate {
    private let number: Int
    private let eventLoop: any EventLoop
    private let configuration: RedisConfiguration
    private let shared: Shared
    private var machine: RedisReconnectStateMachine
    private var connection: RedisConnection?
    /// The commands that wait for the current attempt to connect.
    private let waiting: RedisUnsentCommands
    /// The next attempt to connect, while it is waited for.
    private var reconnectTimer: Scheduled<Void>?
    private var isConnecting = false
    /// The number of the last attempt to connect. What comes of an earlier one is not wanted.
    private var attempt = 0
    /// Indicates that the connection is closed because another server has become the primary.
    private var isOutdated = false
    private var hasStarted = false
    private var hasBeenReady = false
    /// The server of the connection or of the attempt to connect; `nil` before it is located.
    private var location: RedisServerLocation?
    private var stopped: EventLoopPromise<Void>?
    /// The read by which the next connection is tested before it is used; `nil` uses it without a test.
    private var trialRead: RedisCommand?
    private var trial: RedisRecoveryTrial?

    /// The objects that all slots of a client share.
    struct Shared: Sendable {
        /// Knows the server.
        let locator: any RedisServerLocator
        let availability: RedisAvailabilityMonitor
        let metrics: RedisMetrics
        let refusals: RedisCommandRefusals
        let handshakeRefusals: RedisHandshakeRefusalLog
        let logger: Logger
        /// Returns a number from 0 to 1 that randomizes the waits between attempts.
        let random: @Sendable () -> Double
        /// Makes the other slots test their connections after the server did not reply to this one in time, so that
        /// their callers need not find out.
        let suspect: @Sendable (_ link: Int) -> Void
        /// Makes the other slots close their connections if these lead to another server than this one's new
        /// connection.
        let moved: @Sendable (_ link: Int, _ server: RedisServerIdentity) -> Void
        /// Tells whether a cluster's node of this ID is the one that the slot is for.
        let accepts: @Sendable (_ nodeID: String) -> Bool
        /// Takes note that a connection was lost or can't be opened, and whether others are left; `nil` if nobody does.
        let lost: (@Sendable (_ hasOthers: Bool) -> Void)?
        /// Takes note that a connection is ready, after one was lost or could not be opened; `nil` if nobody does.
        let recovered: (@Sendable () -> Void)?
    }

    init(number: Int, eventLoop: any EventLoop, configuration: RedisConfiguration, shared: Shared) {
        self.number = number
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.shared = shared
        waiting = RedisUnsentCommands(
            waitingFor: "a connection",
            configuration,
            eventLoop: eventLoop,
            metrics: shared.metrics
        )
        machine = RedisReconnectStateMachine(configuration)
    }

    // MARK: Commands

    /// Sends a command, which opens the connection if nothing did before.
    ///
    /// - Parameters:
    ///   - request: the command.
    ///   - now: the current time; `nil` if the caller does not know it.
    func send(_ request: RedisRequest, now: NIODeadline? = nil) {
        if !hasStarted { start() }
        switch machine.route(isRetry: request.isRetry) {
        case .connection:
            guard let connection else { preconditionFailure("connected without a connection") }
            connection.send(request, now: now)
        case .wait: waiting.append(request)
        case .fail(let error):
            shared.metrics.unavailable.increment()
            request.fail(error)
        }
    }

    /// Tests whether an idle connection is alive.
    func probe() {
        if case .connection = machine.route(isRetry: false) { connection?.probe() }
    }

    /// Closes the connection if it leads to another server than this one, so that a new one is opened.
    func move(to server: RedisServerIdentity) {
        guard let connection, let current = connection.identity, current != server else { return }
        // The same process is asked for what it is now, unless it has been promoted since.
        if current.runID == server.runID, current.configEpoch >= server.configEpoch {
            return connection.doubtIdentity()
        }
        connection.close(RedisError(.connectionLost, "another server has replaced this one"))
    }

    /// Closes the connection if it leads to another server than this one, or was opened before another server was the primary,
    /// so that the server is located again. Without a connection, locates it now instead of waiting for the next attempt.
    ///
    /// - Parameter location: the server; `nil` if the one in use has a successor that is not known yet.
    func move(to location: RedisServerLocation?) {
        if let connection {
            guard self.location != location else { return }
            isOutdated = true
            connection.close(Self.outdated)
        } else if isConnecting {
            // While the server is located, this one may still be named.
            guard let current = self.location, current != location else { return }
            giveUpAttempt()
            ended(Self.outdated, cause: .replacement)
        } else if let reconnectTimer {
            reconnectTimer.cancel()
            connect()
        }
    }

    private static let outdated = RedisError(.connectionLost, "another server has become the primary")

    /// Opens the connection anew, because the server may be another node of a cluster by now.
    func reconnect() {
        // One that does not tell its ID would not do so next time.
        if let connection, connection.nodeID != nil { connection.close(Self.hasOtherNode) }
    }

    /// Closes a connection to another node of a cluster than this one.
    func leave(unlessNode nodeID: String) {
        if let connection, let own = connection.nodeID, own != nodeID { connection.close(Self.hasOtherNode) }
    }

    private static let hasOtherNode = RedisError(
        .connectionLost,
        "another server has the address of the cluster's node by now"
    )

    private static let otherNode = RedisError(
        .unavailable,
        "another server has the address of the cluster's node"
    )

    /// Has the server's identity asked before the next command, because it may be another one.
    func doubtIdentity() { connection?.doubtIdentity() }

    /// Asks for the server's identity now.
    func renewIdentity() { connection?.renewIdentity() }

    // MARK: Connecting

    /// Opens the connection, unless a command did already.
    func start() {
        guard !hasStarted else { return }
        hasStarted = true
        connect()
    }

    private func connect() {
        guard !machine.isStopped else { return }
        isConnecting = true
        isOutdated = false
        attempt += 1
        let attempt = attempt
        location = nil
        reconnectTimer = nil
        if hasBeenReady { shared.metrics.reconnects.increment() }
        shared.locator.locate(on: eventLoop).assumeIsolated().whenComplete { result in
            guard attempt == self.attempt else { return }
            switch result {
            case .success(let location): self.connect(to: location)
            case .failure(let error):
                self.isConnecting = false
                self.ended(error as? RedisError ?? RedisError(.unavailable, "\(error)", underlying: error))
            }
        }
    }

    private func connect(to location: RedisServerLocation) {
        self.location = location
        let attempt = attempt
        let deadline = eventLoop.now + TimeAmount(configuration.connectTimeout)
        configuration.connect(to: location.endpoint, on: eventLoop).assumeIsolated().whenComplete { result in
            if attempt == self.attempt {
                self.connectFinished(result, deadline: deadline)
            } else if case .success(let channel) = result {
                channel.close(promise: nil)
            }
        }
    }

    /// Ends the attempt to connect, whatever comes of it.
    private func giveUpAttempt() {
        attempt += 1
        isConnecting = false
    }

    private func connectFinished(_ result: Result<any Channel, any Error>, deadline: NIODeadline) {
        isConnecting = false
        switch result {
        case .success(let channel):
            let connection = RedisConnection(
                configuration: configuration,
                configEpoch: location?.configEpoch ?? 0,
                deadline: deadline,
                eventLoop: eventLoop,
                metrics: shared.metrics,
                refusals: shared.refusals,
                delegate: self
            )
            self.connection = connection
            do {
                try channel.pipeline.syncOperations.addHandler(connection)
            } catch {
                channel.close(promise: nil)
                self.connection = nil
                ended(RedisError(.connectionLost, "the connection closed at once", underlying: error))
            }
        case .failure(let error):
            let message = "cannot connect to \(location?.endpoint.description ?? "the server"): \(error)"
            let error = RedisError(.unavailable, message, underlying: error)
            if let location { shared.locator.failed(location, error) }
            ended(error)
        }
    }

    func connectionBecameReady(_ connection: RedisConnection) {
        shared.handshakeRefusals.note(connection.toleratedRefusals, shared.logger)
        if let nodeID = connection.nodeID, !shared.accepts(nodeID) { return connection.close(Self.otherNode) }
        guard let trialRead else { return open(connection) }
        var trial = RedisRecoveryTrial(
            timeout: TimeAmount(configuration.commandTimeout),
            most: configuration.maximumPendingCommands,
            now: eventLoop.now
        )
        let step = trial.begin()
        self.trial = trial
        carryOut(step, reading: trialRead, on: connection)
    }

    /// Executes a step of a test. No caller waits for these reads: until the test has passed, callers are told that
    /// there is no connection.
    private func carryOut(_ step: RedisRecoveryTrial.Step, reading read: RedisCommand, on connection: RedisConnection) {
        switch step {
        case .wait: break
        case .passed:
            trial = nil
            trialRead = nil
            open(connection)
        case .failed: connection.close(RedisError(.timedOut, "the server answers too slowly"))
        case .send(let count):
            let box = NIOLoopBound((link: self, connection: connection), eventLoop: eventLoop)
            let take: @Sendable (Result<RedisReply, RedisError>) -> Void = { result in
                switch result {
                case .success(let reply): box.value.link.answered(reply, to: read, on: box.value.connection)
                // Does nothing if the connection has ended.
                case .failure(let error): box.value.connection.close(error)
                }
            }
            for _ in 0..<count {
                connection.send(
                    RedisRequest(read, for: .function(take), ticket: nil, now: eventLoop.now, isRetry: true)
                )
            }
        }
    }

    private func answered(_ reply: RedisReply, to read: RedisCommand, on connection: RedisConnection) {
        guard self.connection === connection, let step = trial?.answered(bytes: reply.byteCount, now: eventLoop.now)
        else {
            return
        }
        carryOut(step, reading: read, on: connection)
    }

    private func open(_ connection: RedisConnection) {
        machine.connected(now: eventLoop.now)
        hasBeenReady = true
        if let location { shared.locator.connected(location) }
        if let identity = connection.identity {
            shared.moved(number, identity)
        } else {
            askForServerIDLater(connection)
        }
        if shared.availability.becameReady(number) {
            shared.recovered?()
        } else if shared.availability.isAway {
            shared.lost?(true)
        }
        for request in waiting.removeAll() where !request.isAbandoned { connection.send(request.delayed) }
    }

    /// The wait before a server that withholds its `run_id` is asked again.
    private static let serverIDPause = TimeAmount.seconds(5)

    /// Asks again later, because the user may be granted `INFO` while the connection is open.
    private func askForServerIDLater(_ connection: RedisConnection) {
        eventLoop.assumeIsolated().scheduleTask(in: Self.serverIDPause) { [weak self, weak connection] in
            guard let self, let connection, self.connection === connection, !self.machine.isStopped else { return }
            let box = NIOLoopBound((link: self, connection: connection), eventLoop: self.eventLoop)
            let take: @Sendable (Result<RedisReply, RedisError>) -> Void = { result in
                let (link, connection) = box.value
                guard link.connection === connection else { return }
                guard case .success(let reply) = result, let identity = connection.learn(reply) else {
                    return link.askForServerIDLater(connection)
                }
                link.shared.moved(link.number, identity)
            }
            // All sections, because servers before 7.0 don't take two.
            let info = RedisCommand("INFO", isIdempotentRead: true)
            connection.send(RedisRequest(info, for: .function(take), ticket: nil, now: self.eventLoop.now))
        }
    }

    func connectionHasOtherServer(_ connection: RedisConnection) {
        if let identity = connection.identity { shared.moved(number, identity) }
    }

    func connectionEnded(_ connection: RedisConnection, _ end: RedisConnection.End) {
        self.connection = nil
        if let location, !isOutdated, !machine.isConnected || end.error.serverRefusal?.leavesServer == true {
            shared.locator.failed(location, end.error)
        }
        if end.error.code == .timedOut { shared.suspect(number) }
        trialRead = nextTrialRead(after: end)
        trial = nil
        // A problem with one value is not a problem of the server.
        let cause: RedisReconnectStateMachine.Cause =
            isOutdated ? .replacement : end.wasIdle ? .idleClose : end.error.isAboutValue ? .value : .outage
        isOutdated = false
        ended(end.error, retries: end.retries, cause: cause)
    }

    /// The read by which the next connection is tested; `nil` uses it without a test.
    ///
    /// A server that was silent is sent the unanswered read again. A server that had begun its reply is sent a short
    /// command with a reply of known length from then on, because the value may be too long and would be so again.
    private func nextTrialRead(after end: RedisConnection.End) -> RedisCommand? {
        if end.error.code == .timedOut {
            let hasBegun = end.wasInsideReply || trial?.hasAnswers ?? false
            return hasBegun ? Self.shortRead : trialRead ?? end.unansweredRead ?? .ping
        }
        return trial != nil && end.error.isAboutValue ? Self.shortRead : trialRead
    }

    /// A command whose reply has about the length of an ordinary lookup's, so that a server with little throughput is
    /// noticed.
    private static let shortRead = RedisCommand(
        "PING",
        [.string(String(repeating: "x", count: 512))],
        isIdempotentRead: true
    )

    private func ended(
        _ error: RedisError,
        retries: [RedisRequest] = [],
        cause: RedisReconnectStateMachine.Cause = .outage
    ) {
        let ending = machine.ended(now: eventLoop.now, random: shared.random(), cause: cause)
        let left = waiting.removeAll()
        if let delay = ending.delay {
            // The caller reports a value that takes too long, if it matters. The server has done nothing wrong.
            if ending.isQuiet || error.code == .replyTooSlow && ending.delay == .zero {
                shared.logger.debug("A connection to Redis is replaced", metadata: ["redis.reason": "\(error)"])
            } else {
                shared.availability.failed(number, error)
                shared.lost?(shared.availability.isAvailable)
            }
            reconnectTimer = eventLoop.assumeIsolated().scheduleTask(in: delay) { self.connect() }
            for request in retries {
                shared.metrics.retries.increment()
                send(request.retry)
            }
        } else {
            shared.availability.closed(number)
            for request in retries { request.fail(error.asLossOfConnection) }
            stopped?.succeed()
        }
        for request in left {
            let code: RedisError.Code = request.isRetry ? .connectionLost : .unavailable
            request.fail(RedisError(code, error.message, underlying: error.underlying))
        }
    }

    // MARK: Stopping

    /// Accepts no more commands and closes the connection once those in flight have their replies or have reached their
    /// deadlines.
    ///
    /// - Parameter error: the error of commands that wait.
    func stop(_ error: RedisError) -> EventLoopFuture<Void> {
        if let stopped { return stopped.futureResult }
        let stopped = eventLoop.makePromise(of: Void.self)
        self.stopped = stopped
        machine.stop()
        reconnectTimer?.cancel()
        for request in waiting.removeAll() {
            request.fail(error)
        }
        if let connection {
            connection.drain()
        } else {
            giveUpAttempt()
            shared.availability.closed(number)
            stopped.succeed()
        }
        return stopped.futureResult
    }
}
