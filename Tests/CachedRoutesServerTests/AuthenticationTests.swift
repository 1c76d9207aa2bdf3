import CachedRoutes
import CachedRoutesServer
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import Synchronization
import TestApp
import Testing

@Suite("The app's closure for context inputs")
struct AuthenticationTests {
    @Test("A request without a context is a 401 before its body is read")
    func unauthenticated() async throws {
        let requests = Mutex<[ServerRequest]>([])
        try await RunningServer.run(context: { request in
            requests.withLock { $0.append(request) }
            guard request.headerFields[.authorization] == "a" else { return nil }
            return User(id: "a")
        }) { server async throws in
            func put(_ fields: String...) -> String {
                "PUT /mine?x=1 HTTP/1.1\r\nHost: h:1\r\n\(BodyTests.json)\r\n" + fields.map { $0 + "\r\n" }.joined()
                    + "\r\n"
            }
            let refused = try await RawConnection.open(put("Content-Length: 12"), port: server.port)
            #expect(try await refused.answer.hasPrefix("HTTP/1.1 401 "))
            try await refused.close()
            let text =
                put("Content-Length: 12", "Authorization: a") + BodyTests.body
                + "GET /mine HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\n\r\n" + BodyTests.last
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

    /// `GET /hurried`, with little time, and `GET /mine`, with more than a busy machine needs.
    private static let routes = [route("/hurried", within: .milliseconds(100)), route("/mine", within: .seconds(60))]

    private static func route(_ path: PathTemplate, within timeout: Duration) -> RouteDefinition {
        RouteDefinition(
            RouteDeclaration(
                "\(path)",
                Routes.signature(.get, path, [RouteInput(.context, "user", .string)]),
                .read(CachePolicy()),
                returns: .many,
                timeout: timeout
            ),
            .sql("SELECT 1", binding: ["user"])
        )
    }

    @Test("It has the time of the route, and is cancelled after it; the connection lives on")
    func late() async throws {
        let cancelled = Switch()
        try await RunningServer.run(
            Self.routes,
            context: { request in
                if request.target.contains("hurried") {
                    await untilCancelled()
                    cancelled.turnOn()
                }
                return User(id: "a")
            }
        ) { server async throws in
            let text = RunningServer.request("GET /hurried") + RunningServer.request("GET /mine", "Connection: close")
            let answers = try await server.answers(text)
            #expect(answers.statuses == ["504", "200"])
            try await poll("the closure ends") { cancelled.isOn }
            #expect(server.log.lines.contains { $0.hasPrefix("warning") && $0.contains("passed its deadline") })
        }
    }

    @Test("One that ignores its cancellation delays no response, and its result reaches no later request")
    func stubborn() async throws {
        let gate = Gate()
        try await RunningServer.run(
            Self.routes,
            context: { request in
                guard request.target.contains("hurried") else { return nil }
                await gate.pass()
                return User(id: "a")
            }
        ) { server async throws in
            let connection = try await RawConnection.open(RunningServer.request("GET /hurried"), port: server.port)
            #expect(try await connection.answer.hasPrefix("HTTP/1.1 504 "))
            gate.open()
            try await connection.send(RunningServer.request("GET /mine", "Connection: close"))
            #expect(WireAnswers(try await connection.transcript).answers.statuses == ["504", "401"])
        }
    }

    @Test("It is cancelled when its client leaves, or closes its side", arguments: [false, true])
    func departed(isHalfClosed: Bool) async throws {
        let begun = Switch()
        let cancelled = Switch()
        try await RunningServer.run(context: { _ in
            begun.turnOn()
            await untilCancelled()
            cancelled.turnOn()
            throw CancellationError()
        }) { server async throws in
            let connection = try await RawConnection.open(RunningServer.request("GET /mine"), port: server.port)
            try await poll("the closure begins") { begun.isOn }
            if isHalfClosed {
                try await connection.finish()
                #expect(WireAnswers(try await connection.transcript).answers.statuses == ["503"])
            } else {
                try await connection.close()
            }
            try await poll("the closure ends") { cancelled.isOn }
            #expect(server.log.lines.allSatisfy { !$0.contains("closure") })
        }
    }
}

/// Returns when the task is cancelled.
private func untilCancelled() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
}
