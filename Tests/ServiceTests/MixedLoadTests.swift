import CachedRoutes
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import PostgresClient
import RouteModel
import Synchronization
import TestApp
import TestServers
import Testing

/// Routes whose answers say what was asked, so that an answer that belongs to another request shows.
private struct EchoTable: RouteSet {
    let routes: [RouteDefinition]

    init() {
        func signature(
            _ method: RouteSignature.Method,
            _ path: PathTemplate,
            _ inputs: RouteInput...
        ) -> RouteSignature {
            RouteSignature(namespace: "load", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
        }
        let token = RouteInput(.query, "token", .string)
        routes = [
            RouteDefinition(
                RouteDeclaration("echo", signature(.get, "/echo", token), .read(CachePolicy()), returns: .one),
                .sql("SELECT $1::text AS token", binding: ["token"])
            ),
            RouteDefinition(
                RouteDeclaration("many", signature(.get, "/many", token), .read(CachePolicy()), returns: .many),
                .sql("SELECT $1::text || n AS token FROM generate_series(1, 300) AS n", binding: ["token"])
            ),
            // Half of them end at their deadline and are cancelled on the server.
            RouteDefinition(
                RouteDeclaration(
                    "slow",
                    signature(.get, "/slow", token),
                    .read(CachePolicy()),
                    returns: .one,
                    timeout: .milliseconds(60)
                ),
                .sql("SELECT $1::text AS token, pg_sleep(0.03 + random() * 0.06)::text AS slept", binding: ["token"])
            ),
            RouteDefinition(
                RouteDeclaration(
                    "count",
                    signature(.post, "/counters/{id}", RouteInput(.path, "id", .int)),
                    .write(WritePolicy(isolation: .repeatableRead, retries: 10)),
                    returns: .one
                ),
                .sql("UPDATE counters SET n = n + 1 WHERE id = $1 RETURNING id", binding: ["id"])
            ),
        ]
    }
}

@Suite("Mixed load while sessions are terminated at random")
struct MixedLoadTests {
    /// What came of the requests.
    private struct Tally: Sendable {
        var answered = 0
        var unavailable = 0
        var late = 0
        var wrong: [String] = []
        /// For each counter, how often it was certainly and how often perhaps increased.
        var certain = [Int](repeating: 0, count: 8)
        var perhaps = [Int](repeating: 0, count: 8)

        mutating func add(_ other: Tally) {
            answered += other.answered
            unavailable += other.unavailable
            late += other.late
            wrong += other.wrong
            for index in certain.indices {
                certain[index] += other.certain[index]
                perhaps[index] += other.perhaps[index]
            }
        }
    }

    private static let duration: Int64 =
        ProcessInfo.processInfo.environment["CACHED_ROUTES_FAULT_SECONDS"].flatMap { Int64($0) } ?? 60

    @Test("gives no answer that is wrong or another request's, loses no write, and leaves the pool at rest")
    func mixedLoad() async throws {
        let server = try await startServer()
        defer { server.stop() }
        try await withApp(
            redis: nil,
            postgres: server.url,
            table: EchoTable(),
            environment: ["DATABASE_POOL_MAX": "8", "CACHE_MEMORY": "1MiB"]
        ) { port in
            let tally = try await load(port, server)
            #expect(tally.wrong.isEmpty, "\(tally.wrong.prefix(5))")
            #expect(tally.answered > 500)
            #expect(tally.unavailable + tally.late > 0, "the faults were felt")
            for id in 1...8 {
                let n = Int(try server.psql("SELECT n FROM counters WHERE id = \(id)")) ?? -1
                let (certain, perhaps) = (tally.certain[id - 1], tally.perhaps[id - 1])
                #expect((certain...certain + perhaps).contains(n), "counter \(id): \(n)")
            }
            try await poll("an answer") {
                try await HTTPClient.request(.GET, "/echo?token=last", port: port).text == #"{"token":"last"}"#
            }
            let busy = """
                SELECT count(*) FROM pg_stat_activity
                WHERE application_name = 'cached-routes' AND (state <> 'idle' OR xact_start IS NOT NULL)
                """
            try await poll("rest") { try server.psql(busy) == "0" }
            let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cached-routes'"
            #expect((1...8).contains(Int(try server.psql(sessions)) ?? 0))
            print(
                "\(Self.duration) s of mixed load: \(tally.answered) answers, \(tally.unavailable) times 503,",
                "\(tally.late) times 504, \(tally.certain.reduce(0, +)) writes acknowledged,",
                "\(tally.perhaps.reduce(0, +)) of unknown outcome, \(tally.wrong.count) wrong"
            )
        }
    }

    private func startServer() async throws -> PostgresServer {
        let server = try PostgresServer()
        try server.psql("CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)")
        try server.psql("INSERT INTO counters (id) SELECT generate_series(1, 8)")
        return server
    }

    private func load(_ port: Int, _ server: PostgresServer) async throws -> Tally {
        let end = NIODeadline.now() + .seconds(Self.duration)
        var configuration = PostgresConfiguration(url: server.url)
        configuration.applicationName = "terminator"
        let quiet = Logger(label: "terminator") { _ in SwiftLogNoOpLogHandler() }
        let terminator = try PostgresClient(configuration: configuration, logger: quiet)
        return try await withThrowingTaskGroup(of: Tally.self) { group in
            for worker in 0..<14 {
                group.addTask { try await Self.requests(of: worker, port, until: end) }
            }
            group.addTask {
                let kill = PostgresStatement(
                    sql: """
                        SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
                        WHERE application_name = 'cached-routes' AND random() < 0.3
                        """,
                    shape: .value
                )
                while NIODeadline.now() < end {
                    _ = try await terminator.query(kill, deadline: .now() + .seconds(20))
                    try await Task.sleep(for: .milliseconds(.random(in: 20...200)))
                }
                return Tally()
            }
            var tally = Tally()
            for try await part in group { tally.add(part) }
            return tally
        }
    }

    private static func requests(of worker: Int, _ port: Int, until end: NIODeadline) async throws -> Tally {
        var tally = Tally()
        var number = 0
        while NIODeadline.now() < end {
            number += 1
            let token = "w\(worker)n\(number)x"
            let kind = worker < 4 ? 3 : number % 3
            let counter = Int.random(in: 1...8)
            let target = [
                "/echo?token=\(token)", "/many?token=\(token)", "/slow?token=\(token)", "/counters/\(counter)",
            ][kind]
            let response = try await HTTPClient.request(kind == 3 ? .POST : .GET, target, port: port)
            switch response.status {
            case 200:
                tally.answered += 1
                if kind == 3 { tally.certain[counter - 1] += 1 }
                let expected = [
                    #"{"token":"\#(token)"}"#,
                    "[" + (1...300).map { #"{"token":"\#(token)\#($0)"}"# }.joined(separator: ",") + "]",
                    #"{"token":"\#(token)","slept":""}"#, #"{"id":\#(counter)}"#,
                ][kind]
                if response.text != expected { tally.wrong.append("\(target): \(response.text.prefix(200))") }
            case 503: tally.unavailable += 1
            case 504:
                tally.late += 1
                if kind == 3 { tally.perhaps[counter - 1] += 1 }
            default: tally.wrong.append("\(target): \(response.status) \(response.text.prefix(200))")
            }
        }
        return tally
    }
}
