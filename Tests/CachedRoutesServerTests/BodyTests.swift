import CachedRoutes
import CachedRoutesServer
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import Synchronization
import TestApp
import Testing

@Suite("The bodies of requests")
struct BodyTests {
    private static let json = "Content-Type: application/json"
    private static let body = #"{"name":"x"}"#

    private static func post(_ fields: String..., body: String = "", target: String = "/r") -> String {
        "POST \(target) HTTP/1.1\r\nHost: a\r\n\(json)\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    private static let last = RunningServer.request("GET /r", "Connection: close")

    @Test("A write gets its body, in one piece or in chunks, and the connection goes on")
    func whole() async throws {
        let database = CannedDatabase { query, values in
            query.access.isWrite ? "\"\(values.texts(at: 0).joined())\"" : "[]"
        }
        try await RunningServer.run(database: database) { server async throws in
            let text =
                Self.post("Content-Length: 12", body: Self.body)
                + Self.post("Transfer-Encoding: chunked", body: "5\r\n{\"nam\r\n7\r\ne\":\"y\"}\r\n0\r\n\r\n")
                + Self.last
            let answers = try await server.answers(text)
            #expect(answers.statuses == ["200", "200", "200"])
            #expect(answers.prefix(2).map(\.body) == ["\"x\"", "\"y\""])
        }
    }

    @Test(
        "A body beyond the route's limit is a 413, before it arrives if its length is announced, and the last response"
    )
    func tooLarge() async throws {
        try await RunningServer.run { server async throws in
            let big = String(repeating: " ", count: 65)
            for text in [
                Self.post("Content-Length: 65"), Self.post("Content-Length: 65", body: big),
                Self.post("Content-Length: 65", "Expect: 100-continue"),
                Self.post("Transfer-Encoding: chunked", body: "41\r\n\(big)\r\n0\r\n\r\n"),
            ] {
                let connection = try await RawConnection.open(text + Self.last, port: server.port)
                let answers = WireAnswers(try await connection.receivedUntilClosed).answers
                #expect(answers.statuses == ["413"] && answers[0]["connection"] == "close")
                #expect(answers[0].body.contains("more than 64 bytes"))
            }
            #expect(server.database.queryCount == 0)
        }
    }

    @Test("A body that does not arrive within the route's timeout is a 408, and one that ends early a 400")
    func incomplete() async throws {
        try await RunningServer.run { server async throws in
            let slow = try await RawConnection.open(Self.post("Content-Length: 12", body: "{"), port: server.port)
            let late = WireAnswers(try await slow.receivedUntilClosed).answers
            #expect(late.statuses == ["408"] && late[0]["connection"] == "close")
            for text in [
                Self.post("Content-Length: 12", body: "{"),
                Self.post("Transfer-Encoding: chunked", body: "5\r\n{\"nam\r\nx\r\n"),
            ] {
                let answers = try await server.answers(text)
                #expect(answers.statuses == ["400"] && answers[0]["connection"] == "close")
                #expect(answers[0].body.contains("could not be read"))
            }
            #expect(server.database.queryCount == 0)
        }
    }

    @Test("RFC 9110, 10.1.1: a client is told to send a body that is read, and gets the response at once to any other")
    func expectation() async throws {
        try await RunningServer.run { server async throws in
            let waiting = Self.post("Content-Length: 12", "Expect: 100-continue")
            let connection = try await RawConnection.open(waiting, port: server.port)
            try await poll("the invitation") {
                try await connection.received == "HTTP/1.1 100 Continue\r\n\r\n"
            }
            try await connection.send(Self.body)
            try await poll("the response") { try await connection.received.contains("HTTP/1.1 200 OK") }
            try await connection.close()
            // A client may send the body or the next request after that, so nothing more is read.
            for (target, status) in [("/x", "404"), ("/health", "405")] {
                let text = Self.post("Content-Length: 12", "Expect: 100-continue", target: target)
                let refused = try await RawConnection.open(text + Self.last, port: server.port)
                let answers = WireAnswers(try await refused.receivedUntilClosed).answers
                #expect(answers.statuses == [status] && answers[0]["connection"] == "close")
            }
        }
    }

    @Test("A body that nobody reads is discarded, and its bytes are no request")
    func discarded() async throws {
        try await RunningServer.run { server async throws in
            let inner = RunningServer.request("GET /x")
            let length = "Content-Length: \(inner.utf8.count)"
            let text =
                Self.post(length, body: inner, target: "/x") + Self.post(length, body: inner, target: "/health")
                + RunningServer.request("GET /r", length, body: inner) + Self.last
            #expect(try await server.answers(text).statuses == ["404", "405", "400", "200"])
        }
    }

    @Test("A request without a context is a 401 before its body is read")
    func unauthenticated() async throws {
        let requests = Mutex<[ServerRequest]>([])
        try await RunningServer.run(context: { request in
            requests.withLock { $0.append(request) }
            guard request.headerFields[.authorization] == "a" else { return nil }
            return User(id: "a")
        }) { server async throws in
            func put(_ fields: String...) -> String {
                "PUT /mine?x=1 HTTP/1.1\r\nHost: h:1\r\n\(Self.json)\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
            }
            let refused = try await RawConnection.open(put("Content-Length: 12"), port: server.port)
            #expect(try await refused.answer.hasPrefix("HTTP/1.1 401 "))
            try await refused.close()
            let text =
                put("Content-Length: 12", "Authorization: a") + Self.body
                + "GET /mine HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\n\r\n" + Self.last
            let answers = try await server.answers(text)
            #expect(answers.statuses == ["200", "200", "200"])
            let seen = requests.withLock { $0 }
            #expect(seen.map(\.method) == [.put, .put, .get])
            #expect(seen[0].target == "/mine?x=1" && seen[0].path == "/mine" && seen[0].authority == "h:1")
            #expect(seen[0].headerFields.contains(.contentType) && seen[0].remoteAddress == "127.0.0.1")
        }
    }

    @Test("The errors of the closure for the context are the app's response, or a 500 that reveals nothing")
    func contextErrors() async throws {
        struct Secret: Error, CustomStringConvertible {
            var description: String { "a token of a user" }
        }
        try await RunningServer.run(context: { request in
            if request.target.contains("known") { throw HandlerError(.forbidden, "Not you.") }
            if request.target.contains("busy") { throw HandlerError(.serviceUnavailable, "Later.") }
            if request.target.contains("method") { throw HandlerError(status: 405, "Not so.") }
            throw Secret()
        }) { server async throws in
            let busy = try await server.send("GET", "/mine?busy")
            #expect(busy.status == 503 && busy["Retry-After"] == "1")
            // It would lack `Allow`.
            #expect(try await server.send("GET", "/mine?method").status == 500)
            let known = try await server.send("GET", "/mine?known")
            #expect(known.status == 403 && known.text.contains("Not you."))
            let unknown = try await server.send("GET", "/mine")
            #expect(unknown.status == 500 && !unknown.text.contains("Secret"))
            #expect(server.log.lines.contains { $0.contains("Secret") && $0.hasPrefix("error") })
            #expect(server.log.lines.allSatisfy { !$0.contains("a token of a user") || $0.hasPrefix("debug") })
        }
    }
}
