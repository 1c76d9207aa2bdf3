import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

@Suite("Routes that are never cached (cache: off)")
struct UncachedTests {
    private static let signature = RouteSignature(
        namespace: "conformance",
        fingerprint: "0badcafe",
        method: .get,
        path: "/r",
        inputs: []
    )

    private static func uncached(public isPublic: Bool = true) -> RouteDefinition {
        RouteDefinition(
            RouteDeclaration("route", signature, .read(.off), returns: .many, isPublic: isPublic),
            .sql("SELECT 1")
        )
    }

    @Test(
        "Each request is answered by the database, Redis is asked nothing, and clients keep nothing",
        arguments: [true, false]
    )
    func requests(isPublic: Bool) async throws {
        try await Harness.run([Self.uncached(public: isPublic)], on: .redis) { app async throws in
            let before = try await app.redis("INFO", "commandstats")
            for count in 1...3 {
                for fields in [[], [ResponseTests.gzip], [("Authorization", "Bearer x")]] as [[(String, String)]] {
                    app.database.answer { _, _ in "[\(count)]" }
                    let response = try await app.send(.GET, "/r", fields)
                    #expect(response.status == 200 && response.text == "[\(count)]")
                    #expect(response.cacheStatus == "CachedRoutes; fwd=bypass")
                    #expect(response["Cache-Control"] == "no-store")
                    #expect(response["ETag"] != nil)
                    for name in ["Age", "Last-Modified", "Vary", "Content-Encoding"] { #expect(response[name] == nil) }
                }
            }
            #expect(app.database.queryCount == 9)
            #expect(try await app.redis("KEYS", "*") == "")
            #expect(Self.calls(try await app.redis("INFO", "commandstats")) == Self.calls(before))
        }
    }

    /// The names of the commands that Redis has had, but for the test's own and those of connections.
    private static func calls(_ statistics: String) -> [String] {
        let others = [
            "cmdstat_info", "cmdstat_keys", "cmdstat_ping", "cmdstat_client", "cmdstat_hello", "cmdstat_select",
        ]
        return statistics.split(whereSeparator: \.isNewline).map(String.init)
            .filter { line in line.hasPrefix("cmdstat_") && !others.contains { line.hasPrefix($0) } }
            .map { $0.prefix { $0 != ":" } + String($0.split(separator: ",").first ?? "") }
    }

    @Test("Conditions and HEAD are answered as on a miss")
    func conditions() async throws {
        try await Harness.run([Self.uncached()]) { app async throws in
            let first = try await app.send()
            let tag = try #require(first["ETag"])
            let unchanged = try await app.send(.GET, "/r", [("If-None-Match", tag)])
            #expect(unchanged.status == 304 && unchanged.text == "" && unchanged["ETag"] == tag)
            #expect(unchanged["Cache-Control"] == "no-store")
            app.database.answer { _, _ in "[2]" }
            #expect(try await app.send(.GET, "/r", [("If-None-Match", tag)]).text == "[2]")
            let head = try await app.send(.HEAD)
            #expect(head.status == 200 && head.text == "" && head["Content-Length"] == "3")
            #expect(try await app.send(.DELETE).status == 405)
        }
    }

    @Test("Requests at the same time are answered each for itself")
    func noFlights() async throws {
        let gate = DatabaseGate()
        let database = CannedDatabase(json: "[1]")
        database.answer { _, _ in
            await gate.pass()
            return "[1]"
        }
        try await Harness.run([Self.uncached()], database: database) { app async throws in
            try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<5 { group.addTask { try await app.send().cacheStatus } }
                try await poll("five queries run") { app.database.queryCount == 5 }
                gate.open()
                for try await status in group { #expect(status == "CachedRoutes; fwd=bypass") }
            }
        }
    }

    @Test("What a handler says of its answer goes to clients as it is")
    func handlers() async throws {
        let cases = [
            (nil, "no-store"), ("max-age=60", "max-age=60"), ("no-cache", "no-cache"), ("no-store", "no-store"),
            ("private", "private, no-cache"),
        ]
        for (said, sent) in cases {
            let route = RouteDefinition(
                RouteDeclaration("route", Self.signature, .read(.off)),
                .handler({ _ in
                    var fields = HTTPFields()
                    fields[.cacheControl] = said
                    return HandlerResponse(
                        bytes: ByteBuffer(string: "[1]"),
                        contentType: "application/json",
                        headerFields: fields
                    )
                })
            )
            try await Harness.run([route]) { app async throws in
                for _ in 0..<2 {
                    let response = try await app.send()
                    #expect(response["Cache-Control"] == sent, "\(said ?? "nothing")")
                    #expect(response.cacheStatus == "CachedRoutes; fwd=bypass")
                }
            }
        }
    }
}
