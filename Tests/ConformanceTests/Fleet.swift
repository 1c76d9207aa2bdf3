import CachedRoutesHummingbird
import CachedRoutesTesting
import HTTPTypes
import TestApp
import TestServers

@testable import CachedRoutes
@testable import CachedRoutesCore

extension Harness {
    /// Runs several services behind one Redis, with one clock and one database.
    static func fleet(
        of count: Int,
        _ routes: [RouteDefinition],
        database: CannedDatabase,
        _ body: ([Harness]) async throws -> Void
    ) async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        try await add(count, [], routes, redis, database, ManualClock(milliseconds: 1_700_000_000_000), body)
    }

    private static func add(
        _ count: Int,
        _ running: [Harness],
        _ routes: [RouteDefinition],
        _ redis: RedisServer,
        _ database: CannedDatabase,
        _ clock: ManualClock,
        _ body: ([Harness]) async throws -> Void
    ) async throws {
        guard running.count < count else { return try await body(running) }
        try await run(routes, redis: redis, database: database, clock: clock) { app async throws in
            try await add(count, running + [app], routes, redis, database, clock, body)
        }
    }
}
