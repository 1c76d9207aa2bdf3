import CachedRoutes
import CachedRoutesHummingbird
import CachedRoutesTesting
import Hummingbird
import Logging
import RouteCodegen
import RouteManifest
import RouteModel

/// How long many routes take before the first request: what the generator does at build, and what an app does at start.
enum StartBenchmark {
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private struct Table: RouteSet {
        let routes: [RouteDefinition]
    }

    static func run(routes count: Int) throws {
        print("\(count) routes, in two manifests | median | best")
        let sources = [manifest("a", reads(count / 2)), manifest("b", writes(count - count / 2))]
        try report("manifests to Swift") {
            let set = ManifestSet(sources) { _, _ throws(SQLFileError) in throw .notFound }
            guard set.manifests.count == 2 else { throw Failure(description: "\(set.diagnostics)") }
            for manifest in set.manifests { _ = RoutesFile(manifest, fileName: "routes.yaml").text }
        }
        let manifests = ManifestSet(sources) { _, _ throws(SQLFileError) in throw .notFound }.manifests
        try report("table, service, router") {
            let quiet = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
            let service = CachedRoutesService.testing(database: CannedDatabase(json: "[]"), logger: quiet)
            let router = Router()
            for manifest in manifests { router.addRoutes(Table(routes: manifest.routes.map(route)), on: service) }
            try service.checkRoutes()
            _ = router.buildResponder()
        }
    }

    private static func report(_ what: String, _ body: () throws -> Void) throws {
        let measurement = try Measurement(runs: 5, body)
        print(
            what,
            "\((measurement.median * 1000).formatted(digits: 1)) ms",
            "\((measurement.best * 1000).formatted(digits: 1)) ms",
            separator: " | "
        )
    }

    private static func manifest(_ name: String, _ routes: [String]) -> ManifestSet.Source {
        let text = "version: 1\nnamespace: start\nbase-path: /api/v1\nroutes:\n" + routes.joined()
        return ManifestSet.Source(file: "\(name).routes.yaml", text: text, typeName: "\(name.uppercased())Routes")
    }

    private static func reads(_ count: Int) -> [String] {
        (0..<count).map { number in
            """
              read\(number):
                get: /things\(number / 2)\(number % 2 == 0 ? "/{id}" : "")
                \(number % 2 == 0 ? "path: { id: int }" : "query: { id: { type: int, default: 0, min: 0 } }")
                sql: |
                  SELECT id, name, description, created_at FROM things\(number / 2) WHERE id = :id ORDER BY id LIMIT 100
                public: true
                cache: { ttl: 1m, stale-while-revalidate: 30s, tags: [ things\(number / 2), "thing\(number / 2):{id}" ] }

            """
        }
    }

    private static func writes(_ count: Int) -> [String] {
        (0..<count).map { number in
            """
              write\(number):
                \(number % 2 == 0 ? "put" : "delete"): /things\(number / 2)/{key}
                path: { key: int }
                sql: DELETE FROM things\(number / 2) WHERE id = :key
                returns: none
                invalidates: [ things\(number / 2), "thing\(number / 2):{key}" ]

            """
        }
    }

    /// The route as generated code makes it.
    private static func route(_ route: ManifestRoute) -> RouteDefinition {
        guard case .sql(let statement) = route.source else { preconditionFailure("all routes have SQL") }
        let binding = statement.parameters.map { $0.name(in: route.signature.inputs) }
        return RouteDefinition(route.declaration, .sql(statement.sql, binding: binding))
    }
}
