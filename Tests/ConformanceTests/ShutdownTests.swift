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
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A shutdown", .serialized)
struct ShutdownTests {
    private static func get(_ target: String = "/r") -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" }

    private static let large = "\"" + String(repeating: "x", count: 8 << 20) + "\""

    /// What clients do from before the shutdown until their connections are closed.
    private final class Clients: Sendable {
        private let tasks = Mutex<[Task<Void, any Error>]>([])

        func add(_ body: @escaping @Sendable () async throws -> Void) {
            let task = Task { try await body() }
            tasks.withLock { $0.append(task) }
        }

        func wait() async throws {
            for task in tasks.withLock({ $0 }) { try await task.value }
        }
    }

    /// Runs a server that is shut down when `body` returns.
    private func run(
        beforeRouter: Bool,
        json: String = "[1]",
        database: CannedDatabase? = nil,
        timeout: Duration = .seconds(20),
        _ body: (Harness) async throws -> Void
    ) async throws {
        let cached = route(CachePolicy(compress: false), public: true, RouteInput(.query, "page", .int, default: "0"))
        try await Harness.run(
            [cached],
            redis: nil,
            database: database ?? CannedDatabase(json: json),
            clock: ManualClock(milliseconds: 1_700_000_000_000),
            configure: { $0.shutdownTimeout = timeout },
            isBeforeRouter: beforeRouter,
            hasHealth: true,
            body
        )
    }

    @Test("cuts no request of a busy connection: the last answer says that it is the last", arguments: [false, true])
    func busy(beforeRouter: Bool) async throws {
        let clients = Clients()
        let served = Atomic(0)
        let begun = Atomic(0)
        let count = 12
        try await run(beforeRouter: beforeRouter) { app async throws in
            try await app.stored()
            for number in 0..<count {
                let target = number < 6 ? "/r" : "/health"
                let connection = try await RawConnection.open(Self.get(target), port: app.port)
                clients.add {
                    var requests = 1
                    while true {
                        try await poll("answer \(requests)", every: .milliseconds(1)) {
                            WireAnswers(try await connection.received).answers.count == requests
                        }
                        served.wrappingAdd(1, ordering: .relaxed)
                        if requests == 1 { begun.wrappingAdd(1, ordering: .relaxed) }
                        let last = WireAnswers(try await connection.received).answers.last
                        #expect(last?.statusLine.hasPrefix("HTTP/1.1 200") ?? false)
                        if last?["connection"] == "close" { break }
                        guard requests < 400 else {
                            Issue.record("\(target): no answer is the last")
                            return
                        }
                        requests += 1
                        try await connection.send(Self.get(target))
                    }
                    // The server closes, and sends nothing more.
                    #expect(WireAnswers(try await connection.transcript).answers.count == requests)
                }
            }
            try await poll("all are busy") {
                begun.load(ordering: .relaxed) == count && served.load(ordering: .relaxed) > 60
            }
        }
        try await clients.wait()
    }

    @Test("answers a request that was on its way, and says that the service is not ready", arguments: [false, true])
    func onItsWay(beforeRouter: Bool) async throws {
        let clients = Clients()
        try await run(beforeRouter: beforeRouter) { app async throws in
            try await app.stored()
            #expect(try await app.send(.GET, "/ready").status == 200)
            for (target, status) in [("/ready", "503"), ("/r", "200"), ("/r?page=7", "200"), ("/health", "200")] {
                let connection = try await RawConnection.open(Self.get("/health"), port: app.port)
                #expect(try await connection.answer.hasPrefix("HTTP/1.1 200"))
                clients.add { [service = app.service] in
                    try await poll("the shutdown begins", every: .milliseconds(1)) {
                        service.connections.isShuttingDown
                    }
                    try await connection.send(Self.get(target))
                    let answers = WireAnswers(try await connection.transcript).answers
                    #expect(
                        answers.count == 2 && answers.last?.statusLine.contains(" \(status) ") ?? false,
                        "\(target)"
                    )
                    #expect(answers.last?["connection"] == "close")
                }
            }
        }
        try await clients.wait()
    }

    @Test(
        "sends all of a large answer to a client that reads, and closes its side only then",
        arguments: [false, true]
    )
    func largeAnswer(beforeRouter: Bool) async throws {
        let clients = Clients()
        try await run(beforeRouter: beforeRouter, json: Self.large) { app async throws in
            try await app.stored()
            try await poll("earlier connections are closed") { app.service.connections.openConnections == 0 }
            var waiting = 0
            for target in ["/r", "/r?page=1"] {
                let connection = try await RawConnection.open(Self.get(target), port: app.port, reads: false)
                waiting += 1
                try await poll("the connections are open") { app.service.connections.openConnections == waiting }
                // Of each of them: a request that has not come when the shutdown begins has half a second only.
                try await poll("all answers wait") {
                    app.service.connections.unsentBytes >= waiting * Self.large.utf8.count
                }
                clients.add { [service = app.service] in
                    try await poll("the shutdown begins") { service.connections.isShuttingDown }
                    try await connection.startReading()
                    #expect(try await connection.receivedUntilClosed.hasSuffix("\r\n\r\n" + Self.large))
                }
            }
        }
        try await clients.wait()
    }

    @Test("survives connections that come while it begins", arguments: [false, true])
    func newcomers(beforeRouter: Bool) async throws {
        for _ in 0..<20 {
            let clients = Clients()
            try await run(beforeRouter: beforeRouter) { app async throws in
                try await app.stored()
                for _ in 0..<4 {
                    clients.add { [port = app.port] in
                        for _ in 0..<50 {
                            guard let connection = try? await RawConnection.open(Self.get(), port: port) else { return }
                            _ = try? await connection.answer
                            try? await connection.close()
                        }
                    }
                }
                _ = try await app.send()
            }
            try await clients.wait()
        }
    }

    @Test("ends in its time, whatever clients do", arguments: [false, true])
    func hostile(beforeRouter: Bool) async throws {
        let database = CannedDatabase(json: Self.large)
        let connections = Mutex<[RawConnection]>([])
        let shutdownBegins = Mutex(ContinuousClock.now)
        try await run(beforeRouter: beforeRouter, database: database, timeout: .seconds(2)) { app async throws in
            try await app.stored()
            for text in [
                // A hit, a miss, and many, that nobody reads.
                Self.get(), Self.get("/r?page=1"), String(repeating: Self.get(), count: 20),
                // Half a head, and half a body.
                "GET /r HTTP/1.1\r\nHo", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc", "",
            ] {
                let connection = try await RawConnection.open(text, port: app.port, reads: false)
                connections.withLock { $0.append(connection) }
            }
            try await poll("answers wait") { app.service.connections.openConnections >= 6 }
            try await poll("answers wait") { app.service.connections.unsentBytes > Self.large.utf8.count }
            shutdownBegins.withLock { $0 = .now }
        }
        // It has ended: `run` waits for server and service. The next limit that would have ended these connections is that of heads.
        let time = shutdownBegins.withLock { $0 }.duration(to: .now)
        #expect(time < .seconds(10))
        for connection in connections.withLock({ $0 }) { try? await connection.close() }
    }
}
