package import HTTPConnections
import HTTPTypes
public import Logging
public import NIOCore
public import NIOPosix
import PostgresClient
import RedisClient
import RouteModel
public import ServiceLifecycle
import Synchronization

/// The service behind a manifest's routes: store, database, flights and the background writer.
///
/// Run it beside the HTTP server, and let it stop after the server: the writer then has every answer that was made.
public final class CachedRoutesService: Service {
    /// What the service was told.
    public let configuration: CachedRoutesConfiguration
    /// Where the service logs.
    public let logger: Logger

    private let hasRoutesBeforeRouter = Atomic(false)

    /// The connections of clients, on all servers that answer with this service.
    package let connections: ConnectionRegistry
    private let shutdownTimes: ShutdownTimes
    private let drain: SharedDeadline

    private let responder: RouteResponder
    private let writeResponder: WriteResponder
    private let database: any RouteDatabase
    let registry: RouteRegistry
    private let names = RouteNames()
    /// The routes whose limit is known to be none, by namespace and name.
    private let unlimitedRoutes = Mutex<Set<[String]>>([])
    let purger: Purger
    private let tableListener: OnDemandService?
    private let tableSource: TableSource
    private let tableTrust: TableTrust?
    private let nearTracker: OnDemandService?
    private let warmer: Warmer
    private let writer: BackgroundWriter?
    private let clients: [any Service]
    /// The state of the store in the answer to `GET /ready`; `nil`: it is as it should be.
    private let storeProblem: @Sendable () -> String?
    private let eventLoopGroup: any EventLoopGroup

    /// A service from environment variables; ``CachedRoutesConfiguration`` lists them.
    ///
    /// - Throws: ``CachedRoutesConfigurationError`` for a configuration that can't be used; never because a server is away.
    public convenience init(environment: CachedRoutesEnvironment, logger: Logger? = nil) throws {
        let configuration = try CachedRoutesConfiguration(environment: environment)
        try self.init(configuration: configuration, logger: logger)
        for variable in configuration.unreadVariables { variable.log(to: self.logger) }
        for note in configuration.notes { self.logger.info("\(note)") }
    }

    /// A service from a configuration.
    ///
    /// - Parameters:
    ///   - configuration: servers, limits and times.
    ///   - eventLoopGroup: the group of the HTTP server, so that a request asks Redis on its own event loop.
    ///   - logger: the log; `nil`: one with the configuration's level.
    /// - Throws: ``CachedRoutesConfigurationError`` for a configuration that can't be used; never because a server is away.
    public convenience init(
        configuration: CachedRoutesConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger? = nil
    ) throws {
        try self.init(configuration: configuration, eventLoopGroup: eventLoopGroup, logger: logger) { $0 }
    }

    /// A service from a configuration, whose store tests see before it is used.
    ///
    /// - Parameter inspectionInterval: how often the catalog is asked about tables.
    package convenience init(
        configuration: CachedRoutesConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger? = nil,
        inspectionInterval: TimeAmount = .seconds(10),
        wrappingStore wrap: (any CacheStore) -> any CacheStore
    ) throws {
        var log = logger ?? Logger(label: "cached-routes")
        if logger == nil { log.logLevel = configuration.logLevel }
        let problems = Self.problems(configuration)
        guard problems.isEmpty else { throw CachedRoutesConfigurationError(problems: problems) }
        let redis = try Self.redis(configuration)
        let database: PostgresDatabase
        let listener: PostgresListener?
        do {
            database = try Self.database(configuration, log)
            listener = try Self.listener(configuration, inspectionInterval, log)
        } catch let error as PostgresError where error.code == .invalidConfiguration {
            throw CachedRoutesConfigurationError(problems: [error.message])
        }
        let tokenLife = TagVersionLifetime()
        guard let redis else {
            log.info(
                "REDIS_URL is unset: answers are kept in this process's memory",
                metadata: ["bytes": "\(configuration.memoryBudget)"]
            )
            self.init(
                configuration: configuration,
                store: wrap(MemoryStore(budget: configuration.memoryBudget, tokenLife: tokenLife)),
                tokenLife: tokenLife,
                locks: LocalLocks(clock: .system),
                database: database,
                clock: .system,
                clients: [database],
                followUps: [database],
                tables: listener.map(TableSource.listener) ?? .unheard,
                eventLoopGroup: eventLoopGroup,
                logger: log
            )
            return
        }
        let writer = BackgroundWriter(
            limits: .init(entries: configuration.writeQueueEntries, bytes: configuration.writeQueueBytes),
            eventLoop: eventLoopGroup.next(),
            logger: log
        )
        let client = try RedisClient(configuration: redis, eventLoopGroup: eventLoopGroup, logger: log)
        let tracker = try RedisTracker(
            configuration: redis,
            eventLoop: eventLoopGroup.next(),
            beside: client,
            logger: log
        )
        let store = RedisStore(
            client: client,
            writer: writer,
            clock: .system,
            tokenLife: tokenLife,
            binding: configuration.afterRestart == .discard ? .server : .none,
            commandTimeout: .milliseconds(configuration.redisCommandTimeout.milliseconds),
            tracker: tracker,
            logger: log
        )
        let near = NearStore(of: store, budget: configuration.memoryBudget, clock: .system)
        self.init(
            configuration: configuration,
            store: wrap(near),
            tokenLife: tokenLife,
            locks: RedisLocks(client: client, foreign: store.foreign, logger: log),
            database: database,
            clock: .system,
            writer: writer,
            clients: [client, database],
            storeProblem: { store.problem },
            followUps: [database],
            tables: listener.map(TableSource.listener) ?? .unheard,
            nearTracker: OnDemandService {
                try await tracker.run(
                    RedisTracker.Delegate(invalidated: { near.invalidated($0) }, flushed: { near.flushed() })
                )
            },
            eventLoopGroup: eventLoopGroup,
            logger: log
        )
    }

    /// How changes of tables come to be known.
    enum TableSource: Sendable {
        /// The database says so.
        case listener(PostgresListener)
        /// They do not, and nothing that was made from a table is kept.
        case unheard
        /// They do, without anything being done here.
        case trusted
    }

    /// A service over any store and database, for tests.
    ///
    /// - Parameter draw: gives numbers between 0 and 1: which part of a route's jitter shortens an answer's ttl.
    package convenience init(
        configuration: CachedRoutesConfiguration,
        store: any CacheStore,
        tokenLife: TagVersionLifetime = TagVersionLifetime(),
        database: any RouteDatabase,
        clock: WallClock,
        draw: @escaping @Sendable () -> Double = { 0 },
        logger: Logger
    ) {
        self.init(
            configuration: configuration,
            store: store,
            tokenLife: tokenLife,
            locks: LocalLocks(clock: clock),
            database: database,
            clock: clock,
            draw: draw,
            clients: [],
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
    }

    init(
        configuration: CachedRoutesConfiguration,
        store plainStore: any CacheStore,
        tokenLife: TagVersionLifetime,
        locks: any DistributedLocks,
        database: any RouteDatabase,
        clock: WallClock,
        draw: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        writer: BackgroundWriter? = nil,
        clients: [any Service],
        storeProblem: @escaping @Sendable () -> String? = { nil },
        followUps: [any CommitFollowUp] = [],
        tables: TableSource = .trusted,
        nearTracker: OnDemandService? = nil,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger
    ) {
        self.eventLoopGroup = eventLoopGroup
        self.configuration = configuration
        self.logger = logger
        self.database = database
        self.writer = writer
        self.clients = clients
        self.storeProblem = storeProblem
        shutdownTimes = ShutdownTimes(configuration)
        drain = SharedDeadline(shutdownTimes.drain)
        let trimmer = MemoryTrimmer(logger: logger)
        connections = ConnectionRegistry(
            maximum: configuration.httpMaximumConnections,
            unsentBytes: configuration.clientBufferBytes,
            observe: ConnectionObserver(logger: logger).observe,
            release: { trimmer.plan(on: eventLoopGroup.any()) }
        )
        let registry = RouteRegistry(tokenLife: tokenLife)
        let purger = Purger(
            store: plainStore,
            registry: registry,
            drain: drain,
            logger: logger
        )
        tableSource = tables
        // In this order: the database prepares what is read after the purge, and the purge does not wait for notifications.
        var writeFollowUps = followUps + [PurgeFollowUp(purger: purger)]
        switch tables {
        case .listener(let listener):
            let trust = TableTrust(registry: registry) { listener.isHeard }
            let watch = TableChangeHandler(
                registry: registry,
                purger: purger,
                store: plainStore,
                locks: locks,
                eventLoopGroup: eventLoopGroup,
                trust: trust,
                inspectSoon: { listener.inspectSoon() },
                logger: logger
            )
            tableListener = OnDemandService { try await listener.run(PostgresListener.Handler(watch, registry)) }
            tableTrust = trust
            writeFollowUps.append(TableFollowUp(listener: listener, registry: registry, purger: purger))
        case .unheard:
            tableListener = nil
            tableTrust = TableTrust(registry: registry, mayBeHeard: false) { false }
        case .trusted:
            tableListener = nil
            tableTrust = nil
        }
        self.nearTracker = nearTracker
        let store = PurgeAwareStore(origin: plainStore, purger: purger, tableTrust: tableTrust)
        self.registry = registry
        self.purger = purger
        let failures = DatabaseErrorResponder(logger: logger)
        let filler = DistributedFill(
            filler: OriginFetcher(
                database: database,
                store: store,
                clock: clock,
                failures: failures,
                compressor: Compressor(byteLimit: configuration.writeQueueBytes),
                draw: draw
            ),
            store: store,
            locks: locks,
            clock: clock
        )
        let flights = SingleFlight<FillOutcome>(
            deadlineExceeded: .deadlineExceeded,
            cancelled: .failed(.unavailable("The request was cancelled."), .cancelled)
        )
        let pauses = RefreshBackoff(clock: clock)
        let renewer = BackgroundRevalidator(
            flights: flights,
            filler: filler,
            pauses: pauses,
            // The rest of the connections is for requests that wait.
            limit: max(1, configuration.databasePoolMaximum / 2)
        )
        warmer = Warmer(
            renewer: renewer,
            filler: filler,
            locks: locks,
            concurrency: configuration.warmConcurrency,
            tableTrust: tableTrust,
            eventLoopGroup: eventLoopGroup,
            logger: logger
        )
        responder = RouteResponder(
            store: store,
            clock: clock,
            flights: flights,
            filler: filler,
            renewer: renewer,
            pauses: pauses,
            logger: logger
        )
        writeResponder = WriteResponder(
            database: database,
            followUps: writeFollowUps,
            failures: failures,
            logger: logger
        )
    }

    /// Takes routes: whose answers are to be warmed while the service runs, and what purges are about. Adding routes to a router
    /// does this. It is to be done before requests for them are answered, and before ``run()``.
    ///
    /// - Returns: the routes that may be answered: all but those that have the namespace and the name, or the keys, of another
    ///   one that was taken before. If there are such, ``run()`` says so instead of running.
    @discardableResult
    public func register(_ routes: [CompiledRoute]) -> [CompiledRoute] {
        let routes = names.take(routes)
        for route in routes {
            registry.add(route.plan)
            if route.isBeforeRouter { hasRoutesBeforeRouter.store(true, ordering: .relaxed) }
            if route.plan.cache?.tables != nil { listenToTables(for: route.route.name) }
            // SQL may purge tags, too. Who has said how to listen is listening.
            if let cache = route.plan.cache, !cache.tags.isEmpty, configuration.databaseListenURL != nil {
                tableListener?.want()
            }
            if route.plan.nearLife > 0 { nearTracker?.want() }
            warmer.add(route.plan)
            noteConcurrency(of: route.route)
        }
        return routes
    }

    /// Tells of a limit that is none: the pool has no connection beyond it.
    private func noteConcurrency(of route: CachedRoute) {
        let most = configuration.databasePoolMaximum
        guard let concurrency = route.concurrency, concurrency >= most,
            unlimitedRoutes.withLock({ $0.insert([route.signature.namespace, route.name]).inserted })
        else { return }
        var metadata: Logger.Metadata = [
            "route": "\(route.name)", "concurrency": "\(concurrency)", "DATABASE_POOL_MAX": "\(most)",
        ]
        if let location = route.location { metadata["manifest"] = "\(location)" }
        logger.info(
            "The concurrency of a route has no effect: its queries may take every connection, and others wait",
            metadata: metadata
        )
    }

    /// Notes why a route can't be answered.
    package func refuse(_ problem: String) {
        names.refuse(problem)
    }

    /// Looks at the routes that were added.
    ///
    /// - Throws: ``CachedRoutesConfigurationError`` where some of them can't be answered beside the others.
    package func checkRoutes() throws(CachedRoutesConfigurationError) {
        let problems = names.problems
        guard problems.isEmpty else { throw CachedRoutesConfigurationError(problems: problems) }
    }

    private func listenToTables(for route: String) {
        tableListener?.want()
        tableTrust?.registryHasChanged()
        switch tableSource {
        case .listener(let listener): listener.inspectSoon()
        case .unheard:
            logger.error(
                """
                Answers with tables are not kept: changes are not heard through a pooler in transaction mode. Let \
                DATABASE_LISTEN_URL lead straight to the primary.
                """,
                metadata: ["route": "\(route)"]
            )
        case .trusted: break
        }
    }

    /// Keeps the connections to Redis and PostgreSQL until the service is shut down gracefully; then the background writer ends
    /// its work within ``CachedRoutesConfiguration/drainTimeout``, and the connections close. Together with what the server's
    /// clients get before, this takes ``CachedRoutesConfiguration/shutdownTimeout`` at most.
    ///
    /// - Throws: ``CachedRoutesConfigurationError`` where routes were added that contradict each other.
    public func run() async throws {
        try checkRoutes()
        var services = clients
        if let writer {
            services.append(WriterService(writer: writer, drain: drain))
        }
        services.append(purger)
        services += [tableListener, nearTracker].compactMap { $0 }
        services.append(warmer)
        // Services of a group stop in the reverse of their order, each after the one before has ended.
        let group = ServiceGroup(services: services, logger: logger)
        try await group.run()
    }

    /// Answers a request for `route` within the route's timeout.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - route: the route that it has been routed to.
    ///   - context: the values of the manifest's context inputs.
    ///   - deadline: when the route's timeout ends; `nil`: it begins now.
    ///   - eventLoop: where the request is, and where Redis is asked and answers from `sql` are made; `nil`: any of the service's
    ///     group.
    public func respond(
        to request: RouteRequest,
        of route: CompiledRoute,
        context: some RouteContext,
        deadline: NIODeadline? = nil,
        on eventLoop: (any EventLoop)? = nil
    ) async -> RouteResponse {
        await respond(to: request, of: route, context: context, after: nil, deadline: deadline, on: eventLoop)
    }

    /// Answers a request for `route` within the route's timeout.
    ///
    /// - Parameter earlier: the result of a lookup before the request came to its route.
    package func respond(
        to request: RouteRequest,
        of route: CompiledRoute,
        context: some RouteContext,
        after earlier: PriorLookup?,
        deadline: NIODeadline? = nil,
        on eventLoop: (any EventLoop)? = nil
    ) async -> RouteResponse {
        let plan = route.plan
        let eventLoop = eventLoop ?? eventLoopGroup.any()
        let deadline = deadline ?? .now() + plan.timeout
        guard plan.route.write == nil else {
            return await writeResponder.respond(
                to: request,
                of: plan,
                context: context,
                deadline: deadline,
                on: eventLoop
            )
        }
        return await responder.respond(
            to: request,
            of: plan,
            context: context,
            after: earlier,
            deadline: deadline,
            on: eventLoop
        )
    }

    /// Whether hits of some routes are answered before an app's router.
    package var answersBeforeRouters: Bool { hasRoutesBeforeRouter.load(ordering: .relaxed) }

    /// What there is for a request before its route sees it; touches neither task nor thread.
    package func readyLookup(
        _ request: RouteRequest,
        of route: CompiledRoute,
        on eventLoop: any EventLoop
    ) -> PendingStoreLookup {
        responder.readyLookup(request, route.plan, on: eventLoop)
    }

    /// The limits of a client's connection.
    package var connectionLimits: ConnectionLimits {
        ConnectionLimits(
            head: .milliseconds(configuration.httpHeadTimeout.milliseconds),
            idle: .milliseconds(configuration.httpIdleTimeout.milliseconds),
            write: .milliseconds(configuration.httpWriteTimeout.milliseconds),
            shutdown: shutdownTimes.clients
        )
    }

    /// The requests that wait for an answer that is being made.
    package var waitingRequests: Int { responder.waitingRequests }

    /// What `GET /health` answers: the process lives.
    public func health() -> RouteResponse {
        Self.statusResponse(.ok, "ok")
    }

    /// The answer to `GET /ready`: 503 from the beginning of a shutdown on and when PostgreSQL can't be asked, and 200 otherwise;
    /// `degraded` when Redis is away or refuses commands, with the reason, or when answers made from tables are not kept, which
    /// are named then.
    ///
    /// PostgreSQL is asked within one second.
    public func readiness() async -> RouteResponse {
        if connections.isShuttingDown { return Self.statusResponse(.serviceUnavailable, "stopping") }
        do {
            try await database.ping(deadline: .now() + .seconds(1))
        } catch {
            logger.debug("PostgreSQL does not answer", metadata: ["error": "\(error)"])
            var response = Self.statusResponse(.serviceUnavailable, "unavailable")
            response.headerFields[.retryAfter] = "1"
            return response
        }
        let untrusted = tableTrust?.untrustedTables ?? []
        let problem = storeProblem()
        let isWhole = problem == nil && untrusted.isEmpty
        return Self.statusResponse(.ok, isWhole ? "ok" : "degraded", redis: problem, untrusted)
    }

    private static func statusResponse(
        _ status: HTTPResponse.Status,
        _ name: String,
        redis problem: String? = nil,
        _ untrustedTables: [String] = []
    ) -> RouteResponse {
        var text = #"{"status":"\#(name)""#
        if let problem {
            text += #","redis":"#
            Problem.append(problem, to: &text)
        }
        if !untrustedTables.isEmpty {
            for (index, table) in untrustedTables.enumerated() {
                text += index == 0 ? #","untrustedTables":["# : ","
                Problem.append(table, to: &text)
            }
            text += "]"
        }
        let body = ByteBuffer(string: text + "}")
        return RouteResponse(
            status: status,
            headerFields: [
                .contentType: "application/json",
                .contentLength: String(body.readableBytes),
                .cacheControl: "no-store",
            ],
            body: body
        )
    }
}

/// A route with everything about it that does not depend on a request worked out once.
public struct CompiledRoute: Sendable {
    let plan: RoutePlan

    /// Plans a route.
    public init(_ route: CachedRoute) {
        plan = RoutePlan(route)
    }

    /// The route.
    public var route: CachedRoute { plan.route }
    /// How long a whole request may take.
    public var timeout: TimeAmount { plan.timeout }
    /// Whether hits are answered before the app's router sees the request.
    package var isBeforeRouter: Bool { route.isBeforeRouter }
    /// Whether answering takes no code of the app's that depends on the route: no handler, and nobody's context.
    package var mayRunOnEventLoop: Bool { route.isPublic && !route.hasContextInputs && route.mayFillOnEventLoop }
    /// The fields of a request that the route reads.
    package var requestFields: [RequestFieldName] { plan.requestFields }
}

/// Gives the background writer its time at shutdown.
private struct WriterService: Service {
    let writer: BackgroundWriter
    let drain: SharedDeadline

    func run() async throws {
        try? await gracefulShutdown()
        await writer.drain(deadline: drain.begin())
    }
}
