import CachedRoutes
import CachedRoutesTesting
import Foundation
import HTTPConnections
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesServer

/// A service that notes its start and its end.
private final class Noted: Service {
    let notes = Mutex<[String]>([])

    func run() async throws {
        notes.withLock { $0.append("start") }
        try await gracefulShutdown()
        notes.withLock { $0.append("end") }
    }
}

@Suite("The start and the end of a server")
struct LifetimeTests {
    @Test("A port in use and an unknown host are errors with a cure, and end the service")
    func bindFailures() async throws {
        try await RunningServer.run { server async throws in
            for (host, port, words) in [
                ("127.0.0.1", server.port, "the port is in use"), ("nowhere.invalid", 0, "the host is unknown"),
                ("192.0.2.1", 0, "this machine does not have the address"),
            ] {
                let service = CachedRoutesService.testing(database: CannedDatabase(json: "1"))
                var configuration = CachedRoutesServer.Configuration()
                configuration.address = .hostname(host, port: port)
                let other = CachedRoutesServer(Table(routes: Routes.all), on: service, configuration: configuration) {
                    _ in
                    nil
                }
                do {
                    try await other.run()
                    Issue.record("the server listens on \(host)")
                } catch {
                    let (lines, _) = CachedRoutesService.lastWords(for: error)
                    #expect(lines.count == 1 && lines[0].contains(words), "\(lines)")
                }
            }
        }
    }

    @Test("The address is that of the service's configuration by default, and may be a Unix domain socket")
    func addresses() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "crs-\(UInt32.random(in: 0 ... .max))"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("s").path
        for address in [nil, CachedRoutesServer.Address.unixDomainSocket(path: path)] {
            var settings = CachedRoutesConfiguration()
            settings.port = 0
            let service = CachedRoutesService.testing(
                .memory(budget: 1 << 20),
                configuration: settings,
                database: CannedDatabase(json: "[1]"),
                logger: LogRecorder().logger
            )
            let (addresses, continuation) = AsyncStream.makeStream(of: SocketAddress.self)
            var configuration = CachedRoutesServer.Configuration()
            configuration.address = address
            configuration.onListening = { continuation.yield($0) }
            let server = CachedRoutesServer(Table(routes: Routes.all), on: service, configuration: configuration) { _ in
                nil
            }
            let group = ServiceGroup(services: [server], logger: service.logger)
            async let end: Void = group.run()
            var iterator = addresses.makeAsyncIterator()
            let found = try #require(await iterator.next())
            if address == nil {
                #expect(found.ipAddress == "127.0.0.1")
                #expect(try await HTTPClient.request(.GET, "/r", port: found.port ?? 0).text == "[1]")
            } else {
                #expect(found.pathname == path)
            }
            await group.triggerGracefulShutdown()
            try await end
        }
    }

    @Test("The app's services start before the server and stop after it, and connections end with it")
    func order() async throws {
        let noted = Noted()
        let idle = Mutex<RawConnection?>(nil)
        try await RunningServer.run {
            $0.services = [noted]
        } _: { server async throws in
            let connection = try await RawConnection.open(RunningServer.request("GET /r"), port: server.port)
            _ = try await connection.answer
            idle.withLock { $0 = connection }
            #expect(noted.notes.withLock { $0 } == ["start"])
        }
        #expect(noted.notes.withLock { $0 } == ["start", "end"])
        let connection = try #require(idle.withLock { $0 })
        #expect(WireAnswers(try await connection.transcript).answers.count == 1)
    }

    @Test("A shutdown waits for a write whose client has left")
    func departedWrite() async throws {
        let gate = Gate()
        let written = Switch()
        let database = CannedDatabase { query, _ in
            guard query.access.isWrite else { return "[1]" }
            await gate.pass()
            written.turnOn()
            return "1"
        }
        try await RunningServer.run(database: database) { server async throws in
            let text =
                "POST /r HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"name\":\"x\"}"
            let connection = try await RawConnection.open(text, port: server.port)
            try await poll("the statement") { server.database.queryCount == 1 }
            try await connection.close()
            Task { [service = server.service] in
                try await poll("the shutdown begins") { service.connections.isShuttingDown }
                gate.open()
            }
        }
        #expect(written.isOn)
    }

    @Test(
        "A response that only a client waits for that has closed its side is given up",
        arguments: ["GET /r HTTP/1.1", "GET /r HTTP/1.0", "GET /mine HTTP/1.1"]
    )
    func departedRead(line: String) async throws {
        let gate = Gate()
        let database = CannedDatabase { _, _ in
            await gate.pass()
            return "[1]"
        }
        try await RunningServer.run(database: database, context: { _ in User(id: "a") }) { server async throws in
            let connection = try await RawConnection.open("\(line)\r\nHost: a\r\n\r\n", port: server.port)
            await gate.arrivals(1)
            #expect(server.service.waitingRequests == 1)
            try await connection.finish()
            try await poll("nobody waits") { server.service.waitingRequests == 0 }
            let answers = WireAnswers(try await connection.transcript).answers
            #expect(answers.statuses == ["503"])
            gate.open()
        }
    }
}
