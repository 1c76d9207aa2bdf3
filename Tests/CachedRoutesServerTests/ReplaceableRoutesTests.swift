import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

@testable import CachedRoutesServer

@Suite("Routes that are exchanged while a server runs", .timeLimit(.minutes(2)))
struct ReplaceableRoutesTests {
    /// Exchanges the routes, and returns the reasons why that can't be done.
    private typealias Exchange = @Sendable ([CompiledRoute]) -> [RouteProblem]

    /// `GET /a`, which answers with the number of its table.
    private static func route(
        _ table: Int,
        path: PathTemplate = "/a",
        name: String = "a",
        inputs: [RouteInput] = []
    ) -> CompiledRoute {
        CompiledRoute(
            RouteDefinition(
                RouteDeclaration(
                    name,
                    RouteSignature(
                        namespace: "n",
                        fingerprint: "\(table)",
                        method: .get,
                        path: path,
                        inputs: inputs
                    ),
                    .read(CachePolicy()),
                    returns: .one,
                    isPublic: inputs.isEmpty
                ),
                .sql("\(table)", binding: inputs.map(\.name))
            )
        )
    }

    /// Runs a server whose database answers with the text of statements.
    private func run(
        hasHealth: Bool = true,
        _ body: (_ port: Int, _ exchange: @escaping Exchange, ReplaceableRoutes) async throws -> Void
    ) async throws {
        let database = CannedDatabase { query, _ in query.sql }
        let service = CachedRoutesService.testing(database: database, logger: LogRecorder().logger)
        let routes = ReplaceableRoutes(hasHealth: hasHealth)
        let exchange: Exchange = { table in
            routes.replace(service.replaceRoutes(table).routes) { User(id: $0.headerFields[.authorization]) }
        }
        try await withCachedRoutesServer(service) {
            CachedRoutesServer(routes, on: service, configuration: $0)
        } _: { port in
            try await body(port, exchange, routes)
        }
    }

    private static func refusal(_ text: String, _ status: HTTPResponse.Status = .internalServerError) -> RouteResponse {
        RouteResponse(
            status: status,
            headerFields: [.contentType: "application/json", .contentLength: "\(text.utf8.count)"],
            body: ByteBuffer(string: text)
        )
    }

    @Test("A connection that stays open gets each path's route of the moment")
    func keepAlive() async throws {
        try await run { port, exchange, _ async throws in
            #expect(exchange([Self.route(1)]) == [])
            let connection = try await HTTPClient.Connection.open(port: port)
            for table in 1...3 {
                #expect(exchange([Self.route(table)]) == [])
                for _ in 0..<2 { #expect(try await connection.send(.GET, "/a").text == "\(table)") }
            }
            #expect(exchange([Self.route(4, path: "/b")]) == [])
            #expect(try await connection.send(.GET, "/a").status == 404)
            #expect(try await connection.send(.GET, "/b").text == "4")
            #expect(try await connection.send(.POST, "/b").status == 405)
            #expect(exchange([]) == [])
            #expect(try await connection.send(.GET, "/b").status == 404)
            try await connection.close()
        }
    }

    @Test("While routes are refused, each path but those of health has one response; then they are back")
    func refused() async throws {
        try await run { port, exchange, routes async throws in
            let id = RouteInput(.path, "id", .int)
            let table = [Self.route(1), Self.route(1, path: "/{id}/x", name: "b", inputs: [id])]
            #expect(exchange(table) == [])
            let connection = try await HTTPClient.Connection.open(port: port)
            #expect(try await connection.send(.GET, "/a").text == "1")
            #expect(try await connection.send(.GET, "/ready").status == 200)
            routes.refuse(with: Self.refusal("broken"), readiness: Self.refusal("not ready", .serviceUnavailable))
            for (method, path) in [
                (HTTPMethod.GET, "/a"), (.GET, "/1/x"), (.GET, "/none"), (.DELETE, "/a"), (.OPTIONS, "/a"),
                (.OPTIONS, "*"), (.POST, "/health"),
            ] {
                let response = try await connection.send(method, path)
                #expect(response.status == 500 && response.text == "broken", "\(method) \(path)")
            }
            let posted = try await connection.send(.POST, "/a", body: "{}")
            #expect(posted.status == 500 && posted.text == "broken")
            try? await connection.close()
            #expect(try await HTTPClient.request(.GET, "/health", port: port).status == 200)
            let ready = try await HTTPClient.request(.GET, "/ready", port: port)
            #expect(ready.status == 503 && ready.text == "not ready")
            let heads = try await RawConnection.transcript(
                "HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                port: port
            )
            #expect(heads.hasPrefix("HTTP/1.1 500") && heads.hasSuffix("\r\n\r\n"))
            #expect(heads.lowercased().contains("content-length: 6"))
            #expect(exchange(table) == [])
            #expect(try await HTTPClient.request(.GET, "/a", port: port).text == "1")
            #expect(try await HTTPClient.request(.GET, "/1/x", port: port).text == "1")
        }
    }

    @Test("Routes that match the same requests are not exchanged, and the reasons name them")
    func clash() async throws {
        try await run { port, exchange, _ async throws in
            #expect(exchange([Self.route(1)]) == [])
            // Another fingerprint, so that the service tells the two apart.
            let problems = exchange([Self.route(2), Self.route(3, name: "b")])
            #expect(problems.count == 1)
            #expect(
                problems.first?.message.contains("route 'b' (GET /a) matches the same requests as route 'a'") ?? false
            )
            #expect(try await HTTPClient.request(.GET, "/a", port: port).text == "1")
        }
        // A route takes the place of the endpoint that the server has there.
        try await run { port, exchange, _ async throws in
            #expect(exchange([Self.route(2, path: "/ready", name: "c")]) == [])
            #expect(try await HTTPClient.request(.GET, "/ready", port: port).text == "2")
            #expect(try await HTTPClient.request(.GET, "/health", port: port).status == 200)
            #expect(exchange([Self.route(2)]) == [])
            #expect(try await HTTPClient.request(.GET, "/ready", port: port).text != "2")
        }
        try await run(hasHealth: false) { port, exchange, routes async throws in
            #expect(exchange([Self.route(2, path: "/ready", name: "c")]) == [])
            #expect(try await HTTPClient.request(.GET, "/ready", port: port).text == "2")
            routes.refuse(with: Self.refusal("broken"), readiness: Self.refusal("not ready"))
            #expect(try await HTTPClient.request(.GET, "/ready", port: port).text == "broken")
        }
    }

    @Test("Context inputs come from the closure of the exchange")
    func context() async throws {
        try await run { port, exchange, _ async throws in
            #expect(exchange([Self.route(1, inputs: [RouteInput(.context, "user", .string)])]) == [])
            #expect(try await HTTPClient.request(.GET, "/a", port: port).status == 401)
            let known = try await HTTPClient.request(.GET, "/a", port: port, fields: [("Authorization", "x")])
            #expect(known.status == 200 && known.text == "1")
        }
    }

    @Test("Each of many requests during many exchanges gets a response of one table or the other")
    func swaps() async throws {
        try await run { port, exchange, _ async throws in
            // Each table has one of two paths, and both have the other's.
            let tables = (0..<2).map { table in
                [Self.route(table), Self.route(table, path: PathTemplate("/only\(table)"), name: "b")]
            }
            #expect(exchange(tables[0]) == [])
            try await withThrowingTaskGroup(of: Int.self) { group in
                for client in 0..<8 {
                    group.addTask {
                        let connection = try await HTTPClient.Connection.open(port: port)
                        for number in 0..<200 {
                            let shared = try await connection.send(.GET, "/a")
                            #expect(shared.status == 200 && ["0", "1"].contains(shared.text))
                            let table = (client + number) % 2
                            let own = try await connection.send(.GET, "/only\(table)")
                            #expect(own.status == 404 || own.status == 200 && own.text == "\(table)")
                        }
                        try await connection.close()
                        return 1
                    }
                }
                group.addTask {
                    for number in 1...10_000 {
                        if exchange(tables[number % 2]) != [] { Issue.record("the tables clash") }
                        if number % 10 == 0 { await Task.yield() }
                    }
                    return 0
                }
                let clients = try await group.reduce(0, +)
                #expect(clients == 8)
            }
            #expect(exchange(tables[1]) == [])
            #expect(try await HTTPClient.request(.GET, "/only1", port: port).text == "1")
            #expect(try await HTTPClient.request(.GET, "/only0", port: port).status == 404)
        }
    }
}
