import CachedRoutesHummingbird
import CachedRoutesTesting
import HTTPConnections
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import RouteModel
import Synchronization
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// A route whose answer is as large as its database says, at `/r`, for any page.
private let pages = route(
    CachePolicy(compress: false),
    public: true,
    RouteInput(.query, "page", .int, default: "0")
)

@Suite("What a client may take of a server", .serialized)
struct ConnectionTests {
    private static func get(_ target: String = "/r", _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    private static let large = "\"" + String(repeating: "x", count: 8 << 20) + "\""

    /// Runs a server with these settings.
    private func run(
        beforeRouter: Bool,
        json: String = "[1]",
        redis: RedisServer? = nil,
        _ configure: (inout CachedRoutesConfiguration) -> Void,
        _ body: (Harness) async throws -> Void
    ) async throws {
        try await Harness.run(
            [pages],
            redis: redis,
            database: CannedDatabase(json: json),
            clock: ManualClock(milliseconds: 1_700_000_000_000),
            configure: configure,
            isBeforeRouter: beforeRouter,
            hasHealth: true,
            body
        )
    }

    /// Sends a byte now and then until the server closes, or this many have been sent.
    private func trickle(_ connection: RawConnection, _ text: String) async throws -> Int {
        var sent = 0
        for byte in text.utf8 {
            guard (try? await connection.send(String(decoding: [byte], as: UTF8.self))) != nil else { break }
            sent += 1
            try await Task.sleep(for: .milliseconds(20))
        }
        return sent
    }

    @Test("A head has to be complete in its time, however its bytes trickle in", arguments: [false, true])
    func heads(beforeRouter: Bool) async throws {
        try await run(beforeRouter: beforeRouter) {
            $0.httpHeadTimeout = .milliseconds(200)
        } _: { app async throws in
            try await app.stored()
            let endless = Self.get("/r", "X: " + String(repeating: "x", count: 2000) + "\r\n")
            for text in ["", Self.get()] {
                let connection = try await RawConnection.open(text, port: app.port)
                if !text.isEmpty { #expect(try await connection.answer.hasPrefix("HTTP/1.1 200")) }
                #expect(try await trickle(connection, endless) < endless.utf8.count)
                let answers = WireAnswers(try await connection.receivedUntilClosed).answers
                #expect(answers.count == (text.isEmpty ? 0 : 1))
            }
            // And one that says nothing at all.
            let silent = try await RawConnection.open("", port: app.port)
            #expect(try await silent.receivedUntilClosed.isEmpty)
        }
    }

    @Test("A connection without a request is closed after its time, behind an answer too", arguments: [false, true])
    func idle(beforeRouter: Bool) async throws {
        try await run(beforeRouter: beforeRouter) {
            $0.httpIdleTimeout = .milliseconds(200)
        } _: { app async throws in
            try await app.stored()
            for target in ["/r", "/nowhere", "/health"] {
                let connection = try await RawConnection.open(Self.get(target), port: app.port)
                #expect(WireAnswers(try await connection.receivedUntilClosed).answers.count == 1)
            }
        }
    }

    @Test("A client that reads nothing is cut, on a hit, on a miss and when it pipelines", arguments: [false, true])
    func stalledWrites(beforeRouter: Bool) async throws {
        try await run(beforeRouter: beforeRouter, json: Self.large) {
            $0.httpWriteTimeout = .milliseconds(300)
        } _: { app async throws in
            let stored = try await app.stored()
            #expect(stored.text == Self.large)
            for text in [
                Self.get(), Self.get("/r?page=1"), String(repeating: Self.get(), count: 50),
                String(repeating: Self.get("/r?page=2"), count: 3) + Self.get("/x"),
            ] {
                let connection = try await RawConnection.open(text, port: app.port, reads: false)
                try await poll("its answer waits") { app.service.connections.unsentBytes > 0 }
                try await poll("the connection is cut") { app.service.connections.openConnections == 0 }
                #expect(app.service.connections.unsentBytes == 0)
                try? await connection.close()
            }
            // One that reads gets all of it.
            #expect(try await app.send().text == Self.large)
        }
    }

    @Test("Clients that read nothing hold no more than the bound, and others are answered", arguments: [false, true])
    func unsentBytes(beforeRouter: Bool) async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        let bound = 6 * Self.large.utf8.count
        try await run(beforeRouter: beforeRouter, json: Self.large, redis: redis) {
            $0.clientBufferBytes = bound
        } _: { app async throws in
            try await app.stored()
            var connections: [RawConnection] = []
            for number in 0..<12 {
                // Hits, each with bytes of its own from Redis, and misses.
                let target = number.isMultiple(of: 2) ? "/r" : "/r?page=\(number)"
                connections.append(try await RawConnection.open(Self.get(target), port: app.port, reads: false))
            }
            try await poll("the slowest are cut") {
                app.service.connections.openConnections <= 2 && app.service.connections.unsentBytes > 0
            }
            try await poll("the bound is kept") { app.service.connections.unsentBytes <= bound }
            #expect(try await app.send().text == Self.large)
            for connection in connections { try? await connection.close() }
        }
    }

    @Test("An answer that clients share counts once, and none of them is cut for it", arguments: [false, true])
    func sharedAnswer(beforeRouter: Bool) async throws {
        // The memory of a buffer is the next power of two.
        let bound = 4 * Self.large.utf8.count
        try await run(beforeRouter: beforeRouter, json: Self.large) {
            $0.clientBufferBytes = bound
        } _: { app async throws in
            try await app.stored()
            var connections: [RawConnection] = []
            for _ in 0..<12 {
                connections.append(try await RawConnection.open(Self.get(), port: app.port, reads: false))
            }
            try await poll("an answer waits") { app.service.connections.unsentBytes > 0 }
            for connection in connections {
                try await connection.startReading()
                try await poll("all of it is there", every: .milliseconds(100)) {
                    try await connection.received.hasSuffix("x\"")
                }
                try await connection.close()
            }
            #expect(app.service.connections.unsentBytes < bound)
        }
    }

    @Test("More clients than may be connected wait until others leave", arguments: [false, true])
    func maximum(beforeRouter: Bool) async throws {
        try await run(beforeRouter: beforeRouter) {
            $0.httpMaximumConnections = 2
        } _: { app async throws in
            try await app.stored()
            try await poll("connections of before are closed") { app.service.connections.openConnections == 0 }
            let first = try await RawConnection.open(Self.get(), port: app.port)
            let second = try await RawConnection.open(Self.get(), port: app.port)
            for connection in [first, second] { #expect(try await connection.answer.hasPrefix("HTTP/1.1 200")) }
            let third = try await RawConnection.open(Self.get("/r", "Connection: close\r\n"), port: app.port)
            // The others are served, and it is not.
            for _ in 0..<20 {
                try await first.send(Self.get())
                try await second.send(Self.get())
            }
            for connection in [first, second] {
                try await poll("21 answers") { WireAnswers(try await connection.received).answers.count == 21 }
            }
            #expect(try await third.received.isEmpty)
            #expect(app.service.connections.openConnections == 2)
            try await first.close()
            #expect(try await third.receivedUntilClosed.hasPrefix("HTTP/1.1 200"))
            try await second.close()
        }
    }
}
