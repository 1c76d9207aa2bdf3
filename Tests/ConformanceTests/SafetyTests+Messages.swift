import CachedRoutes
import CachedRoutesTesting
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

/// Requests that no well-meaning client sends.
@Suite("Malformed and oversized requests (RFC 9110 and 9112)")
struct MessageSafetyTests {
    /// Sends these bytes on a connection of its own, and gives the status of the first answer.
    private static func status(_ text: String, _ app: Harness) async throws -> Int {
        let answer = try await RawConnection.exchange(text, port: app.port)
        let line = answer.prefix { $0 != "\r\n" }
        return line.hasPrefix("HTTP/1.1 ") ? Int(line.dropFirst(9).prefix(3)) ?? 0 : 0
    }

    private static func get(_ target: String = "/r", _ fields: String = "", body: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(fields)\r\n\(body)"
    }

    // MARK: - Bodies

    @Test(
        "Contract 5, RFC 9110, 9.3.1: GET and HEAD with a body are 400",
        arguments: [
            ("Content-Length: 1\r\n", "x"), ("content-length: 000005\r\n", "a=1&b"),
            ("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\n\r\n"), ("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        ],
        ["GET", "HEAD"]
    )
    func body(_ message: (fields: String, body: String), method: String) async throws {
        try await Harness.run([route()]) { app in
            let request = Self.get("/r", message.fields, body: message.body)
            #expect(try await Self.status(method + request.dropFirst(3), app) == 400)
            #expect(app.database.queryCount == 0)
            try await app.stored()
            #expect(try await Self.status(method + request.dropFirst(3), app) == 400)
            #expect(app.database.queryCount == 1)
        }
    }

    @Test("RFC 9110, 8.6: a GET that announces no bytes has no body")
    func emptyBody() async throws {
        try await Harness.run([route()]) { app async throws in
            #expect(try await Self.status(Self.get("/r", "Content-Length: 0\r\n"), app) == 200)
        }
    }

    @Test("Contract 5: a body does not change what is kept, and its bytes are not read as a request")
    func bodyIsNoRequest() async throws {
        try await Harness.run([route(CachePolicy(), RouteInput(.query, "n", .int, default: "0"))], database: .echo()) {
            app in
            let inner = "GET /r?n=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let outer = "GET /r?n=2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)"
            let last = "GET /r?n=3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let connection = try await RawConnection.open(outer + last, port: app.port)
            try await poll("both are answered") {
                try await connection.received.components(separatedBy: "HTTP/1.1 ").count == 3
            }
            try await poll("the last one is complete") { try await connection.received.hasSuffix(#"["3"]"#) }
            let received = try await connection.received
            #expect(received.hasPrefix("HTTP/1.1 400 "))
            #expect(app.database.queryCount == 1)
            try? await connection.close()
        }
    }

    @Test(
        "RFC 9112, 6.3: a body whose length is in doubt is 400",
        arguments: [
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 3\r\nContent-Length: 4\r\n",
            "Content-Length: x\r\n", "Content-Length: -1\r\n", "Content-Length: +1\r\n", "Transfer-Encoding: x\r\n",
            "Content-Length: 99999999999999999999\r\n",
        ]
    )
    func doubtfulLength(fields: String) async throws {
        try await Harness.run([route()]) { app async throws in
            #expect(try await Self.status(Self.get("/r", fields, body: "0\r\n\r\n"), app) == 400)
            #expect(app.database.queryCount == 0)
            #expect(try await app.send().status == 200)
        }
    }

    @Test("RFC 9112, 6: a body that is announced is refused before it comes")
    func announcedBody() async throws {
        try await Harness.run([route()]) { app async throws in
            #expect(try await Self.status(Self.get("/r", "Content-Length: 1000000\r\n"), app) == 400)
        }
    }

    // MARK: - Targets and hosts

    @Test("RFC 9112, 3.2.2: the absolute form of a target is the same resource", arguments: Backing.allCases)
    func absoluteForm(backing: Backing) async throws {
        let routes = [
            route(CachePolicy(), RouteInput(.query, "n", .int, default: "0")),
            route(CachePolicy(), path: "/items/{name}", RouteInput(.path, "name", .string)),
        ]
        try await Harness.run(routes, on: backing, database: .echo()) { app in
            try await app.stored("/r?n=1")
            try await app.stored("/items/a")
            for target in ["/r?n=1", "/items/a"] {
                let answer = try await app.send(.GET, "http://example.org\(target)")
                #expect(answer.status == 200)
                #expect(try CacheStatusField(of: answer).isHit)
            }
            #expect(app.database.queryCount == 2)
        }
    }

    @Test("Contract 1: the host is no input", arguments: ["other", "localhost:1", "[::1]:80", ""])
    func host(name: String) async throws {
        try await Harness.run([route()]) { app in
            let stored = try await app.stored()
            let other = "GET /r HTTP/1.1\r\nHost: \(name)\r\nConnection: close\r\n\r\n"
            let answer = try await RawConnection.exchange(other, port: app.port)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.contains(try #require(stored["ETag"])))
            #expect(app.database.queryCount == 1)
        }
    }

    @Test(
        "RFC 9112, 3.2 and 6.1: a request without Host, with two, a malformed one or an unknown coding is 400, and the last",
        arguments: [
            "", "Host: a\r\nHost: b\r\n", "Host: a\r\nHost: a\r\n", "Host: a/b\r\n",
            "Host: a\r\nTransfer-Encoding: xchunked\r\n",
        ]
    )
    func hostMissing(fields: String) async throws {
        try await Harness.run([route()]) { app async throws in
            try await app.stored()
            let next = "GET /r HTTP/1.1\r\nHost: a\r\n\r\n"
            let text = try await RawConnection.transcript("GET /r HTTP/1.1\r\n\(fields)\r\n" + next, port: app.port)
            #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(text.contains("\r\nConnection: close\r\n"))
            #expect(text.split(separator: "HTTP/1.1 ").count == 1)
        }
    }

    @Test("RFC 9110, 7.8: the connection goes on behind an upgrade that is not taken up")
    func upgrade() async throws {
        try await Harness.run([route()]) { app async throws in
            try await app.stored()
            let upgrade =
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
            let first = "GET /r HTTP/1.1\r\nHost: a\r\n\(upgrade)\r\n"
            let last = "GET /r HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let text = try await RawConnection.transcript(first + first + last, port: app.port)
            #expect(text.split(separator: "HTTP/1.1 200 OK").count == 3)
        }
    }

    @Test("RFC 9112, 2.5: a client of HTTP/1.0 gets the answer whole")
    func oldVersion() async throws {
        try await Harness.run([route()]) { app in
            for _ in 0..<2 {
                let connection = try await RawConnection.open("GET /r HTTP/1.0\r\n\r\n", port: app.port)
                try await poll("the answer is complete") { try await connection.received.hasSuffix("\r\n\r\n[1]") }
                let answer = try await connection.received.lowercased()
                #expect(answer.hasPrefix("http/1."))
                #expect(answer.contains(" 200 ok\r\n"))
                #expect(answer.contains("content-length: 3\r\n"))
                #expect(!answer.contains("transfer-encoding"))
                try? await connection.close()
            }
            try await app.stored()
        }
    }

    // MARK: - Bytes

    @Test(
        "RFC 9112, 3 and 5: bytes that may not be there are 400",
        arguments: [
            "GET /r\u{0} HTTP/1.1\r\nHost: x\r\n\r\n", "GET /r\u{1} HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /r?n=\u{7F} HTTP/1.1\r\nHost: x\r\n\r\n", "GET /r?n=é HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /r HTTP/1.1\r\nHost: x\r\nX-A: a\u{0}b\r\n\r\n", "GET /r HTTP/1.1\r\nHost: x\r\nX A: 1\r\n\r\n",
            "GET /r HTTP/1.1\r\nHost: x\r\nX-A : 1\r\n\r\n", "GET /r HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n",
            "GET /r x HTTP/1.1\r\nHost: x\r\n\r\n", "GET  HTTP/1.1\r\nHost: x\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n",
        ]
    )
    func bytes(text: String) async throws {
        try await Harness.run([route(CachePolicy(), RouteInput(.query, "n", .string, default: ""))]) {
            app async throws in
            #expect(try await Self.status(text, app) == 400)
            #expect(app.database.queryCount == 0)
            #expect(try await app.send().status == 200)
        }
    }

    // MARK: - Floods

    /// A status that a server may give to a request that it does not take.
    private static func isRefusal(_ status: Int) -> Bool { [400, 413, 414, 431].contains(status) }

    @Test("RFC 9110, 5.4: many fields are a correct answer or a refusal", arguments: [200, 900, 2000])
    func manyFields(count: Int) async throws {
        try await Harness.run([route()]) { app in
            let fields = (0..<count).map { "X-\($0): 1\r\n" }.joined()
            let status = try await Self.status(Self.get("/r", fields), app)
            #expect(count > 1000 ? Self.isRefusal(status) : status == 200)
            #expect(try await app.send().status == 200)
        }
    }

    @Test("RFC 9110, 5.4: one very large field is a correct answer or a refusal", arguments: [8, 60, 100])
    func largeField(kibibytes: Int) async throws {
        try await Harness.run([route()]) { app in
            let value = String(repeating: "x", count: kibibytes << 10)
            for name in ["X-Large", "If-None-Match", "Cache-Control", "Accept-Encoding", "If-Modified-Since"] {
                let status = try await Self.status(Self.get("/r", "\(name): \(value)\r\n"), app)
                #expect(kibibytes > 80 ? Self.isRefusal(status) : status == 200, "\(name)")
            }
            #expect(try await app.send().status == 200)
        }
    }

    @Test("RFC 9110, 5.4: fields that are large together are a correct answer or a refusal", arguments: [70, 200])
    func largeFields(kibibytes: Int) async throws {
        try await Harness.run([route()]) { app in
            let line = "X-Large: " + String(repeating: "x", count: 1013) + "\r\n"
            let status = try await Self.status(Self.get("/r", String(repeating: line, count: kibibytes)), app)
            #expect(kibibytes > 80 ? Self.isRefusal(status) : status == 200)
            #expect(try await app.send().status == 200)
        }
    }

    @Test("RFC 9112, 3: a very long target is a correct answer or a refusal", arguments: [8, 60, 100])
    func longTarget(kibibytes: Int) async throws {
        try await Harness.run([route()]) { app in
            let target = "/r?" + String(repeating: "x", count: kibibytes << 10)
            let status = try await Self.status(Self.get(target), app)
            #expect(kibibytes > 80 ? Self.isRefusal(status) : status == 200)
            #expect(try await app.send().status == 200)
        }
    }

    @Test("Contract 3: many parameters are read", arguments: [10_000])
    func manyParameters(count: Int) async throws {
        let list = route(CachePolicy(), RouteInput(.query, "a", .list(.int)))
        try await Harness.run([list], database: CannedDatabase { _, values in "\(values.texts(at: 0).count)" }) {
            app async throws in
            let query = repeatElement("a=1", count: count).joined(separator: "&")
            #expect(try await app.send(.GET, "/r?\(query)").text == "\(count)")
            #expect(try await app.stored("/r?\(query)").text == "\(count)")
        }
    }
}
