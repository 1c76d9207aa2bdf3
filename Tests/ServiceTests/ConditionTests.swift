import CachedRoutes
import Foundation
import NIOCore
import NIOHTTP1
import TestApp
import TestServers
import Testing

/// Routes over a table of counters, as a manifest would give them.
struct CountersTable: RouteSet {
    let routes: [RouteDefinition]

    static let schema = "CREATE TABLE counters (id bigint PRIMARY KEY, n bigint NOT NULL)"

    init(
        isolation: WritePolicy.Isolation? = nil,
        required isRequired: Bool = false,
        read: RouteDeclaration.ReadPreference = .primary
    ) {
        let id = RouteInput(.path, "id", .int)
        func signature(_ method: RouteSignature.Method, _ path: PathTemplate, _ inputs: [RouteInput]) -> RouteSignature
        {
            RouteSignature(namespace: "counters", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
        }
        let target = [TargetInvalidation.path("/counters/{id}", in: "counters")]
        let get = RouteDefinition(
            RouteDeclaration(
                "getCounter",
                signature(.get, "/counters/{id}", [id, RouteInput(.query, "unit", .string, default: "piece")]),
                .read(CachePolicy(negativeTTL: .seconds(60), tags: ["/counters/{id}"])),
                returns: .one,
                read: read
            ),
            .sql("SELECT n, $2::text AS unit FROM counters WHERE id = $1", binding: ["id", "unit"])
        )
        func write(
            _ name: String,
            _ method: RouteSignature.Method,
            at path: PathTemplate = "/counters/{id}",
            isConditional: Bool = true,
            status: Int? = nil,
            _ sql: String
        ) -> RouteDefinition {
            let hasNumber = sql.contains("$2")
            return RouteDefinition(
                RouteDeclaration(
                    name,
                    signature(method, path, hasNumber ? [id, RouteInput(.body, "n", .int)] : [id]),
                    .write(WritePolicy(isolation: isConditional ? isolation : nil, targets: target)),
                    returns: .one,
                    status: status
                ),
                .sql(sql, binding: hasNumber ? ["id", "n"] : ["id"]),
                precondition: isConditional ? PreconditionPolicy(get, required: isRequired) : nil
            )
        }
        routes = [
            get,
            write(
                "putCounter",
                .put,
                "INSERT INTO counters VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING n"
            ),
            write("createCounter", .post, status: 201, "INSERT INTO counters VALUES ($1, $2) RETURNING n"),
            write("setCounter", .patch, "UPDATE counters SET n = $2 WHERE id = $1 RETURNING n"),
            write("deleteCounter", .delete, "DELETE FROM counters WHERE id = $1 RETURNING n"),
            write(
                "increment",
                .post,
                at: "/counters/{id}/increment",
                isConditional: false,
                "UPDATE counters SET n = n + 1 WHERE id = $1 RETURNING n"
            ),
        ]
    }
}

@Suite("Conditions of writes, over real sockets", .serialized)
struct ConditionTests {
    private func withCounters(
        _ table: CountersTable = CountersTable(),
        environment: [String: String] = [:],
        redis: String? = nil,
        _ body: (Int) async throws -> Void
    ) async throws {
        try await withCounters(table, environment: environment, redis: redis) { port, _ async throws in
            try await body(port)
        }
    }

    /// - Parameter body: gets the port, and a function that runs SQL beside the service.
    private func withCounters(
        _ table: CountersTable = CountersTable(),
        environment: [String: String] = [:],
        redis: String? = nil,
        _ body: (Int, (String) throws -> String) async throws -> Void
    ) async throws {
        let postgres = try PostgresServer.shared.get()
        let database = "counters_\(UUID().uuidString.prefix(8).lowercased())"
        try postgres.psql("CREATE DATABASE \(database)")
        try postgres.psql(CountersTable.schema, database: database)
        let url = "postgres://postgres@127.0.0.1:\(postgres.port)/\(database)"
        try await withApp(redis: redis, postgres: url, table: table, environment: environment) { port async throws in
            try await body(port) { try postgres.psql($0, database: database) }
        }
        try postgres.psql("DROP DATABASE \(database) WITH (FORCE)")
    }

    private func send(
        _ method: HTTPMethod,
        _ target: String,
        _ number: Int? = nil,
        _ fields: [(String, String)] = [],
        port: Int
    ) async throws -> HTTPClient.Response {
        let json = number.map { #"{"n":\#($0)}"# }
        let type = json == nil ? [] : [("Content-Type", "application/json")]
        return try await HTTPClient.request(method, target, port: port, fields: type + fields, body: json)
    }

    @Test("a thing is created, changed and removed under conditions, and by nobody else")
    func life() async throws {
        try await withCounters(CountersTable(required: true)) { port async throws in
            func get() async throws -> HTTPClient.Response { try await send(.GET, "/counters/1", port: port) }
            #expect(try await get().status == 404)
            #expect(try await send(.PUT, "/counters/1", 1, port: port).status == 428)
            #expect(try await send(.PUT, "/counters/1", 1, [("If-Match", "*")], port: port).status == 412)
            #expect(try await get().status == 404)
            #expect(try await send(.PUT, "/counters/1", 1, [("If-None-Match", "*")], port: port).status == 200)
            #expect(try await send(.PUT, "/counters/1", 2, [("If-None-Match", "*")], port: port).status == 412)
            let first = try await get()
            #expect(first.text == #"{"n":1,"unit":"piece"}"#)
            let tag = try #require(first["ETag"])
            #expect(try await send(.HEAD, "/counters/1", port: port)["ETag"] == tag)
            #expect(try await send(.PATCH, "/counters/1", 2, [("If-Match", #""nope""#)], port: port).status == 412)
            #expect(try await get().text == first.text)
            #expect(try await send(.PATCH, "/counters/1", 2, [("If-Match", tag)], port: port).status == 200)
            let second = try await get()
            #expect(second.text == #"{"n":2,"unit":"piece"}"#)
            #expect(try await send(.PATCH, "/counters/1", 3, [("If-Match", tag)], port: port).status == 412)
            // The query's representation is another one.
            let pounds = try #require(try await send(.GET, "/counters/1?unit=pound", port: port)["ETag"])
            #expect(try await send(.PATCH, "/counters/1", 3, [("If-Match", pounds)], port: port).status == 412)
            #expect(
                try await send(.PATCH, "/counters/1?unit=pound", 3, [("If-Match", pounds)], port: port).status == 200
            )
            #expect(try await send(.DELETE, "/counters/1", nil, [("If-Match", pounds)], port: port).status == 412)
            let last = try #require(try await get()["ETag"])
            #expect(try await send(.DELETE, "/counters/1", nil, [("If-Match", last)], port: port).status == 200)
            #expect(try await get().status == 404)
            #expect(try await send(.POST, "/counters/1/increment", nil, [("If-Match", "*")], port: port).status == 412)
        }
    }

    @Test(
        "a client whose cached answer is out of date is refused once, reads what there is now, and goes on",
        arguments: ["memory", "redis"],
        ["UPDATE counters SET n = 7", "DELETE FROM counters"]
    )
    func changedOutside(backing: String, change: String) async throws {
        let redis = backing == "redis" ? try RedisServer() : nil
        defer { redis?.stop() }
        try await withCounters(redis: redis?.url) { port, postgres async throws in
            #expect(try await send(.PUT, "/counters/1", 1, port: port).status == 200)
            let cached = try await hit("/counters/1", port)
            let tag = try #require(cached["ETag"])
            _ = try postgres(change)
            #expect(try await send(.GET, "/counters/1", port: port)["ETag"] == tag)
            let refused = try await send(.PATCH, "/counters/1", 2, [("If-Match", tag)], port: port)
            #expect(refused.status == 412 && refused["Cached-Routes-Purge"] == nil)
            let read = try await send(.GET, "/counters/1", port: port)
            #expect(read["Cache-Status"]?.contains("fwd=") == true)
            guard change.hasPrefix("UPDATE") else {
                #expect(read.status == 404)
                #expect(try await send(.PUT, "/counters/1", 2, [("If-None-Match", "*")], port: port).status == 200)
                return
            }
            #expect(read.text == #"{"n":7,"unit":"piece"}"#)
            let current = try #require(read["ETag"])
            #expect(current != tag)
            #expect(try await send(.PATCH, "/counters/1", 8, [("If-Match", current)], port: port).status == 200)
            #expect(try await send(.GET, "/counters/1", port: port).text == #"{"n":8,"unit":"piece"}"#)
        }
    }

    @Test("a client that was told there is nothing is refused to create it once, and reads what there is now")
    func createdOutside() async throws {
        try await withCounters { port, postgres async throws in
            #expect(try await hit("/counters/1", port).status == 404)
            _ = try postgres("INSERT INTO counters VALUES (1, 7)")
            #expect(try await send(.GET, "/counters/1", port: port).status == 404)
            #expect(try await send(.POST, "/counters/1", 2, [("If-None-Match", "*")], port: port).status == 412)
            let read = try await send(.GET, "/counters/1", port: port)
            #expect(read.text == #"{"n":7,"unit":"piece"}"#)
            let tag = try #require(read["ETag"])
            #expect(try await send(.DELETE, "/counters/1", nil, [("If-Match", tag)], port: port).status == 200)
        }
    }

    /// Asks until the answer comes from the store: it is written in the background.
    private func hit(_ target: String, _ port: Int) async throws -> HTTPClient.Response {
        var response = HTTPClient.Response()
        try await poll("the answer to \(target) is in the store") {
            response = try await send(.GET, target, port: port)
            return response["Cache-Status"]?.hasPrefix("CachedRoutes; hit") ?? false
        }
        return response
    }

    @Test("one of many that create the same thing does", arguments: ["PUT", "POST"])
    func creators(method: String) async throws {
        try await withCounters { port async throws in
            for id in 1...5 {
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 1...8 {
                        group.addTask {
                            try await send(
                                HTTPMethod(rawValue: method),
                                "/counters/\(id)",
                                number,
                                [("If-None-Match", "*")],
                                port: port
                            ).status
                        }
                    }
                    return try await group.reduce(into: [Int]()) { $0.append($1) }.sorted()
                }
                #expect(statuses == [method == "PUT" ? 200 : 201] + Array(repeating: 412, count: 7))
            }
        }
    }

    @Test(
        "no change of many writers is lost, nor one by a route without conditions",
        arguments: [nil, .readCommitted, .repeatableRead, .serializable] as [WritePolicy.Isolation?],
        ["named", "unnamed"]
    )
    func lostUpdates(isolation: WritePolicy.Isolation?, way: String) async throws {
        let environment = way == "unnamed" ? ["DATABASE_STATEMENTS": "unnamed"] : [:]
        try await withCounters(CountersTable(isolation: isolation), environment: environment) { port async throws in
            #expect(try await send(.PUT, "/counters/1", 0, port: port).status == 200)
            let done = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<8 { group.addTask { try await changes(of: writer, port) } }
                return try await group.reduce(0, +)
            }
            #expect(done >= 8)
            let last = try await send(.GET, "/counters/1", port: port)
            #expect(last.text == #"{"n":\#(done),"unit":"piece"}"#)
        }
    }

    /// Adds one ten times, as long as nobody is faster. The first writer asks no condition.
    private func changes(of writer: Int, _ port: Int) async throws -> Int {
        var done = 0
        for _ in 0..<10 {
            guard writer > 0 else {
                let answer = try await send(.POST, "/counters/1/increment", port: port)
                #expect(answer.status == 200)
                done += 1
                continue
            }
            let read = try await send(.GET, "/counters/1", port: port)
            let digits = read.text.dropFirst(5).prefix { $0.isNumber }
            let number = try #require(Int(digits), "\(read.text)")
            let tag = try #require(read["ETag"])
            let answer = try await send(.PATCH, "/counters/1", number + 1, [("If-Match", tag)], port: port)
            #expect([200, 412, 503].contains(answer.status), "\(answer.text)")
            if answer.status == 200 { done += 1 }
        }
        return done
    }
}
