package import ServiceLifecycle

/// The store behind an engine, with its locks, writer and services.
package struct StoreBackend: Sendable {
    /// The store, with a near cache where there is one.
    package var store: any CacheStore
    /// The lifetime of tag versions in the store.
    package let tagVersionLifetime: TagVersionLifetime
    /// The locks that processes share.
    package let locks: any DistributedLocks
    /// Writes in the background; `nil` for a store that is written synchronously.
    package let writer: BackgroundWriter?
    /// The services that keep the store's connections.
    package let services: [any Service]
    /// Receives invalidations for the near cache, once a route needs them.
    package let nearTracker: OnDemandService?
    /// Returns the reason why the store is degraded, in words for people; `nil` if it is not.
    package let problem: @Sendable () -> String?

    /// Creates a backend.
    ///
    /// - Parameters:
    ///   - store: the store, with a near cache where there is one.
    ///   - tagVersionLifetime: the lifetime of tag versions in the store.
    ///   - locks: the locks that processes share.
    ///   - writer: writes in the background; `nil` for a store that is written synchronously.
    ///   - services: the services that keep the store's connections.
    ///   - nearTracker: receives invalidations for the near cache.
    ///   - problem: returns the reason why the store is degraded; `nil` if it is not.
    package init(
        store: any CacheStore,
        tagVersionLifetime: TagVersionLifetime,
        locks: any DistributedLocks,
        writer: BackgroundWriter? = nil,
        services: [any Service] = [],
        nearTracker: OnDemandService? = nil,
        problem: @escaping @Sendable () -> String? = { nil }
    ) {
        self.store = store
        self.tagVersionLifetime = tagVersionLifetime
        self.locks = locks
        self.writer = writer
        self.services = services
        self.nearTracker = nearTracker
        self.problem = problem
    }

    /// Creates a store in the memory of the process.
    ///
    /// - Parameters:
    ///   - budget: the size that its entries may have together, in bytes.
    ///   - clock: tells the time of day.
    package static func memory(budget: Int, clock: WallClock = .system) -> StoreBackend {
        let lifetime = TagVersionLifetime()
        return StoreBackend(
            store: MemoryStore(budget: budget, tagVersionLifetime: lifetime, clock: clock),
            tagVersionLifetime: lifetime,
            locks: LocalLocks(clock: clock)
        )
    }
}

/// The database behind an engine, with its services and actions after a commit.
package struct DatabaseBackend: Sendable {
    /// Runs the statements of routes; `nil` if there is no database, so that routes with SQL are refused.
    package let database: (any RouteDatabase)?
    /// The database's own actions after each commit, before anything is purged.
    package let followUps: [any CommitFollowUp]
    /// The services that keep the database's connections.
    package let services: [any Service]
    /// The way in which changes of tables become known.
    package let tables: TableChangeDetectionMode
    /// The number of statements that can run at the same time.
    package let maximumConnections: Int

    /// Creates a backend.
    ///
    /// - Parameters:
    ///   - database: runs the statements of routes; `nil` if there is no database.
    ///   - followUps: its own actions after each commit, before anything is purged.
    ///   - services: the services that keep its connections.
    ///   - tables: the way in which changes of tables become known.
    ///   - maximumConnections: the number of statements that can run at the same time.
    package init(
        database: (any RouteDatabase)?,
        followUps: [any CommitFollowUp] = [],
        services: [any Service] = [],
        tables: TableChangeDetectionMode = .assumed,
        maximumConnections: Int
    ) {
        self.database = database
        self.followUps = followUps
        self.services = services
        self.tables = tables
        self.maximumConnections = maximumConnections
    }
}
