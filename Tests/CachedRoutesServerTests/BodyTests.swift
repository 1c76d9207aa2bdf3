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
    static let json = "Content-Type: application/json"
    static let body = #"{"name":"x"}"#

    static func post(_ fields: String..., body: String = "", target: String = "/r") -> String {
        "POST \(target) HTTP/1.1\r\nHost: a\r\n\(json)\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    static let last = RunningServer.request("GET /r", "Connection: close")

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
}
