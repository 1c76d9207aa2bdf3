import ClientSupport
import NIOCore

/// Decides which connection runs which query, which queries wait, and when connections are opened and closed. It uses
/// no threads, sockets or clocks: every event carries the time and returns actions.
struct PoolStateMachine<Job: PoolSchedulable> {
    enum Action {
        /// Run the job on this connection.
        case run(Job, on: UInt64)
        /// Complete the job with this error.
        case fail(Job, PostgresError)
        /// Test this connection with the pool's own query.
        case check(UInt64)
        /// Open a connection with this number and report it by `connected` or `connectFailed`.
        case connect(UInt64)
        /// Close this connection, which is not reported any more, and complete its job with the error if it has one.
        case close(UInt64, PostgresError?)
        /// Notify this connection that the job's result is no longer needed.
        case abandon(Job.ID, on: UInt64)
        /// The server became unavailable.
        case reportOutage(PostgresError)
        /// The server is available again, after this number of failed attempts.
        case reportRecovery(failures: Int)
        /// The pool is empty after a shutdown.
        case finish
    }

    private enum Phase {
        case connecting(since: NIODeadline, isOverdue: Bool)
        case idle(since: NIODeadline)
        /// The connection is being tested.
        case checked(idleSince: NIODeadline)
        case leased(Lease)
    }

    /// The queries of a connection, in the order in which they were sent.
    private struct Lease {
        /// The first query, which has the connection to itself unless there are others.
        var first: Tenant
        var followers: [Tenant] = []

        /// Indicates that the connection has the job and will answer it.
        func runs(_ job: Job.ID) -> Bool { first.runs(job) || followers.contains { $0.runs(job) } }

        /// Marks a job as running elsewhere. Its place stays taken until its results have been read.
        mutating func move(_ job: Job.ID) {
            if first.job == job { first.isMoved = true }
            for index in followers.indices where followers[index].job == job { followers[index].isMoved = true }
        }
    }

    private struct Tenant {
        let job: Job.ID
        let group: UInt64
        var isMoved = false

        func runs(_ job: Job.ID) -> Bool { self.job == job && !isMoved }
    }

    private struct Connection {
        var phase: Phase
        /// The time at which the connection is replaced.
        var expiry = NIODeadline.distantFuture
        /// The number of the connection in the order of establishment.
        var sequence: UInt64 = 0
        var establishedAt = NIODeadline.distantPast
        /// The time at which the server last responded.
        var heardAt = NIODeadline.distantPast
        /// Indicates that the connection leads to another kind of server than the preferred one.
        var isFallback = false
        /// Indicates that the connection has finished a query.
        var hasWorked = false
    }

    private enum Lifecycle { case created, open, shuttingDown(until: NIODeadline), closed }

    private let configuration: PostgresConfiguration
    private let backoff: ExponentialBackoff
    private let random: @Sendable () -> Double
    private var lifecycle = Lifecycle.created
    private var connections: [UInt64: Connection] = [:]
    /// The idle connections, the most recently used one last, so that surplus ones are closed for being idle.
    private var idle: [UInt64] = []
    private var waiters = WaiterQueue<Job>()
    private var shares = QueryBulkhead()
    private var places: PipelinePlaces
    private var lastID: UInt64 = 0
    private var lastSequence: UInt64 = 0
    /// The number of consecutive failed attempts.
    private var failures = 0
    /// The refusal in the last report of an outage.
    private var reportedRefusal: PostgresSessionRefusal?
    private var lastFailure: PostgresError?
    /// The number of consecutive connections that broke soon after they were established and before they had finished a
    /// query.
    private var earlyLosses = 0
    private var retryAt = NIODeadline.uptimeNanoseconds(0)
    /// The time at which the preferred kind of server is looked for again.
    private var preferredRetryAt = NIODeadline.distantFuture
    private let attemptTimeout: TimeAmount

    init(configuration: PostgresConfiguration, random: @escaping @Sendable () -> Double) {
        self.configuration = configuration
        attemptTimeout = configuration.attemptTimeout
        self.random = random
        places = PipelinePlaces(
            depth: configuration.sharedDepth,
            maximumGroups: configuration.maximumPreparedStatements
        )
        backoff = ExponentialBackoff(
            minimum: configuration.minimumReconnectDelay,
            maximum: configuration.maximumReconnectDelay
        )
    }

    // MARK: - State

    /// The number of established connections.
    var establishedCount: Int { connections.count - connectingCount }
    /// The number of queries in the queue.
    var waiterCount: Int { waiters.count }
    /// The number of established connections without work.
    var idleCount: Int { idle.count }

    private var connectingCount: Int {
        connections.values.count { if case .connecting = $0.phase { true } else { false } }
    }

    /// The number of attempts to connect that take too long. They may never end, so they do not count against the
    /// maximum.
    private var overdueCount: Int {
        connections.values.count { if case .connecting(_, isOverdue: true) = $0.phase { true } else { false } }
    }

    private var attemptCount: Int { connectingCount - overdueCount }

    /// The number of connections that are or may soon be established.
    private var currentCount: Int { connections.count - overdueCount }

    /// The number of queries that may begin before all connections are in use. If the server refuses more connections,
    /// the established ones are the maximum.
    private var freeCount: Int {
        (failures > 0 ? max(1, establishedCount) : configuration.maximumConnections) - shares.total
    }

    private func admits(_ job: Job) -> Bool {
        shares.admits(job.concurrency, job.group, free: freeCount)
    }

    /// Indicates that no connection is established and the last attempt failed.
    private var isAway: Bool { failures > 0 && establishedCount == 0 }

    /// The latest time for the next call of ``tick(_:)``.
    var nextDeadline: NIODeadline {
        var next = waiters.earliestDeadline
        if case .closed = lifecycle { return next }
        if case .shuttingDown(let until) = lifecycle { next = min(next, until) }
        if wantsConnection, attemptCount < connectLimit { next = min(next, retryAt) }
        if attemptCount == 0, hasFallbacks { next = min(next, max(retryAt, preferredRetryAt)) }
        for connection in connections.values {
            switch connection.phase {
            case .connecting(let since, isOverdue: false): next = min(next, since + attemptTimeout)
            case .connecting: break
            case .idle(let since):
                next = min(next, connection.expiry, connection.heardAt + configuration.keepAliveInterval)
                if connections.count > keptConnections { next = min(next, since + configuration.idleTimeout) }
            case .leased, .checked: break
            }
        }
        return next
    }

    private var keptConnections: Int {
        if case .open = lifecycle { min(configuration.minimumConnections, configuration.maximumConnections) } else { 0 }
    }

    // MARK: - Events

    /// Opens the minimum number of connections, which the pool maintains from now on.
    mutating func open(_ now: NIODeadline) -> [Action] {
        guard case .created = lifecycle else { return [] }
        lifecycle = .open
        return grow(now)
    }

    /// Assigns a connection to a query, or adds the query to the queue.
    mutating func submit(_ job: Job, deadline: NIODeadline, now: NIODeadline) -> [Action] {
        guard isAccepting else { return [.fail(job, .clientShutDown)] }
        guard now < deadline else { return [.fail(job, Self.deadlineError)] }
        if !idle.isEmpty, admits(job), let id = idle.popLast() { return [lease(id, to: job)] }
        if places.openCount > 0, let actions = follow(job, now) { return actions }
        guard !isAway else { return [.fail(job, unavailable("the server is unavailable"))] }
        guard waiters.count < configuration.maximumWaiters else {
            return [
                .fail(job, PostgresError(.tooManyWaiters, "\(waiters.count) queries wait for a connection already"))
            ]
        }
        // A single group must not fill the queue.
        let room = configuration.maximumWaiters - waiters.count
        guard
            job.concurrency == .unlimited
                || QueryBulkhead.admits(.share, held: waiters.count(of: job.group), free: room)
        else {
            return [.fail(job, PostgresError(.tooManyWaiters, "too many queries of the statement wait already"))]
        }
        waiters.append(
            .init(job: job, deadline: min(deadline, now + configuration.leaseTimeout), queryDeadline: deadline)
        )
        return grow(now)
    }

    /// Abandons a query whose result is no longer needed.
    mutating func abandon(_ job: Job.ID) -> [Action] {
        if waiters.remove(job) { return [] }
        for (id, connection) in connections {
            if case .leased(let lease) = connection.phase, lease.runs(job) { return [.abandon(job, on: id)] }
        }
        return []
    }

    /// Fails a query that still waits for a connection.
    mutating func withdraw(_ job: Job) -> [Action] {
        waiters.remove(job.id) ? [.fail(job, PostgresError(.cancelled, "the task was cancelled"))] : []
    }

    /// Records that a connection is established.
    ///
    /// - Parameters:
    ///   - id: the number of the connection.
    ///   - isFallback: true if it leads to another kind of server than the preferred one.
    ///   - now: the current time.
    mutating func connected(_ id: UInt64, isFallback: Bool = false, now: NIODeadline) -> [Action] {
        guard case .connecting = connections[id]?.phase else { return [.close(id, nil)] }
        let replacesFallbacks = !isFallback && hasFallbacks
        guard establishedCount < configuration.maximumConnections || replacesFallbacks else {
            // The attempt was overdue or found only a fallback, and other connections have taken its place.
            connections[id] = nil
            if isFallback { preferredRetryAt = now + configuration.fallbackLifetime }
            return [.close(id, nil)]
        }
        var actions: [Action] = failures > 0 ? [.reportRecovery(failures: failures)] : []
        if isFallback {
            preferredRetryAt = now + configuration.fallbackLifetime
        } else if replacesFallbacks {
            actions += retireFallbacks(now)
        }
        failures = 0
        lastFailure = nil
        lastSequence += 1
        let lifetime = configuration.maximumLifetime.nanoseconds
        let shortened = lifetime - Int64(Double(lifetime) * 0.1 * random())
        connections[id] = Connection(
            phase: .idle(since: now),
            expiry: now + .nanoseconds(shortened),
            sequence: lastSequence,
            establishedAt: now,
            heardAt: now,
            isFallback: isFallback
        )
        actions += putToUse(id, now: now)
        return actions + startWaiting() + feed(now) + grow(now)
    }

    /// Records that an attempt to connect failed.
    mutating func connectFailed(_ id: UInt64, error: PostgresError, now: NIODeadline) -> [Action] {
        guard case .connecting(_, let isOverdue) = connections.removeValue(forKey: id)?.phase else { return [] }
        let actions = isOverdue ? [] : noteFailure(error, now)
        lastFailure = error
        if hasFallbacks { preferredRetryAt = now + configuration.fallbackLifetime }
        return actions + grow(now)
    }

    /// Records that a connection has finished a job. `isReusable` is false if it was closed.
    ///
    /// - Parameter job: the job, if others may have been sent behind it.
    mutating func released(_ id: UInt64, job: Job.ID? = nil, isReusable: Bool, now: NIODeadline) -> [Action] {
        guard let phase = connections[id]?.phase else { return [] }
        switch phase {
        case .leased, .checked: break
        case .connecting, .idle: return []
        }
        guard isReusable else {
            remove(id)
            return startWaiting() + grow(now) + finishIfEmpty()
        }
        if case .leased(let lease) = phase {
            return end(CollectionOfOne(job ?? lease.first.job), on: id, now) + feed(now)
        }
        noteWork(id, now)
        guard case .checked(let since) = phase else { return [] }
        return putToUse(id, now: now, idleSince: since)
    }

    /// Handles the events of queries that share a connection, which may have ended.
    ///
    /// - Parameters:
    ///   - id: the number of the connection.
    ///   - ended: the queries whose places are free.
    ///   - returned: the queries that have to run alone, with their deadlines. Their places may still be taken.
    ///   - isSealed: true if the connection takes no more queries until all have ended.
    ///   - now: the current time.
    mutating func reported(
        _ id: UInt64,
        ended: [Job.ID],
        returned: [(job: Job, deadline: NIODeadline)],
        isSealed: Bool,
        now: NIODeadline
    ) -> [Action] {
        if isSealed { places.seal(id) }
        if !returned.isEmpty, case .leased(var lease) = connections[id]?.phase {
            for (job, _) in returned { lease.move(job.id) }
            connections[id]?.phase = .leased(lease)
        }
        var actions: [Action] = []
        // Queued before the connection becomes idle, so that it can run one of them and is not closed during a
        // shutdown.
        for (job, deadline) in returned { actions += wait(forOwnConnection: job, deadline: deadline, now: now) }
        actions += end(ended, on: id, now)
        return actions + startWaiting() + feed(now) + grow(now)
    }

    /// Ends queries of a connection, and reuses it if they were the last ones.
    private mutating func end(_ jobs: some Collection<Job.ID>, on id: UInt64, _ now: NIODeadline) -> [Action] {
        guard case .leased(var lease) = connections[id]?.phase else { return [] }
        for job in jobs {
            if let index = lease.followers.firstIndex(where: { $0.job == job }) {
                let group = lease.followers.remove(at: index).group
                shares.endFollowing(group)
                places.leave(id, having: group)
            } else if lease.first.job == job {
                shares.end(lease.first.group)
                places.leave(id, having: lease.first.group)
                guard !lease.followers.isEmpty else {
                    connections[id]?.phase = .idle(since: now)
                    noteWork(id, now)
                    return putToUse(id, now: now)
                }
                lease.first = lease.followers.removeFirst()
                shares.endFollowing(lease.first.group)
                shares.begin(lease.first.group)
            }
        }
        connections[id]?.phase = .leased(lease)
        if !jobs.isEmpty { noteWork(id, now) }
        return []
    }

    private mutating func noteWork(_ id: UInt64, _ now: NIODeadline) {
        connections[id]?.hasWorked = true
        connections[id]?.heardAt = now
        earlyLosses = 0
    }

    /// Records that a connection broke.
    ///
    /// - Parameters:
    ///   - id: the number of the connection.
    ///   - jobs: the queries that it was running, if they may be repeated, with their deadlines.
    ///   - now: the current time.
    mutating func lost(
        _ id: UInt64,
        returning jobs: [(job: Job, deadline: NIODeadline)],
        now: NIODeadline
    ) -> [Action] {
        if let connection = connections[id] {
            remove(id)
            noteLoss(connection, now)
        }
        idle.removeAll { $0 == id }
        var actions: [Action] = []
        for (job, deadline) in jobs { actions += giveBack(job, deadline: deadline, now: now) }
        return actions + startWaiting() + grow(now) + finishIfEmpty()
    }

    /// Removes a connection and ends its queries.
    private mutating func remove(_ id: UInt64) {
        if case .leased(let lease) = connections.removeValue(forKey: id)?.phase {
            shares.end(lease.first.group)
            for follower in lease.followers { shares.endFollowing(follower.group) }
        }
        places.remove(id)
    }

    /// Handles a query that was not sent because its connection had broken before.
    mutating func returned(_ job: Job, deadline: NIODeadline, now: NIODeadline) -> [Action] {
        giveBack(job, deadline: deadline, now: now) + grow(now)
    }

    /// Assigns another connection to a query that lost its own, or returns the query to the queue.
    private mutating func giveBack(_ job: Job, deadline: NIODeadline, now: NIODeadline) -> [Action] {
        guard isAccepting else { return [.fail(job, .clientShutDown)] }
        guard now < deadline else { return [.fail(job, Self.deadlineError)] }
        // Connections that were established earlier may be dead, too, if the whole server is. They are used only if
        // there is no room for a new one.
        let mayConnect = retryAt <= now && currentCount < configuration.maximumConnections
        let isNewOneComing = attemptCount > 0 || mayConnect
        if !isNewOneComing, let id = idle.popLast() { return [lease(id, to: job)] }
        waiters.giveBack(
            .init(
                job: job,
                deadline: min(deadline, now + configuration.leaseTimeout),
                queryDeadline: deadline,
                oldestConnection: isNewOneComing ? lastSequence + 1 : 0
            )
        )
        return []
    }

    /// Adds a query that has left a pipeline to the queue, before all others, to wait for a connection of its own.
    private mutating func wait(forOwnConnection job: Job, deadline: NIODeadline, now: NIODeadline) -> [Action] {
        guard !isClosed, establishedCount > 0 || isAccepting else { return [.fail(job, .clientShutDown)] }
        guard now < deadline else { return [.fail(job, Self.deadlineError)] }
        waiters.giveBack(
            .init(job: job, deadline: min(deadline, now + configuration.leaseTimeout), queryDeadline: deadline)
        )
        return []
    }

    /// Does the work that is due.
    mutating func tick(_ now: NIODeadline) -> [Action] {
        var actions: [Action] = []
        for waiter in waiters.expire(now) { actions.append(.fail(waiter.job, leaseError(waiter, now))) }
        if case .shuttingDown(let until) = lifecycle, until <= now { return actions + close() }
        for id in Array(connections.keys) {
            // Looked up again, because a failed attempt may lease idle connections to waiters.
            guard let connection = connections[id] else { continue }
            switch connection.phase {
            case .connecting(let since, isOverdue: false) where since + attemptTimeout <= now:
                connections[id]?.phase = .connecting(since: since, isOverdue: true)
                actions += noteFailure(
                    PostgresError(.unavailable, "the server takes too long to accept a connection"),
                    now
                )
            case .idle(let since):
                let isUnneeded = since + configuration.idleTimeout <= now && connections.count > keptConnections
                if connection.expiry <= now || isUnneeded {
                    actions.append(closeIdle(id))
                } else if connection.heardAt + configuration.keepAliveInterval <= now, isAccepting {
                    connections[id]?.phase = .checked(idleSince: since)
                    idle.removeAll { $0 == id }
                    actions.append(.check(id))
                }
            default: break
            }
        }
        return actions + grow(now) + finishIfEmpty()
    }

    /// Begins a graceful shutdown: new queries are refused, and running ones may finish within a limited time. So may
    /// queued ones, if a connection is in use.
    mutating func shutDown(_ now: NIODeadline) -> [Action] {
        guard isAccepting else { return [] }
        lifecycle = .shuttingDown(until: now + configuration.shutdownTimeout)
        var actions = idle.map { closeIdle($0) }
        if establishedCount == 0 { actions += waiters.removeAll().map { .fail($0, .clientShutDown) } }
        return actions + finishIfEmpty()
    }

    /// Closes everything at once.
    mutating func close() -> [Action] {
        if case .closed = lifecycle { return [] }
        lifecycle = .closed
        var actions: [Action] = waiters.removeAll().map { .fail($0, .clientShutDown) }
        for (id, connection) in connections {
            if case .connecting = connection.phase { continue }
            actions.append(.close(id, .clientShutDown))
        }
        for id in connections.keys { places.remove(id) }
        connections = [:]
        shares = QueryBulkhead()
        idle = []
        return actions + [.finish]
    }

    // MARK: - Growing and shrinking

    private var isAccepting: Bool {
        switch lifecycle {
        case .created, .open: true
        case .shuttingDown, .closed: false
        }
    }

    /// The number of simultaneous attempts to connect, which is one while the server is unavailable.
    private var connectLimit: Int {
        let threads = max(1, configuration.maximumConcurrentConnects) - overdueCount
        return failures > 0 ? min(1, threads) : threads
    }

    private var wantsConnection: Bool {
        guard isAccepting, currentCount < max(1, configuration.maximumConnections) else { return false }
        return attemptCount < waiters.startableCount(shares, free: freeCount) || currentCount < keptConnections
            || isAway && attemptCount == 0
    }

    private mutating func grow(_ now: NIODeadline) -> [Action] {
        var actions: [Action] = []
        while retryAt <= now, wantsConnection, attemptCount < connectLimit { actions.append(open(now)) }
        // An attempt to find the preferred kind of server while fallbacks are in use.
        if isAccepting, attemptCount == 0, hasFallbacks, max(retryAt, preferredRetryAt) <= now {
            preferredRetryAt = .distantFuture
            actions.append(open(now))
        }
        return actions
    }

    private mutating func open(_ now: NIODeadline) -> Action {
        lastID += 1
        connections[lastID] = Connection(phase: .connecting(since: now, isOverdue: false))
        return .connect(lastID)
    }

    private var hasFallbacks: Bool {
        configuration.session == .preferStandby && connections.values.contains { $0.isFallback }
    }

    /// Replaces fallbacks with connections to the preferred kind of server, as soon as they are idle.
    private mutating func retireFallbacks(_ now: NIODeadline) -> [Action] {
        preferredRetryAt = .distantFuture
        var actions: [Action] = []
        for (id, connection) in connections where connection.isFallback {
            connections[id]?.isFallback = false
            connections[id]?.expiry = now
            if case .idle = connection.phase { actions.append(closeIdle(id)) }
        }
        return actions
    }

    /// Assigns an established connection to the next waiter, or keeps it idle, or closes it.
    private mutating func putToUse(
        _ id: UInt64,
        now: NIODeadline,
        idleSince: NIODeadline? = nil
    ) -> [Action] {
        guard var connection = connections[id] else { return [] }
        if connection.expiry <= now || isClosed {
            return [closeIdle(id)] + startWaiting() + grow(now) + finishIfEmpty()
        }
        if let job = waiters.next(establishedAs: connection.sequence, shares, free: freeCount) {
            return [lease(id, to: job)]
        }
        guard isAccepting else { return [closeIdle(id)] + finishIfEmpty() }
        connection.phase = .idle(since: idleSince ?? now)
        connections[id] = connection
        // A connection that was only tested keeps its idle time.
        if idleSince == nil { idle.append(id) } else { idle.insert(id, at: 0) }
        return []
    }

    private mutating func lease(_ id: UInt64, to job: Job) -> Action {
        connections[id]?.phase = .leased(Lease(first: Tenant(job: job.id, group: job.group)))
        shares.begin(job.group)
        if places.depth > 1 { places.begin(job.group, on: id, isShared: job.mayShareConnection) }
        return .run(job, on: id)
    }

    /// Assigns idle connections to waiters whose groups may use them now.
    private mutating func startWaiting() -> [Action] {
        var actions: [Action] = []
        while !waiters.isEmpty, let id = idle.last, let connection = connections[id],
            let job = waiters.next(establishedAs: connection.sequence, shares, free: freeCount)
        {
            idle.removeLast()
            actions.append(lease(id, to: job))
        }
        return actions
    }

    // MARK: - Pipelines

    /// Sends a query behind others if it may share a connection and there is a place. Called only if it can't have an
    /// idle connection.
    ///
    /// If the query may have a connection of its own, a new one is opened for later queries.
    private mutating func follow(_ job: Job, _ now: NIODeadline) -> [Action]? {
        guard job.mayShareConnection,
            shares.admitsFollower(job.concurrency, job.group, places: followerPlaces),
            let id = place(for: job.group, reserved: reservedCount(), now)
        else { return nil }
        var actions = [join(id, job)]
        if admits(job), attemptCount == 0, isAccepting, currentCount < configuration.maximumConnections,
            retryAt <= now
        {
            actions.append(open(now))
        }
        return actions
    }

    /// Sends waiters behind other queries while there are places.
    private mutating func feed(_ now: NIODeadline) -> [Action] {
        guard places.openCount > 0, !waiters.isEmpty else { return [] }
        var actions: [Action] = []
        let reserved = reservedCount()
        // Swapped out, because the closure reads the pool's state while the queue is modified.
        var queue = WaiterQueue<Job>()
        swap(&queue, &waiters)
        while places.openCount > reserved, !queue.isEmpty {
            let job = queue.nextFollower(shares, places: followerPlaces) { group in
                place(for: group, reserved: reserved, now) != nil
            }
            guard let job, let id = place(for: job.group, reserved: reserved, now) else { break }
            actions.append(join(id, job))
        }
        swap(&queue, &waiters)
        return actions
    }

    private mutating func join(_ id: UInt64, _ job: Job) -> Action {
        guard case .leased(var lease) = connections[id]?.phase else { preconditionFailure("a place is behind a query") }
        lease.followers.append(Tenant(job: job.id, group: job.group))
        connections[id]?.phase = .leased(lease)
        shares.follow(job.group)
        places.join(id)
        return .run(job, on: id)
    }

    private func place(for group: UInt64, reserved: Int, _ now: NIODeadline) -> UInt64? {
        places.place(for: group, reserved: reserved) { id in connections[id].map { now < $0.expiry } ?? false }
    }

    /// Returns the number of connections that take no more queries, so that they become idle for waiters that need one.
    private mutating func reservedCount() -> Int {
        guard !waiters.isEmpty else { return 0 }
        let places = places
        return waiters.lonerCount(shares, free: freeCount) { places.isKnown($0) }
    }

    private var followerPlaces: Int { places.places(of: configuration.maximumConnections) }

    private var isClosed: Bool { if case .closed = lifecycle { true } else { false } }

    private mutating func closeIdle(_ id: UInt64) -> Action {
        remove(id)
        idle.removeAll { $0 == id }
        return .close(id, nil)
    }

    private mutating func noteFailure(_ error: PostgresError, _ now: NIODeadline) -> [Action] {
        failures += 1
        lastFailure = error
        retryAt = now + backoff.delay(afterFailures: failures, random: random())
        // Reported again, because refused sessions need another remedy than an unavailable server.
        let isNews = failures == 1 || error.refusal != reportedRefusal
        if isNews { reportedRefusal = error.refusal }
        var actions: [Action] = isNews ? [.reportOutage(error)] : []
        if establishedCount == 0 {
            let error = unavailable("no connection can be opened")
            actions += waiters.removeAll().map { .fail($0, error) }
        } else {
            // These waiters declined the idle connections only because of their age.
            waiters.acceptAnyConnection()
            actions += startWaiting()
        }
        return actions
    }

    /// Delays new attempts if sessions break soon after they begin. A single loss may be a coincidence.
    private mutating func noteLoss(_ connection: Connection, _ now: NIODeadline) {
        let early = connection.establishedAt + configuration.maximumReconnectDelay
        guard !connection.hasWorked, now < early else { return }
        earlyLosses += 1
        guard earlyLosses > 1 else { return }
        retryAt = max(retryAt, now + backoff.delay(afterFailures: earlyLosses - 1, random: random()))
    }

    private mutating func finishIfEmpty() -> [Action] {
        guard case .shuttingDown = lifecycle, establishedCount == 0 else { return [] }
        return close()
    }

    // MARK: - Errors

    private static var deadlineError: PostgresError {
        PostgresError(.deadlineExceeded, "the query's deadline has passed")
    }

    private func unavailable(_ message: String) -> PostgresError {
        PostgresError(.unavailable, message, underlying: lastFailure)
    }

    private func leaseError(_ waiter: WaiterQueue<Job>.Waiter, _ now: NIODeadline) -> PostgresError {
        if waiter.queryDeadline <= now { return Self.deadlineError }
        if establishedCount == 0 { return unavailable("no connection could be opened in time") }
        guard admits(waiter.job) else {
            let count = shares.count(of: waiter.job.group)
            return PostgresError(
                .leaseTimeout,
                "\(count) queries of the statement are under way, which is its share of the connections, and none ended in time"
            )
        }
        return PostgresError(.leaseTimeout, "no connection became free in time")
    }
}
