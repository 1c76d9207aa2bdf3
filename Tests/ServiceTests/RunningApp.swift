import CachedRoutes
import CachedRoutesHummingbird
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import TestApp
import Testing

/// The routes that the tests ask, as a manifest would give them.
struct TestTable: RouteSet {
    let routes: [RouteDefinition]

    init(timeout: Duration = .seconds(2), ttl: Duration = .seconds(60)) {
        func signature(_ path: PathTemplate, _ inputs: [RouteInput]) -> RouteSignature {
            RouteSignature(namespace: "test", fingerprint: "0badcafe", method: .get, path: path, inputs: inputs)
        }
        routes = [
            RouteDefinition(
                RouteDeclaration(
                    "listUsers",
                    signature(
                        "/api/v1/users",
                        [
                            RouteInput(.query, "skip", .int, default: "0", min: "0"),
                            RouteInput(.query, "limit", .int, default: "20", min: "1", max: "20000"),
                        ]
                    ),
                    .read(CachePolicy(ttl: ttl)),
                    returns: .many,
                    timeout: timeout,
                    isPublic: true
                ),
                .sql(
                    "SELECT id, 'user' || id AS name FROM generate_series(1, 20000) AS id ORDER BY id LIMIT $1 OFFSET $2",
                    binding: ["limit", "skip"]
                )
            ),
            RouteDefinition(
                RouteDeclaration(
                    "getUser",
                    signature("/api/v1/users/{id}", [RouteInput(.path, "id", .int32)]),
                    .read(CachePolicy(ttl: ttl)),
                    returns: .one,
                    timeout: timeout
                ),
                .sql(
                    "SELECT id, 'user' || id AS name FROM generate_series(1, 20000) AS id WHERE id = $1",
                    binding: ["id"]
                )
            ),
            RouteDefinition(
                RouteDeclaration(
                    "search",
                    signature(
                        "/api/v1/search",
                        [
                            RouteInput(.query, "ids", .list(.int)), RouteInput(.query, "name", .string, optional: true),
                            RouteInput(.query, "since", .timestamp, default: "2024-01-01T00:00:00Z"),
                        ]
                    ),
                    .read(CachePolicy(ttl: ttl)),
                    returns: .value,
                    timeout: timeout
                ),
                .sql(
                    "SELECT jsonb_build_object('ids', $1::bigint[], 'name', $2::text, 'since', $3::timestamptz) AS answer",
                    binding: ["ids", "name", "since"]
                )
            ),
            RouteDefinition(
                RouteDeclaration(
                    "slow",
                    signature("/api/v1/slow", [RouteInput(.query, "seconds", .double)]),
                    .read(CachePolicy(ttl: ttl)),
                    returns: .value,
                    timeout: timeout
                ),
                .sql("SELECT pg_sleep($1)::text AS answer", binding: ["seconds"])
            ),
        ]
    }
}

/// A route whose answer belongs to one user, as a manifest would give it.
struct MyTable: RouteSet {
    struct Context: RouteContext {
        var userID: UUID?

        func text(of name: String) -> String? {
            name == "userID" ? userID?.canonicalText : nil
        }
    }

    let routes = [
        RouteDefinition(
            RouteDeclaration(
                "me",
                RouteSignature(
                    namespace: "test",
                    fingerprint: "0badcafe",
                    method: .get,
                    path: "/me",
                    inputs: [RouteInput(.context, "userID", .uuid)]
                ),
                .read(CachePolicy()),
                returns: .value
            ),
            .sql("SELECT $1::uuid AS id", binding: ["userID"])
        )
    ]
}

/// An app with cached routes that listens on a port of its own while `body` runs, and is then shut down gracefully.
func withApp<Table: RouteSet>(
    redis: String?,
    postgres: String,
    table: Table = TestTable(),
    environment: [String: String] = [:],
    logger: Logger = Logger(label: "service-tests") { _ in SwiftLogNoOpLogHandler() },
    _ body: (Int) async throws -> Void
) async throws where Table.Context == NoContext {
    try await withApp(redis: redis, postgres: postgres, table: table, environment: environment, logger: logger) {
        port,
        _ in
        try await body(port)
    }
}

/// The same, for a `body` that also looks into the service.
func withApp<Table: RouteSet>(
    redis: String?,
    postgres: String,
    table: Table = TestTable(),
    environment: [String: String] = [:],
    logger: Logger = Logger(label: "service-tests") { _ in SwiftLogNoOpLogHandler() },
    _ body: (Int, CachedRoutesService) async throws -> Void
) async throws where Table.Context == NoContext {
    // A busy machine is no fault: where Redis is not to hang, it may take its time.
    // Tests count the statements and connections that they cause.
    var values = ["REDIS_COMMAND_TIMEOUT": "1s", "CACHED_ROUTES_CHECK": "off"].merging(environment) { $1 }
    values["DATABASE_URL"] = postgres
    values["REDIS_URL"] = redis
    let service = try CachedRoutesService(environment: CachedRoutesEnvironment(values), logger: logger)
    let router = Router()
    router.put("/api/v1/users") { _, _ in "mine" }
    router.addRoutes(table, on: service)
    router.post("/api/v1/users") { _, _ in "also mine" }
    router.addHealth(of: service)
    try await withServer(router, service) { port in try await body(port, service) }
}
