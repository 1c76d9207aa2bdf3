import CachedRoutes
import Foundation
import NIOCore
import NIOHTTP1
import TestApp
import TestServers
import Testing

@Suite("Routes that write, over real sockets", .serialized)
struct WriteTests {
    /// A server with the accounts of a bank, and an app in front of it.
    private func withBank(
        timeout: Duration = .seconds(5),
        role: String = "postgres",
        log: LogRecorder = LogRecorder(),
        _ body: (Int, PostgresServer) async throws -> Void
    ) async throws {
        let postgres = try PostgresServer.shared.get()
        let database = "bank_\(UUID().uuidString.prefix(8).lowercased())"
        try postgres.psql("CREATE DATABASE \(database)")
        let url = "postgres://\(role)@127.0.0.1:\(postgres.port)/\(database)"
        try postgres.psql(AccountsTable.schema, database: database)
        try await withApp(
            redis: nil,
            postgres: url,
            table: AccountsTable(timeout: timeout),
            logger: log.logger
        ) { try await body($0, postgres) }
        try postgres.psql("DROP DATABASE \(database) WITH (FORCE)")
    }

    @Test("post, patch and delete do what their statements say, and say so")
    func methods() async throws {
        try await withBank { port, _ async throws in
            let created = try await HTTPClient.send(
                .POST,
                "/accounts",
                #"{"name":"a \"b\"","balance":12.50,"meta":{"k":[1,null]},"tags":["x","y,z"]}"#,
                port: port
            )
            #expect(created.status == 201)
            #expect(
                created.text
                    == #"{"id":1,"name":"a \"b\"","balance":12.50,"meta":{"k": [1, null]},"tags":["x","y,z"]}"#
            )
            #expect(created["Content-Type"] == "application/json")
            #expect(created["Cache-Control"] == "no-store")
            #expect(created.cacheStatus == "CachedRoutes; fwd=method")
            #expect(created["ETag"] == nil)
            let read = try await HTTPClient.request(.GET, "/accounts/1", port: port)
            #expect(read.text == #"{"id":1,"name":"a \"b\"","balance":12.50,"version":0}"#)
            let changed = try await HTTPClient.send(.PATCH, "/accounts/1", #"{"amount":"-2.25"}"#, port: port)
            #expect(changed.status == 200 && changed.text == "10.25")
            let deleted = try await HTTPClient.request(.DELETE, "/accounts/1", port: port)
            #expect(deleted.status == 204 && deleted["Content-Length"] == nil && deleted.text == "")
            let absent = try await HTTPClient.send(.PATCH, "/accounts/1", #"{"amount":1}"#, port: port)
            #expect(absent.status == 404)
            let wrong = try await HTTPClient.request(.PUT, "/accounts/1", port: port)
            #expect(wrong.status == 405 && wrong["Allow"] == "DELETE, GET, HEAD, PATCH")
            let minimal = try await HTTPClient.send(.POST, "/accounts", #"{"name":"b","parent":null}"#, port: port)
            #expect(minimal.text == #"{"id":2,"name":"b","balance":0,"meta":null,"tags":[]}"#)
        }
    }

    @Test("a patch leaves what its body has not, empties what is null, and sets what has a value")
    func nulls() async throws {
        try await withBank { port, _ async throws in
            for name in ["a", "b"] {
                _ = try await HTTPClient.send(.POST, "/accounts", #"{"name":"\#(name)","meta":{"k":1}}"#, port: port)
            }
            let steps: [(body: String, row: String)] = [
                ("{}", #"{"name":"b","meta":{"k": 1},"parent":null}"#),
                (#"{"parent-account":1.0}"#, #"{"name":"b","meta":{"k": 1},"parent":1}"#),
                (#"{"name":null}"#, #"{"name":"b","meta":{"k": 1},"parent":1}"#),
                (#"{"meta":null}"#, #"{"name":"b","meta":null,"parent":1}"#),
                (#"{"meta":[null],"name":"c"}"#, #"{"name":"c","meta":[null],"parent":1}"#),
                (#"{"parent-account":null}"#, #"{"name":"c","meta":[null],"parent":null}"#),
                (#"{"meta":null,"parent-account":1}"#, #"{"name":"c","meta":null,"parent":1}"#),
            ]
            for (body, row) in steps {
                let response = try await HTTPClient.send(.PATCH, "/accounts/2/details", body, port: port)
                #expect(response.status == 200 && response.text == row, "\(body): \(response.text)")
            }
            let refused = try await HTTPClient.send(
                .PATCH,
                "/accounts/x/details",
                #"{"parent":1,"parent-account":1.5,"name":null}"#,
                port: port
            )
            #expect(refused.status == 400)
            for name in ["id", "parent-account", "parent"] { #expect(refused.text.contains(#"{"input":"\#(name)","#)) }
            let deeper = try await HTTPClient.send(.POST, "/accounts", #"{"name":"d","balance":1e-7}"#, port: port)
            #expect(deeper.text.contains(#""balance":0.0000001,"#), "\(deeper.text)")
        }
    }

    @Test("a failure has the status of its SQLSTATE, tells nothing, and stands in the log with its route")
    func failures() async throws {
        let log = LogRecorder()
        try await withBank(log: log) { port, postgres async throws in
            func post(_ json: String) async throws -> HTTPClient.Response {
                try await HTTPClient.send(.POST, "/accounts", json, port: port)
            }
            _ = try await post(#"{"name":"taken"}"#)
            let cases: [(json: String, status: Int, detail: String, log: String)] = [
                (#"{"name":"taken"}"#, 409, "There is an account of that name.", "accounts_name_key"),
                (#"{"name":"x","parent":99}"#, 409, "The request contradicts what is stored.", "accounts_parent_fkey"),
                (
                    #"{"name":"x","balance":-1}"#, 400, "A value is not one that the database accepts.",
                    "accounts_balance_check"
                ),
                (#"{"name":"nobody"}"#, 400, "The database refused the request.", "secret words"),
                (
                    #"{"name":"x","meta":"\u0000"}"#, 400,
                    "The body parameter 'meta' is not a value that the database accepts.", "22P05"
                ),
            ]
            for (json, status, detail, words) in cases {
                let response = try await post(json)
                #expect(response.status == status, "\(json)")
                #expect(response["Content-Type"] == "application/problem+json")
                #expect(response.text.contains(#""title":"\#(status == 409 ? "Conflict" : "Bad Request")""#))
                #expect(response.text.contains(#""detail":"\#(detail)""#), "\(response.text)")
                for secret in ["accounts", "INSERT", "SQLSTATE", "secret", "constraint", "2350"]
                where !detail.contains(secret) {
                    #expect(!response.text.contains(secret), "\(response.text)")
                }
                #expect(log.lines.contains { $0.contains(words) && $0.contains("route=createAccount") }, "\(words)")
            }
            for line in log.lines where !line.hasPrefix("debug ") {
                for value in ["secret words", "=(taken)", "contains (", "Key ("] {
                    #expect(!line.contains(value), "\(line)")
                }
            }
            let writing = try await HTTPClient.request(.GET, "/writing", port: port)
            #expect(writing.status == 500)
            #expect(log.lines.contains { $0.contains("25006") && $0.contains("route=writingGet") })
        }
    }

    @Test("a lock that is not to be had is 503 with Retry-After")
    func locked() async throws {
        try await withBank { port, _ async throws in
            let response = try await HTTPClient.send(.POST, "/accounts", #"{"name":"locked"}"#, port: port)
            #expect(response.status == 503 && response["Retry-After"] != nil)
        }
    }

    @Test("what the role may not do is 403")
    func forbidden() async throws {
        let postgres = try PostgresServer.shared.get()
        try postgres.psql("CREATE ROLE teller LOGIN")
        defer { _ = try? postgres.psql("DROP ROLE teller") }
        try await withBank(role: "teller") { port, _ async throws in
            #expect(try await HTTPClient.send(.POST, "/accounts", #"{"name":"x"}"#, port: port).status == 403)
            #expect(try await HTTPClient.request(.PUT, "/accounts/1/owner", port: port).status == 403)
        }
    }

    @Test("a body over the limit is 413, announced or not, and one that does not come is 408")
    func bodyLimits() async throws {
        try await withBank(timeout: .seconds(1)) { port, _ async throws in
            let large = #"{"name":"\#(String(repeating: "x", count: 2000))"}"#
            let announced = try await HTTPClient.send(.POST, "/accounts", large, port: port)
            #expect(announced.status == 413 && announced["Connection"] == "close")
            #expect(announced["Content-Type"] == "application/problem+json")
            let head = "POST /accounts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            let chunked = try await RawConnection.exchange(
                "\(head)Transfer-Encoding: chunked\r\n\r\n7d0\r\n\(large.prefix(2000))\r\n7d0\r\n\(large.prefix(2000))\r\n",
                port: port
            )
            #expect(chunked.hasPrefix("HTTP/1.1 413"))
            let asking = try await RawConnection.open(
                "\(head)Content-Length: 12\r\nExpect: 100-Continue\r\n\r\n",
                port: port
            )
            try await poll("100 Continue") { try await asking.received.hasPrefix("HTTP/1.1 100 Continue\r\n\r\n") }
            try await asking.send(#"{"name":"e"}"#)
            #expect(try await asking.answer.contains("HTTP/1.1 201"))
            try await asking.close()
            let slow = try await RawConnection.exchange("\(head)Content-Length: 100\r\n\r\n{", port: port)
            #expect(slow.hasPrefix("HTTP/1.1 408") && slow.contains("\r\nConnection: close\r\n"))
            let fits = try await HTTPClient.send(.POST, "/accounts", #"{"name":"x"}"#, port: port)
            #expect(fits.status == 201)
        }
    }

    @Test("serializable writes that collide are run again, and none is lost")
    func retries() async throws {
        try await withBank(timeout: .seconds(30)) { port, _ async throws in
            _ = try await HTTPClient.send(.POST, "/accounts", #"{"name":"shared"}"#, port: port)
            let statuses = try await deposits(32, port)
            let done = statuses.count { $0 == 200 }
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 503 })
            let read = try await HTTPClient.request(.GET, "/accounts/1", port: port)
            #expect(read.text == #"{"id":1,"name":"shared","balance":\#(done),"version":\#(done)}"#)
        }
    }

    /// The statuses of so many deposits at once.
    private func deposits(_ count: Int, _ port: Int) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await HTTPClient.send(.PATCH, "/accounts/1", #"{"amount":1}"#, port: port).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
