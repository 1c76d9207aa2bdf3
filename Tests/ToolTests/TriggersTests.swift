import ArgumentParser
import Foundation
import PostgresClient
import RouteManifest
import TestServers
import Testing

@testable import cached_routes

@Suite("cached-routes triggers")
struct TriggersTests {
    private static let start = "\\set ON_ERROR_STOP on\n"

    @Test("prints the SQL for the manifests' tables, or what removes it")
    func sql() async throws {
        try await PurgeTests.withManifest { file async throws in
            let triggers = TableTriggerSQL(tables: ["audit.events", "users"])
            #expect(try TriggersCommand.parse(["--manifest", file]).sql() == Self.start + triggers.installSQL)
            #expect(
                try TriggersCommand.parse(["--manifest", file, "--remove"]).sql() == Self.start + triggers.removeSQL
            )
            #expect(try TriggersCommand.parse(["--manifest", file, "--plain"]).sql() == triggers.installSQL)
            #expect(try TriggersCommand.parse(["--manifest", file, "--plain", "--remove"]).sql() == triggers.removeSQL)
        }
    }

    /// Manifests of two targets, and what they name under `tables`.
    private func withManifests<Result>(_ tables: [String], _ body: ([String]) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "targets-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var files: [String] = []
        for (index, names) in tables.enumerated() {
            let target = folder.appending(path: "Target\(index)")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            let file = target.appending(path: index == 0 ? "routes.yaml" : "more.routes.yaml")
            let manifest = """
                version: 1
                namespace: n\(index)
                routes:
                  list\(index): { get: /list, sql: SELECT 1, cache: { tables: \(names) } }
                """
            try Data(manifest.utf8).write(to: file)
            files += ["--manifest", file.path(percentEncoded: false)]
        }
        return try body(files)
    }

    @Test("takes the tables of several manifests together, whatever their namespaces and spellings")
    func several() throws {
        try withManifests([#"[ users, '"Odd Table"' ]"#, #"[ public.users, '"users2"', 'audit."Events"' ]"#]) { files in
            let triggers = TableTriggerSQL(tables: [#""Odd Table""#, "audit.Events", "users", "users2"])
            let sql = try TriggersCommand.parse(files + ["--plain"]).sql()
            #expect(sql == triggers.installSQL)
        }
    }

    @Test("says that a lock no longer fits its manifest, whose tables it takes from it")
    func staleLock() async throws {
        try await blocking {
            let server = try PostgresServer.shared.get()
            _ = try server.psql("DROP DATABASE IF EXISTS check_triggers")
            _ = try server.psql("CREATE DATABASE check_triggers")
            _ = try server.psql("CREATE TABLE a (id int); CREATE TABLE b (id int)", database: "check_triggers")
            let folder = URL.temporaryDirectory.appending(path: "stale-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appending(path: "routes.yaml")
            func write(_ sql: String) throws {
                let manifest = """
                    version: 1
                    namespace: n
                    routes: { r: { get: /r, allow: [ no-limit, no-triggers ], cache: { tables: auto }, sql: "\(sql)" } }
                    """
                try Data(manifest.utf8).write(to: file)
            }
            func reports() throws -> [String] {
                var reports: [String] = []
                let sql = try TriggersCommand.parse(["--manifest", file.path]).sql { reports.append($0.message) }
                #expect(sql.contains("\"a\"") && !sql.contains("\"b\""))
                return reports
            }
            try write("SELECT id FROM a")
            let url = "postgres://postgres@127.0.0.1:\(server.port)/check_triggers"
            let outcome = try CheckCommand.parse(["--manifest", file.path, "--database", url, "--write"]).outcome()
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try reports() == [])
            try write("SELECT a.id FROM a, b")
            let found = try reports()
            #expect(found.count == 1 && found[0].contains("routes.lock.json describes an earlier version of route 'r'"))
        }
    }

    /// The status and messages of psql, which reads a script as from a pipe.
    private func psql(_ script: String, _ url: String) throws -> (status: Int32, messages: String) {
        let (input, errors) = (Pipe(), Pipe())
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["psql", "--no-psqlrc", "--quiet", url]
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        input.fileHandleForWriting.write(Data(script.utf8))
        try input.fileHandleForWriting.close()
        let messages = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, messages)
    }

    @Test("makes psql fail where a table is missing or is none, and change nothing")
    func failures() async throws {
        let server = try await blocking { try PostgresServer() }
        defer { server.stop() }
        _ = try await blocking {
            try server.psql(
                """
                CREATE TABLE users (id int); CREATE VIEW names AS SELECT 1;
                CREATE TABLE events (id int) PARTITION BY LIST (id); CREATE TABLE events_1 PARTITION OF events DEFAULT
                """
            )
        }
        func triggers() throws -> String {
            try server.psql("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'cached%'")
        }
        for (tables, words) in [
            ("[ users, boks ]", #"there is no table "public"."boks""#),
            ("[ users, names ]", #""public"."names" is a view"#),
            ("[ users, events_1 ]", #""public"."events_1" is a part of the table events: name that one"#),
            ("[ nowhere.x, users ]", #"there is no table "nowhere"."x""#),
        ] {
            let sql = try withManifests([tables]) { try TriggersCommand.parse($0).sql() }
            let run = try await blocking { try psql(sql, server.url) }
            #expect(run.status == 3 && run.messages.contains(words), "\(run)")
            let count = try triggers()
            #expect(count == "0")
        }
        let sql = try withManifests(["[ users, events ]"]) { try TriggersCommand.parse($0).sql() }
        for _ in 0..<2 {
            let run = try await blocking { try psql(sql, server.url) }
            #expect(run.status == 0 && run.messages.isEmpty, "\(run)")
            let made = try triggers()
            #expect(made == "12")
        }
        let removal = try withManifests(["[ users, events, boks ]"]) {
            try TriggersCommand.parse($0 + ["--remove"]).sql()
        }
        #expect(try await blocking { try psql(removal, server.url) }.status == 0)
        let left = try triggers()
        #expect(left == "0")
    }
}
