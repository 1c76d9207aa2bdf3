package import ServiceLifecycle

/// The store behind an engine, and what belongs to it.
package struct StoreBackend: Sendable {
    /// The store, with a near cache where there is one.
    package var store: any CacheStore
    /// The lifetime of tag versions in the store.
    package let tagVersionLifetime: TagVersionLifetime
    /// The locks that processes share.
    package let locks: any DistributedLocks
    /// Writes in the background; `nil` for a store that is written at once.
    package let writer: BackgroundWriter?
    /// The services that keep the store's connections.
    package let services: [any Service]
    /// Listens to changes of what the near cache has, once a route wants that.
    package let nearTracker: OnDemandService?
    /// The reason why the store does less than it should, for people; `nil` if it does everything.
    package let problem: @Sendable () -> String?

    /// A backend from its parts.
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

    /// A store in the memory of the process.
    ///
    /// - Parameter budget: the bytes that its entries may take.
    package static func memory(budget: Int, clock: WallClock = .system) -> StoreBackend {
        let lifetime = TagVersionLifetime()
        return StoreBackend(
            store: MemoryStore(budget: budget, tagVersionLifetime: lifetime, clock: clock),
            tagVersionLifetime: lifetime,
            locks: LocalLocks(clock: clock)
        )
    }
}

/// The database behind an engine, and what belongs to it.
package struct DatabaseBackend: Sendable {
    /// Runs the statements of routes; `nil` if there is none, so that routes with SQL can't be answered.
    package let database: (any RouteDatabase)?
    /// What the database does after each commit, before anything is purged.
    package let followUps: [any CommitFollowUp]
    /// The services that keep the database's connections.
    package let services: [any Service]
    /// The way in which changes of tables become known.
    package let tables: TableChanges
    /// The number of statements that can run at the same time.
    package let maximumConnections: Int

    /// A backend from its parts.
    package init(
        database: (any RouteDatabase)?,
        followUps: [any CommitFollowUp] = [],
        services: [any Service] = [],
        tables: TableChanges = .assumed,
        maximumConnections: Int
    ) {
        self.database = database
        self.followUps = followUps
        self.services = services
        self.tables = tables
        self.maximumConnections = maximumConnections
    }
}
