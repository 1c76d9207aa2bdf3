import ArgumentParser
import Foundation
import PostgresClient
import TestServers
import Testing

@testable import cached_routes

@Suite("cached-routes check")
struct CheckCommandTests {
    private static let schema = """
        CREATE TYPE state AS ENUM ('open', 'paid');
        CREATE TABLE orders (id int NOT NULL, total numeric NOT NULL, state state NOT NULL, note text);
        """
    private static let manifest = """
        version: 1
        namespace: shop
        routes:
          list:
            get: /orders
            sql: SELECT id, total, state, note FROM orders LIMIT 10
          one:
            get: /orders/{id}
            path: { id: int }
            returns: one
            sql: SELECT * FROM orders WHERE id = :id
          hello: { get: /hello, handler: swift }

        """

    /// Calls `body` with a folder that has a manifest, and the URL of a database of its own.
    private static func withProject(
        _ name: String,
        _ manifest: String = manifest,
        _ body: @Sendable @escaping (_ file: String, _ url: String, _ psql: (String) throws -> Void) throws -> Void
    ) async throws {
        try await blocking {
            let server = try PostgresServer.shared.get()
            _ = try server.psql("DROP DATABASE IF EXISTS \(name)")
            _ = try server.psql("CREATE DATABASE \(name)")
            let folder = URL.temporaryDirectory.appending(path: "check \(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appending(path: "routes.yaml").path(percentEncoded: false)
            try Data(manifest.utf8).write(to: URL(filePath: file))
            func psql(_ sql: String) throws { _ = try server.psql(sql, database: name) }
            try psql(schema)
            try body(file, "postgres://postgres@127.0.0.1:\(server.port)/\(name)", psql)
        }
    }

    private static func check(_ arguments: String...) throws -> CheckCommand.Outcome {
        try CheckCommand.parse(arguments).outcome()
    }

    private static func lock(_ file: String) -> String? {
        try? String(contentsOfFile: file.replacing("routes.yaml", with: "routes.lock.json"), encoding: .utf8)
    }

    @Test("finds nothing wrong with the statements of the article about SQL")
    func article() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let article = root.appending(path: "Sources/CachedRoutes/CachedRoutes.docc/SQLInRoutes.md")
        let blocks = try String(contentsOf: article, encoding: .utf8).split(separator: "```").filter {
            $0.hasPrefix("yaml\n    query:\n")
        }
        #expect(blocks.count == 3)
        var manifest = "version: 1\nnamespace: shop\nroutes:\n"
        for (number, block) in blocks.enumerated() {
            manifest += "  r\(number):\n    get: /r\(number)\n" + block.dropFirst("yaml\n".count)
        }
        try await Self.withProject("check_article", manifest) { file, url, psql in
            try psql("DROP TABLE orders")
            try psql("CREATE TABLE orders (id int PRIMARY KEY, name text, state state, created_at timestamptz)")
            let outcome = try Self.check("--manifest", file, "--database", url)
            #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("3 statements, 0 errors, 0 warnings"))
        }
    }

    @Test("writes a lock, which is then right until the database changes")
    func lock() async throws {
        try await Self.withProject("check_lock") { file, url, psql in
            let missing = try Self.check("--manifest", file, "--database", url, "--locked")
            #expect(missing.status == 1)
            #expect(missing.errors.contains("\(file):6:5: error: there is no routes.lock.json"), "\(missing.errors)")
            let written = try Self.check("--manifest", file, "--database", url, "--write")
            #expect(written.status == 0, "\(written)")
            #expect(written.errors.contains("Wrote "))
            #expect(written.output.hasPrefix("2 statements, 0 errors, 0 warnings (PostgreSQL "))
            let text = try #require(Self.lock(file))
            #expect(text.contains(#""public.state": ["open", "paid"]"#), "\(text)")
            #expect(text.contains(#"{ "name": "note", "type": "text", "nullable": true }"#))
            let again = try Self.check("--manifest", file, "--database", url, "--write")
            #expect(again.status == 0 && again.errors.isEmpty)
            #expect(try Self.check("--manifest", file, "--database", url, "--locked").status == 0)

            try psql("ALTER TABLE orders ALTER note TYPE bigint USING 1, ALTER total DROP NOT NULL, ADD more date")
            try psql("ALTER TYPE state ADD VALUE 'sent'")
            let locked = try Self.check("--manifest", file, "--database", url, "--locked")
            #expect(locked.status == 1)
            for words in [
                "routes.lock.json says 'note' is text, and the database says bigint; run cached-routes check --write",
                "routes.lock.json says 'total' is never NULL, and the database says that it may be",
                "routes.lock.json lacks the column 'more', which the database has",
                "routes.lock.json says the labels of public.state are open, paid, and the database says open, paid, sent",
            ] {
                #expect(locked.errors.contains(words), "\(locked.errors)")
            }
            // The deployed statements are those of the lock; the database is the next one.
            let next = try Self.check("--manifest", file, "--next", url)
            #expect(next.status == 1)
            for words in [
                "error: 'list' does not survive: routes.lock.json says 'note' is text, and the next database says bigint",
                "error: 'one' does not survive: routes.lock.json says 'total' is never NULL",
                "warning: routes.lock.json lacks the column 'more', which the next database has",
                "warning: routes.lock.json says the labels of public.state are open, paid",
            ] {
                #expect(next.errors.contains(words), "\(next.errors)")
            }
            try psql("ALTER TABLE orders DROP note")
            let gone = try Self.check("--manifest", file, "--next", url)
            #expect(
                gone.errors.contains(
                    #"\#(file):6:35: error: 'list' does not survive: column "note" does not exist [42703]"#
                ),
                "\(gone.errors)"
            )
        }
    }

    @Test("says which tables a deployed route would not hear of")
    func nextTables() async throws {
        let manifest = """
            version: 1
            namespace: shop
            routes:
              list:
                get: /orders
                sql: SELECT id FROM sums LIMIT 10
                cache: { ttl: 1m, tables: auto }
                allow: [no-triggers]

            """
        try await Self.withProject("check_next_tables", manifest) { file, url, psql in
            try psql("CREATE VIEW sums AS SELECT id FROM orders")
            #expect(try Self.check("--manifest", file, "--database", url, "--write").status == 0)
            #expect(try Self.check("--manifest", file, "--next", url).status == 0)
            try psql("CREATE TABLE more (id int)")
            try psql("CREATE OR REPLACE VIEW sums AS SELECT id FROM orders WHERE EXISTS (SELECT FROM more)")
            let next = try Self.check("--manifest", file, "--next", url)
            #expect(next.status == 1)
            #expect(
                next.errors.contains(
                    "error: 'list' does not survive: routes.lock.json says that it reads orders, and the next database says "
                        + "more, orders"
                ),
                "\(next.errors)"
            )
        }
    }

    @Test("writes no lock beside an error, and says so")
    func errors() async throws {
        let faulty = Self.manifest.replacing("SELECT id, total", with: "SELECT idd, total")
        try await Self.withProject("check_errors", faulty) { file, url, _ in
            let outcome = try Self.check("--manifest", file, "--database", url, "--write")
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.hasPrefix(
                    #"\#(file):6:17: error: PostgreSQL can't prepare this: column "idd" does not exist [42703]"#
                ),
                "\(outcome.errors)"
            )
            #expect(outcome.errors.hasSuffix("No lock was written, because there are errors\n"))
            #expect(outcome.output.hasPrefix("2 statements, 1 error, 0 warnings"))
            #expect(Self.lock(file) == nil)
            let json = try Self.check("--manifest", file, "--database", url, "--format", "json")
            #expect(json.status == 1 && json.errors.isEmpty && json.output.contains(#""sqlstate":"42703""#))
            let sarif = try Self.check("--manifest", file, "--database", url, "--format", "sarif")
            #expect(sarif.status == 1 && sarif.output.contains(#""ruleId":"sql/42703""#))
        }
    }

    @Test("removes the lock of a manifest without SQL")
    func withoutSQL() async throws {
        let manifest = "version: 1\nnamespace: n\nroutes: { hello: { get: /hello, handler: swift } }\n"
        try await Self.withProject("check_empty", manifest) { file, url, _ in
            let lock = file.replacing("routes.yaml", with: "routes.lock.json")
            try Data("{}".utf8).write(to: URL(filePath: lock))
            let outcome = try Self.check("--manifest", file, "--database", url, "--write")
            #expect(outcome.status == 0 && outcome.errors == "Removed \(lock), because the manifest has no SQL\n")
            #expect(Self.lock(file) == nil)
        }
    }

    @Test("says of a deployed statement that is not the lock's that it is another one")
    func otherStatement() async throws {
        try await Self.withProject("check_other") { file, url, _ in
            _ = try Self.check("--manifest", file, "--database", url, "--write")
            let changed = Self.manifest.replacing("LIMIT 10", with: "LIMIT 11")
            try Data(changed.utf8).write(to: URL(filePath: file))
            for arguments in [["--locked", "--database"], ["--next"]] {
                let outcome = try CheckCommand.parse(["--manifest", file] + arguments + [url]).outcome()
                #expect(outcome.status == 1)
                #expect(
                    outcome.errors.contains("error: routes.lock.json describes an earlier version of route 'list'"),
                    "\(outcome.errors)"
                )
            }
        }
    }

    @Test("needs a database, and says in each form why there is none beside what the build finds")
    func unavailable() async throws {
        let faulty = Self.manifest + "  broken: { get: /broken, sql: \"SELECT id, FROM orders LIMIT 1\" }\n"
        try await Self.withProject("check_unavailable", faulty) { file, _, _ in
            let nowhere = "postgres://postgres@127.0.0.1:1/x"
            let text = try Self.check("--manifest", file, "--database", nowhere)
            let lines = text.errors.split(separator: "\n").map(String.init)
            #expect(text.status == 69 && text.output.isEmpty)
            #expect(
                lines.first?.hasPrefix("\(file):13:") == true && lines.first?.contains("',' stands before FROM") == true
            )
            #expect(lines.contains { $0.hasPrefix("error: the database can't be asked: unavailable") }, "\(text)")
            let wrong = try Self.check("--manifest", file, "--database", "postgres://h?sslmode=some")
            #expect(wrong.status == 69, "\(wrong)")

            func object(_ outcome: CheckCommand.Outcome) throws -> [String: Any] {
                #expect(outcome.status == 69 && outcome.errors.hasPrefix("error: the database can't be asked"))
                return try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            }
            let json = try object(Self.check("--manifest", file, "--database", nowhere, "--format", "json"))
            #expect(
                (json["error"] as? String)?.hasPrefix("the database can't be asked") == true && json["server"] == nil
            )
            #expect((json["diagnostics"] as? [[String: Any]])?.first?["line"] as? Int == 13)
            let sarif = try object(Self.check("--manifest", file, "--next", nowhere, "--format", "sarif"))
            let run = try #require((sarif["runs"] as? [[String: Any]])?.first)
            #expect((run["results"] as? [Any])?.isEmpty == false)
            let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
            #expect(invocation["executionSuccessful"] as? Bool == false)
            #expect((invocation["toolExecutionNotifications"] as? [Any])?.count == 1)
        }
    }

    @Test("refuses to write or compare locks as a role that can't know the tables of a statement")
    func withoutRight() async throws {
        let manifest = Self.manifest.replacing(
            "    sql: SELECT id, total",
            with: "    cache: { tables: [ orders ] }\n    allow: [ no-triggers ]\n    sql: SELECT id, total"
        )
        try await Self.withProject("check_right", manifest) { file, url, psql in
            try psql("DROP ROLE IF EXISTS check_reader; CREATE ROLE check_reader LOGIN")
            try psql("REVOKE TEMPORARY ON DATABASE check_right FROM PUBLIC; GRANT SELECT ON orders TO check_reader")
            let url = url.replacing("postgres@", with: "check_reader@")
            for option in ["--write", "--locked"] {
                let outcome = try Self.check("--manifest", file, "--database", url, option)
                #expect(outcome.status == 69 && outcome.errors.hasPrefix("error: \(option) needs to know which tables"))
                #expect(
                    outcome.errors.contains("'GRANT TEMPORARY ON DATABASE check_right TO check_reader'"),
                    "\(outcome.errors)"
                )
                #expect(Self.lock(file) == nil)
            }
            let plain = try Self.check("--manifest", file, "--database", url)
            #expect(plain.status == 0 && plain.errors.contains("[unknown-tables]"), "\(plain)")
        }
    }

    @Test("says of a lock that can't be read or written which one it is")
    func unreadableLock() async throws {
        try await Self.withProject("check_unreadable") { file, url, _ in
            let lock = file.replacing("routes.yaml", with: "routes.lock.json")
            try FileManager.default.createDirectory(atPath: lock, withIntermediateDirectories: true)
            let locked = try Self.check("--manifest", file, "--database", url, "--locked")
            #expect(
                locked.status == 1
                    && locked.errors.contains("\(lock):1:1: error: the lock cannot be read: it is a folder"),
                "\(locked)"
            )
            let written = try Self.check("--manifest", file, "--database", url, "--write")
            #expect(written.status == 1 && written.errors.contains("error: \(lock) can't be written"), "\(written)")
            #expect(written.output.hasPrefix("2 statements"))
            try FileManager.default.removeItem(atPath: lock)
            try Data([0xFF]).write(to: URL(filePath: lock))
            #expect(try Self.check("--manifest", file, "--database", url, "--locked").status == 1)
            // A link is written through.
            try FileManager.default.removeItem(atPath: lock)
            try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: "elsewhere.json")
            #expect(try Self.check("--manifest", file, "--database", url, "--write").status == 0)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: lock) == "elsewhere.json")
            #expect(try Self.check("--manifest", file, "--database", url, "--locked").status == 0)
        }
    }

    @Test("makes a private server with a schema")
    func temporary() async throws {
        try await Self.withProject("check_temporary") { file, _, _ in
            let schema = file.replacing("routes.yaml", with: "schema.sql")
            try Data(Self.schema.utf8).write(to: URL(filePath: schema))
            let outcome = try Self.check("--manifest", file, "--temporary", "--schema", schema, "--write")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try Self.check("--manifest", file, "--temporary", "--schema", schema, "--locked").status == 0)
            try Data("SELEC 1;".utf8).write(to: URL(filePath: schema))
            let faulty = try Self.check("--manifest", file, "--temporary", "--schema", schema)
            #expect(faulty.status == 69 && faulty.errors.hasPrefix("error: \(schema):1: ERROR:"), "\(faulty.errors)")
        }
    }

    @Test(
        "refuses options that do not go together",
        arguments: [
            ["--write", "--locked"], ["--next", "x", "--write"], ["--temporary"], ["--schema", "x"],
            ["--temporary", "--schema", "x", "--database", "y"], ["--temporary", "--schema", "x", "--next", "y"],
            ["--set", "a=b"], ["--temporary", "--schema", "x", "--set", "a"], ["--format", "xml"],
        ]
    )
    func options(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try CheckCommand.parse(arguments) }
    }
}
