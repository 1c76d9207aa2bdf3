import ArgumentParser
import CachedRoutes
import CachedRoutesServer
import Foundation
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import RouteModel
import RouteServing
import Synchronization
import TestApp
import TestServers
import Testing

@testable import cached_routes

/// What was printed.
private final class Said: Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }
    func add(_ line: String) { kept.withLock { $0.append(line) } }
}

/// A manifest that is served from a folder of its own, with a database of its own.
private struct Served {
    let folder: URL
    let file: String
    let port: Int
    let said: Said
    let reloader: Reloader

    /// Serves a manifest while `body` runs.
    static func run(_ name: String, _ manifest: String, _ body: (Served) async throws -> Void) async throws {
        let server = try PostgresServer.shared.get()
        try await blocking {
            _ = try server.psql("DROP DATABASE IF EXISTS \(name)")
            _ = try server.psql("CREATE DATABASE \(name)")
            let table = "CREATE TABLE notes (id int CONSTRAINT notes_key PRIMARY KEY, text text)"
            _ = try server.psql(table, database: name)
            _ = try server.psql("INSERT INTO notes VALUES (1, 'one'), (2, 'two')", database: name)
        }
        let url = "postgres://postgres@127.0.0.1:\(server.port)/\(name)"
        let folder = URL.temporaryDirectory.appending(path: "serve \(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "routes.yaml").path(percentEncoded: false)
        try Data(manifest.utf8).write(to: URL(filePath: file))
        var configuration = CachedRoutesConfiguration()
        configuration.databaseURL = url
        configuration.statementCheck = .off
        let (routes, said) = (ReplaceableRoutes(), Said())
        let handler = ServeLogHandler(LogRecorder(), say: said.add)
        let service = try CachedRoutesService(
            configuration: configuration,
            logger: Logger(label: "serve") { _ in handler }
        )
        let manifests = ServedManifests(targets: [[file]])
        let reloader = Reloader(
            manifests,
            on: service,
            routes,
            inspector: ServeInspector(url: url),
            context: { try GivenContext($0.headerFields, to: $0.authority, inputs: $1) },
            say: said.add
        )
        let watcher = FileWatcher(manifests, reloader: reloader)
        try await watcher.read()
        await reloader.decided()
        try await withCachedRoutesServer(service) { base in
            var configuration = base
            configuration.services = [watcher]
            return CachedRoutesServer(routes, on: service, configuration: configuration)
        } _: { port in
            try await body(Served(folder: folder, file: file, port: port, said: said, reloader: reloader))
        }
    }

    func get(_ target: String, _ fields: [(String, String)] = []) async throws -> HTTPClient.Response {
        try await HTTPClient.request(.GET, target, port: port, fields: fields)
    }

    func url(_ name: String) -> URL { folder.appending(path: name) }
}

@Suite("cached-routes serve", .timeLimit(.minutes(3)))
struct ServeCommandTests {
    private static func manifest(_ text: String, _ more: String = "") -> String {
        """
        version: 1
        namespace: notes
        routes:
          note:
            get: /note
            sql: \(text)
            returns: one
            public: true
        \(more)
        """
    }

    @Test("A save is served by the process that runs, however an editor writes it")
    func saves() async throws {
        try await Served.run("serve_saves", Self.manifest("SELECT 0 AS number")) { served in
            #expect(try await served.get("/note").text == #"{"number":0}"#)
            let file = URL(filePath: served.file)
            for number in 1...6 {
                let text = Data(Self.manifest("SELECT \(number) AS number").utf8)
                switch number % 3 {
                case 0: try text.write(to: file, options: .atomic)
                case 1: try text.write(to: file)
                default:
                    try FileManager.default.removeItem(at: file)
                    try text.write(to: file)
                }
                try await poll("save \(number) is served") {
                    try await served.get("/note").text == #"{"number":\#(number)}"#
                }
            }
            // A route answers a moment before that is said.
            try await poll("all saves are told") { served.said.lines.count == 6 }
            #expect(served.said.lines.allSatisfy { $0.hasPrefix("reloaded in ") && $0.hasSuffix(": changed note") })
        }
    }

    @Test("A .sql file is watched, and so is one that is missing")
    func files() async throws {
        let manifest = Self.manifest(
            "SELECT 0 AS x",
            "  other: { get: /other, sql-file: sql/other.sql, returns: one }\n"
        )
        try await Served.run("serve_files", manifest) { served in
            let broken = try await served.get("/note")
            #expect(broken.status == 500 && broken.text.contains("'sql/other.sql' does not exist"))
            try FileManager.default.createDirectory(at: served.url("sql"), withIntermediateDirectories: false)
            for (id, text) in [(1, "one"), (2, "two")] {
                let sql = "SELECT text FROM notes WHERE id = \(id)"
                try Data(sql.utf8).write(to: served.url("sql/other.sql"))
                try await poll("\(text) is served") {
                    try await served.get("/other").text == #"{"text":"\#(text)"}"#
                }
            }
            try FileManager.default.removeItem(at: served.url("sql/other.sql"))
            try await poll("it is missed") { try await served.get("/other").status == 500 }
        }
    }

    @Test("While a manifest has errors, requests get them, and then the routes are back")
    func errors() async throws {
        let good = Self.manifest("SELECT 0 AS x", "  usage: { get: /usage, handler: swift, public: true }\n")
        try await Served.run("serve_errors", good) { served in
            #expect(try await served.get("/ready").status == 200)
            let stub = try await served.get("/usage")
            #expect(stub.status == 501 && stub["Cache-Control"]?.contains("no-store") ?? false)
            #expect(stub.text.contains("'usage'"))
            try Data((good + "  other: { get: /other, sqll: SELECT 1 }\n").utf8).write(to: URL(filePath: served.file))
            try await poll("it is broken") { try await served.get("/note").status == 500 }
            let broken = try await served.get("/anything")
            #expect(broken["Content-Type"] == "application/problem+json" && broken["Cache-Control"] == "no-store")
            let document = try JSONSerialization.jsonObject(with: Data(broken.text.utf8)) as? [String: Any]
            let diagnostics = document?["diagnostics"] as? [[String: Any]]
            #expect(diagnostics?.first?["file"] as? String == served.file)
            #expect(diagnostics?.first?["line"] as? Int == 10)
            #expect((diagnostics?.first?["message"] as? String)?.contains("sqll") ?? false)
            let ready = try await served.get("/ready")
            #expect(ready.status == 503 && ready.text == #"{"status":"broken"}"#)
            #expect(try await served.get("/health").status == 200)
            try Data(good.utf8).write(to: URL(filePath: served.file))
            try await poll("it is mended") { try await served.get("/note").status == 200 }
            #expect(served.said.lines.contains { $0.contains("not reloaded: ") })
            #expect(
                served.said.lines.last?.hasSuffix(": the manifest's errors are gone; nothing else changed") ?? false
            )
        }
    }

    @Test("Without a lock, the tables of 'tables: auto' are those that the database names")
    func automaticTables() async throws {
        let manifest = Self.manifest("SELECT text FROM notes WHERE id = 1", "    cache: { tables: auto }\n")
        try await Served.run("serve_tables", manifest) { served in
            #expect(try await served.get("/note").text == #"{"text":"one"}"#)
            try await poll("the tables are known") {
                await served.reloader.table?.routes.first?.route.cache?.tables?.names == ["notes"]
            }
            #expect(served.said.lines.contains { $0.hasSuffix("the build needs 'cached-routes check --write'") })
        }
    }

    @Test(
        "What a database finds wrong with a changed statement is told with its place, and the route answers as the app would"
    )
    func findings() async throws {
        try await Served.run("serve_findings", Self.manifest("SELECT text FROM notes WHERE id = 1")) { served in
            #expect(try await served.get("/note").text == #"{"text":"one"}"#)
            let wrong = Self.manifest("SELECT txt FROM notes WHERE id = 1")
            try Data(wrong.utf8).write(to: URL(filePath: served.file))
            try await poll("it is served") { try await served.get("/note").status == 500 }
            #expect(try await !served.get("/note").text.contains("txt"))
            try await poll("it is told") {
                served.said.lines.contains { $0.hasPrefix("\(served.file):6:17: error: ") && $0.contains("txt") }
            }
        }
    }

    @Test("A refusal by a constraint that 'errors' doesn't name is told with its name, which the client doesn't get")
    func constraints() async throws {
        let add = "post: /notes, sql: \"INSERT INTO notes VALUES (1, 'x')\", returns: none"
        let manifest = Self.manifest(
            "SELECT 1 AS x",
            """
              add: { \(add) }
              told: { \(add.replacing("/notes", with: "/told")), errors: { notes_key: { status: 422, message: x } } }

            """
        )
        try await Served.run("serve_constraints", manifest) { served in
            for _ in 0..<2 {
                let refused = try await HTTPClient.request(.POST, "/notes", port: served.port)
                #expect(refused.status == 409 && !refused.text.contains("notes_key"))
                #expect(try await HTTPClient.request(.POST, "/told", port: served.port).status == 422)
            }
            let line = "add: 409: constraint 'notes_key' of table notes; 'errors' can give it a message"
            try await poll("it is told") { served.said.lines.count { $0.contains("constraint") } >= 2 }
            #expect(served.said.lines.filter { $0.contains("constraint") } == [line, line])
        }
    }

    @Test("The log goes on at its level")
    func log() {
        let (log, said) = (LogRecorder(), Said())
        var logger = Logger(label: "serve") { _ in ServeLogHandler(log, say: said.add) }
        logger.warning("one")
        logger.trace("two")
        logger.debug("three", metadata: ["constraint": "k", "status": "400"])
        #expect(log.lines == ["warning one ", "debug three constraint=k status=400"])
        #expect(said.lines == ["400: constraint 'k'; 'errors' can give it a message"])
        logger[metadataKey: "a"] = "b"
        #expect(logger.logLevel == .debug)
    }

    @Test("An address that can't be had is told in a line")
    func addresses() async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        defer { channel.close(promise: nil) }
        let port = try #require(channel.localAddress?.port)
        func reason(_ host: String, _ port: Int) async -> String? {
            do {
                let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .bind(host: host, port: port).get()
                try await channel.close()
                return nil
            } catch {
                return ServeCommand.reason(error, listeningAt: host, port)
            }
        }
        let used = await reason("127.0.0.1", port)
        #expect(used == "port \(port) of 127.0.0.1 is in use; end what uses it, or take another one with --port")
        let foreign = await reason("192.0.2.1", 0)
        #expect(foreign == "192.0.2.1 is no address of this machine; name one of its own with --host")
        let unknown = await reason("", 0)
        #expect(unknown == "no machine is called ''; name an address of this machine with --host")
    }

    @Test("Context inputs are those of the request's field")
    func context() async throws {
        let manifest = """
            version: 1
            namespace: notes
            routes:
              mine:
                get: /mine
                context: { noteID: int }
                sql: SELECT text FROM notes WHERE id = :noteID
                returns: one

            """
        try await Served.run("serve_context", manifest) { served in
            #expect(try await served.get("/mine").status == 401)
            let mine = try await served.get("/mine", [("Cached-Routes-Context", "noteID=2")])
            #expect(mine.status == 200 && mine.text == #"{"text":"two"}"#)
            #expect(try await served.get("/mine", [("Cached-Routes-Context", "noteID")]).status == 400)
            let unknown = try await served.get("/mine", [("Cached-Routes-Context", "noteID=2&role=x")])
            #expect(unknown.status == 400 && unknown.text.contains("'role'") && unknown.text.contains("'noteID'"))
        }
    }

    @Test(
        "refuses options that do not go together",
        arguments: [
            ["--temporary"], ["--schema", "x"], ["--temporary", "--schema", "x", "--database", "y"], ["--set", "a=b"],
            ["--context", "a"], ["--context", "=b"], ["--port", "70000"], ["--redis", "bogus"],
            ["--redis", " "],
        ]
    )
    func options(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try ServeCommand.parse(arguments) }
    }

    @Test("takes manifests as operands")
    func operands() throws {
        let command = try ServeCommand.parse(["a/routes.yaml", "b/routes.yaml", "--watch", "--context", "id=a=b"])
        #expect(command.manifests == ["a/routes.yaml", "b/routes.yaml"] && command.watch && command.port == 8080)
    }
}
