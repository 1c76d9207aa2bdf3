package import Logging
package import NIOCore
package import ServiceLifecycle
import Synchronization

/// Serves routes over a store and a database: composes lookups, fills, writes, purges and warming.
package final class RouteEngine: Sendable {
    /// The limits of an engine.
    package struct Limits: Sendable {
        /// The longest body that is compressed, in bytes.
        package var compression: Int
        /// The number of entries that are warmed at the same time.
        package var warming: Int
        /// The time that background writes and queued purges have at a shutdown, together.
        package var drain: TimeAmount

        /// Creates limits.
        ///
        /// - Parameters:
        ///   - compression: the longest body that is compressed, in bytes.
        ///   - warming: the number of entries that are warmed at the same time.
        ///   - drain: the time that background writes and queued purges have at a shutdown, together.
        package init(compression: Int, warming: Int, drain: TimeAmount) {
            self.compression = compression
            self.warming = warming
            self.drain = drain
        }
    }

    /// Tells the time of day.
    package let clock: WallClock
    /// The routes and their tag versions.
    let registry: TagVersionKeyRegistry
    /// Purges responses.
    let purger: Purger
    /// The tables whose changes are observed; `nil` if that is assumed of all.
    let tableTrust: TableTrust?
    let tables: TableChangeDetectionMode
    let tableListener: OnDemandService?
    let nearTracker: OnDemandService?
    let warmer: Warmer
    /// Prepares the statements of routes; `nil` if that is not wanted, or the database can't.
    let startCheck: StartCheck?
    let names: RouteRegistry
    let logger: Logger
    /// The number of statements that can run at the same time.
    let maximumConnections: Int
    /// The namespaces and names of routes whose `concurrency` was reported to have no effect.
    let unlimitedRoutes = Mutex<Set<[String]>>([])
    /// The database; `nil` if there is none.
    let database: (any RouteDatabase)?
    /// The statements of routes that were exchanged for others, which requests may still run.
    let retiredStatements = Mutex<[SQLStatement]>([])

    private let reads: ReadResponder
    private let failures: DatabaseErrorResponder
    private let writes: WriteResponder
    private let eventLoopGroup: any EventLoopGroup
    private let backendServices: [any Service]

    /// Creates an engine.
    ///
    /// - Parameters:
    ///   - backend: the store of responses.
    ///   - database: the database of routes with SQL.
    ///   - limits: the limits of the engine.
    ///   - startCheck: the consequence of a statement that the database can't prepare.
    ///   - clock: tells the time of day.
    ///   - draw: returns numbers between 0 and 1: the part of a route's jitter that shortens a response's ttl.
    ///   - eventLoopGroup: the event loops for requests that have none of their own.
    ///   - logger: takes the messages of all parts.
    package init(
        store backend: StoreBackend,
        database: DatabaseBackend,
        limits: Limits,
        startCheck: StartCheckMode,
        clock: WallClock,
        draw: (@Sendable () -> Double)? = nil,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger
    ) {
        self.eventLoopGroup = eventLoopGroup
        self.clock = clock
        self.logger = logger
        // Measures the time of what belongs to no request.
        let eventLoop = eventLoopGroup.any()
        let drain = DrainDeadline(limits.drain)
        let registry = TagVersionKeyRegistry(tagVersionLifetime: backend.tagVersionLifetime)
        let purger = Purger(
            store: backend.store,
            registry: registry,
            drain: drain,
            eventLoop: eventLoop,
            logger: logger
        )
        self.registry = registry
        self.purger = purger
        self.database = database.database
        names = RouteRegistry(hasDatabase: database.database != nil)
        maximumConnections = database.maximumConnections
        self.startCheck = StartCheck(
            of: database.database,
            mode: startCheck,
            maximumConnections: database.maximumConnections,
            eventLoop: eventLoop,
            logger: logger
        )

        // In this order: the database's own actions protect reads after the purge, and the purge does not wait for
        // notifications.
        var followUps = database.followUps + [CommitPurge(purger: purger)]
        tables = database.tables
        switch database.tables {
        case .announced(let source):
            let trust = TableTrust(registry: registry) { source.isHeard }
            let handler = TableChangeHandler(
                registry: registry,
                purger: purger,
                store: backend.store,
                locks: backend.locks,
                eventLoopGroup: eventLoopGroup,
                trust: trust,
                source: source,
                logger: logger
            )
            tableListener = OnDemandService { try await source.run(handler) { registry.tableNames } }
            tableTrust = trust
            followUps.append(CommitNotificationBarrier(source: source, registry: registry, purger: purger))
        case .unannounced:
            tableListener = nil
            tableTrust = TableTrust(registry: registry, mayBeHeard: false) { false }
        case .assumed:
            tableListener = nil
            tableTrust = nil
        }
        nearTracker = backend.nearTracker
        backendServices =
            backend.services + database.services
            + (backend.writer.map { [WriterDrainService(writer: $0, drain: drain, eventLoop: eventLoop)] } ?? [])

        let statements = database.database ?? NoDatabase()
        let store = PurgeAwareStore(origin: backend.store, purger: purger, tableTrust: tableTrust)
        let failures = DatabaseErrorResponder(logger: logger, now: { eventLoop.now })
        self.failures = failures
        let fill = DistributedFiller(
            fetcher: OriginFetcher(
                database: statements,
                store: store,
                clock: clock,
                failures: failures,
                converter: FormConverter(
                    compressor: BodyCompressionPool(byteLimit: limits.compression),
                    store: store,
                    clock: clock
                ),
                draw: draw ?? JitterGenerator().next
            ),
            store: store,
            locks: backend.locks,
            clock: clock
        )
        let flights = SingleFlight<FillOutcome>(
            deadlineExceeded: .deadlineExceeded,
            cancelled: .failed(.cancelled, .cancelled)
        )
        let backoff = RefreshBackoff(clock: clock)
        let revalidator = BackgroundRevalidator(
            flights: flights,
            distributedFill: fill,
            backoff: backoff,
            // The other connections are for requests that clients wait for.
            limit: max(1, database.maximumConnections / 2)
        )
        warmer = Warmer(
            revalidator: revalidator,
            distributedFill: fill,
            locks: backend.locks,
            concurrency: limits.warming,
            tableTrust: tableTrust,
            eventLoopGroup: eventLoopGroup,
            logger: logger
        )
        reads = ReadResponder(
            store: store,
            clock: clock,
            flights: flights,
            distributedFill: fill,
            revalidator: revalidator,
            backoff: backoff,
            logger: logger
        )
        writes = WriteResponder(database: statements, followUps: followUps, failures: failures, logger: logger)
    }

    /// The services that run while requests are served, to be stopped in reverse order, one after the other.
    package var services: [any Service] {
        backendServices + [purger] + [startCheck].compactMap { $0 }
            + [tableListener, nearTracker].compactMap { $0 } + [warmer]
    }

    /// The number of requests that wait for a response in the making.
    package var waitingRequests: Int { reads.waitingRequests }

    /// Logs the error with which an app has failed to authenticate a request, and returns the response to it.
    ///
    /// - Parameters:
    ///   - error: the error; a `HandlerError` is the response and is not logged.
    ///   - route: the route of the request.
    package func problem(forContext error: any Error, of route: CompiledRoute) -> Problem {
        failures.problem(forContext: error, route.plan)
    }

    /// Logs that an app has not authenticated a request by the deadline, and returns the response to it.
    ///
    /// - Parameter route: the route of the request.
    package func problem(forLateContextOf route: CompiledRoute) -> Problem {
        failures.contextIsLate(route.plan)
        return .deadlineExceeded
    }

    /// Returns the event loop for a request whose connection is unknown.
    package func eventLoop() -> any EventLoop { eventLoopGroup.any() }

    /// Responds to a request of a route.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - route: the route of the request.
    ///   - context: the values of the manifest's context inputs.
    ///   - prior: the result of a lookup before routing; `nil` if there was none.
    ///   - deadline: the end of the route's timeout; `nil` if it starts now.
    ///   - eventLoop: the event loop of the request; `nil` for any.
    package func respond(
        to request: RouteRequest,
        of route: CompiledRoute,
        context: some RouteContext,
        after prior: EarlyLookupResult?,
        deadline: NIODeadline? = nil,
        on eventLoop: (any EventLoop)? = nil
    ) async -> RouteResponse {
        let plan = route.plan
        let eventLoop = eventLoop ?? self.eventLoop()
        let deadline = deadline ?? eventLoop.now + plan.timeout
        guard plan.write == nil else {
            return await writes.respond(to: request, of: plan, context: context, deadline: deadline, on: eventLoop)
        }
        return await reads.respond(
            to: request,
            of: plan,
            context: context,
            after: prior,
            deadline: deadline,
            on: eventLoop
        )
    }

    /// Responds to a request of a route that reads, without a task unless the route has a handler.
    ///
    /// It has to be called on the event loop. The work is given up when the request's client disconnects.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - route: the route of the request, which does not write.
    ///   - context: the values of the manifest's context inputs.
    ///   - deadline: the end of the route's timeout.
    ///   - eventLoop: the event loop of the request.
    ///   - completion: takes the response, once, on the event loop.
    package func respond(
        to request: RouteRequest,
        of route: CompiledRoute,
        context: some RouteContext,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping @Sendable (RouteResponse) -> Void
    ) {
        precondition(route.plan.write == nil, "a write runs in a task")
        reads.respond(
            to: request,
            of: route.plan,
            context: context,
            deadline: deadline,
            on: eventLoop,
            completion: completion
        )
    }

    /// Looks up the response to a request before routing, without a task or a change of thread.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - route: the route that its path had before.
    ///   - eventLoop: the event loop of the request, on which the caller runs.
    package func readyLookup(
        _ request: RouteRequest,
        of route: CompiledRoute,
        on eventLoop: any EventLoop
    ) -> EarlyLookupResultOrFuture {
        reads.readyLookup(request, route.plan, on: eventLoop)
    }

    /// Makes the response to a request after a miss, without a task unless its route has a handler.
    ///
    /// It has to be called on the event loop. The work is given up when the request's client disconnects.
    ///
    /// - Parameters:
    ///   - miss: the early lookup of the request, which was a miss.
    ///   - deadline: the end of the route's timeout.
    ///   - eventLoop: the event loop of the request.
    ///   - completion: takes the response, once, on the event loop.
    package func respond(
        after miss: EarlyLookupResult,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping @Sendable (RouteResponse) -> Void
    ) {
        reads.respond(after: miss, deadline: deadline, on: eventLoop, completion: completion)
    }
}

/// Drains the background writer at a shutdown.
private struct WriterDrainService: Service {
    let writer: BackgroundWriter
    let drain: DrainDeadline
    let eventLoop: any EventLoop

    func run() async throws {
        try? await gracefulShutdown()
        await writer.drain(deadline: drain.begin(at: eventLoop.now))
    }
}

/// Stands in for the database of an engine without one, whose routes with SQL are refused when they are registered.
private struct NoDatabase: RouteDatabase {
    private static let error = RouteDatabaseError(.failed, "there is no database")

    func answer(to _: SQLStatement, _: InputValues, deadline: NIODeadline) throws(RouteDatabaseError) -> DatabaseAnswer
    {
        throw Self.error
    }

    func answer(
        to _: SQLStatement,
        _: InputValues,
        under _: WriteCondition,
        deadline: NIODeadline
    ) throws(RouteDatabaseError) -> DatabaseAnswer {
        throw Self.error
    }

    func ping(deadline: NIODeadline) {}
}
