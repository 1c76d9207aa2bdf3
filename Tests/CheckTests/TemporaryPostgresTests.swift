import Foundation
import PostgresClient
import TestServers
import Testing

@testable import RouteCheckPostgres

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("A private server", .serialized)
struct TemporaryPostgresTests {
    /// Calls `body` with files of these texts.
    private static func withFiles(_ texts: [String], _ body: ([String]) throws -> Void) throws {
        let folder = URL.temporaryDirectory.appending(path: "schema \(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = texts.indices.map { folder.appending(path: "\($0).sql").path(percentEncoded: false) }
        for (file, text) in zip(files, texts) { try Data(text.utf8).write(to: URL(filePath: file)) }
        try body(files)
    }

    @Test("loads what pg_dump prints, and leaves nothing behind")
    func loads() async throws {
        try await blocking {
            let server = try TemporaryPostgres()
            defer { server.stop() }
            try Self.withFiles([
                """
                SET statement_timeout = 0;
                SET brand_new_timeout = 0;
                SELECT pg_catalog.set_config('search_path', '', false);
                CREATE TABLE public.things (id integer NOT NULL);
                ALTER TABLE public.things OWNER TO "Some Body";
                COPY public.things (id) FROM stdin;
                7
                \\.
                GRANT SELECT ON TABLE public.things TO reader;
                """, "\\set two 2\nINSERT INTO things VALUES (:two), (:three);",
            ]) { files in
                try SchemaLoader(server, variables: ["three=3"]).load(files)
            }
            let session = try InspectionSession(url: server.url)
            let rows = try session.rows("SELECT id FROM things ORDER BY id")
            #expect(rows == [["2"], ["3"], ["7"]])
            #expect(FileManager.default.fileExists(atPath: server.folder))
            server.stop()
            #expect(!FileManager.default.fileExists(atPath: server.folder))
        }
    }

    @Test("says in psql's words where a schema is wrong")
    func faultySchema() async throws {
        try await blocking {
            let server = try TemporaryPostgres()
            defer { server.stop() }
            try Self.withFiles(["SELECT 1;\nCREATE TABLE x (id intt);\n"]) { files in
                let error = #expect(throws: TemporaryPostgresError.self) { try SchemaLoader(server).load(files) }
                let words = error?.description ?? ""
                #expect(words.hasPrefix("\(files[0]):2: ERROR:  42704: type \"intt\" does not exist"), "\(words)")
                #expect(!words.contains("LOCATION"))
            }
            try Self.withFiles(["SET brand_new = 1;\nSELEC 1;\n"]) { files in
                let error = #expect(throws: TemporaryPostgresError.self) { try SchemaLoader(server).load(files) }
                #expect(
                    error?.description.hasPrefix("\(files[0]):2: ERROR:  42601") == true,
                    "\(String(describing: error))"
                )
            }
        }
    }

    @Test("says where the words of a schema that sets ON_ERROR_STOP end")
    func stopping() async throws {
        try await blocking {
            let server = try TemporaryPostgres()
            defer { server.stop() }
            try Self.withFiles(["\\set ON_ERROR_STOP on\nSET brand_new = 1;\nCREATE TABLE x ();"]) { files in
                let error = #expect(throws: TemporaryPostgresError.self) { try SchemaLoader(server).load(files) }
                let words = error?.description ?? ""
                #expect(words.hasPrefix("\(files[0]):2: ERROR:  42704") && words.contains("ON_ERROR_STOP"), "\(words)")
            }
            // What more than a setting is lost with is no setting.
            try Self.withFiles(["CREATE FUNCTION f() RETURNS int LANGUAGE sql SET brand_new = 1 AS 'SELECT 1';"]) {
                files in
                let error = #expect(throws: TemporaryPostgresError.self) { try SchemaLoader(server).load(files) }
                #expect(error?.description.contains("brand_new") == true)
            }
        }
    }

    @Test("loads a schema that makes roles beside those that it lacks")
    func roles() async throws {
        try await blocking {
            let server = try TemporaryPostgres()
            defer { server.stop() }
            try Self.withFiles([
                """
                CREATE ROLE app LOGIN;
                CREATE DATABASE more;
                CREATE TABLE things (id int);
                ALTER TABLE things OWNER TO app;
                GRANT SELECT ON things TO reader;
                GRANT CREATE ON DATABASE postgres TO app;
                ALTER ROLE app SET brand_new = 1;
                """,
                """
                SET SESSION AUTHORIZATION "O'Brien";
                CREATE TABLE others (id int);
                RESET SESSION AUTHORIZATION;
                GRANT SELECT ON others TO late;
                CREATE ROLE late;
                """,
            ]) { files in
                try SchemaLoader(server).load(files)
            }
            let session = try InspectionSession(url: server.url)
            let owners = try session.rows(
                "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            )
            #expect(owners == [["others", "O'Brien"], ["things", "app"]])
        }
    }

    @Test("loads what comes through a pipe")
    func pipe() async throws {
        try await blocking {
            let server = try TemporaryPostgres()
            defer { server.stop() }
            try Self.withFiles([""]) { files in
                try FileManager.default.removeItem(atPath: files[0])
                try #require(mkfifo(files[0], 0o600) == 0)
                Thread.detachNewThread {
                    let words = "CREATE TABLE piped (id int);\nALTER TABLE piped OWNER TO someone;\nSELEC 1;\n"
                    try? FileHandle(forWritingAtPath: files[0])?.write(contentsOf: Data(words.utf8))
                }
                let error = #expect(throws: TemporaryPostgresError.self) { try SchemaLoader(server).load(files) }
                #expect(error?.description.hasPrefix("\(files[0]):3: ERROR:  42601") == true)
            }
            #expect(try InspectionSession(url: server.url).rows("SELECT count(*) FROM piped") == [["0"]])
        }
    }

    @Test("loads what a schema includes, relative to the file and to the current folder")
    func includes() async throws {
        try await blocking {
            let server = try TemporaryPostgres()
            defer { server.stop() }
            try Self.withFiles([
                "SET brand_new = 0;\n\\ir 1.sql\n\\i :other\n",
                "SET transaction_idle_limit = 0;\nCREATE TABLE near (id int);\nALTER TABLE near OWNER TO someone;",
                "/* new */ set newer to 1;\nCREATE TABLE far (id int);",
            ]) { files in
                try SchemaLoader(server, variables: ["other=\(files[2])"]).load([files[0]])
            }
            let session = try InspectionSession(url: server.url)
            let names = try session.rows(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            )
            #expect(names == [["far"], ["near"]])
        }
    }

    @Test(
        "loads what pg_dump prints of a real database",
        arguments: [[], ["--use-set-session-authorization"], ["--create", "--quote-all-identifiers"]]
    )
    func dump(_ options: [String]) async throws {
        try await blocking {
            let source = try PostgresServer.shared.get()
            let database = "check_dump_\(options.count)"
            let owner = "check dump \(options.count)"
            _ = try source.psql("CREATE DATABASE \(database)")
            let hasTrigrams =
                try source.psql("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'") == "1"
            _ = try source.psql(
                """
                CREATE ROLE "\(owner)";
                CREATE ROLE check_dump_reader_\(options.count);
                \(hasTrigrams ? "CREATE EXTENSION pg_trgm;" : "")
                CREATE TYPE state AS ENUM ('open', 'paid');
                CREATE TABLE things (id int PRIMARY KEY, state state NOT NULL, name text NOT NULL);
                \(hasTrigrams ? "CREATE INDEX ON things USING gin (name gin_trgm_ops);" : "")
                INSERT INTO things VALUES (1, 'open', '\\! touch x');
                ALTER TABLE things OWNER TO "\(owner)";
                GRANT SELECT ON things TO check_dump_reader_\(options.count);
                ALTER DEFAULT PRIVILEGES FOR ROLE "\(owner)" GRANT SELECT ON TABLES TO check_dump_reader_\(options.count);
                """,
                database: database
            )
            let server = try TemporaryPostgres()
            defer { server.stop() }
            var url = ""
            try Self.withFiles([""]) { files in
                let dump = Process()
                dump.executableURL = try ServerProcess.locate("pg_dump")
                dump.arguments =
                    options + ["-h", "127.0.0.1", "-p", "\(source.port)", "-U", "postgres", "-f", files[0], database]
                try dump.run()
                dump.waitUntilExit()
                try #require(dump.terminationStatus == 0)
                url = try SchemaLoader(server).load(files)
            }
            let session = try InspectionSession(url: url)
            #expect(try session.rows("SELECT * FROM public.things") == [["1", "open", "\\! touch x"]])
            let owned = try session.rows("SELECT tableowner FROM pg_tables WHERE tablename = 'things'")
            #expect(owned == [[owner]])
        }
    }

    @Test("says what its programs say where they end, whatever that is")
    func failedStart() async throws {
        try await blocking {
            let folder = URL(filePath: "/tmp/programs-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            func program(_ name: String, _ script: String) throws {
                let file = folder.appending(path: name).path
                try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: file))
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
            }
            func failure() -> String {
                let error = #expect(throws: TemporaryPostgresError.self) {
                    try TemporaryPostgres(programs: folder.path, users: ["postgres", "nobody"])
                }
                return error?.description ?? ""
            }
            try program("postgres", "echo something odd; exit 1")
            try program("initdb", "exit 1")
            #expect(failure() == "a private PostgreSQL ended before it answered, without a word")
            try program("initdb", "exit 0")
            #expect(failure() == "a private PostgreSQL ended before it answered: something odd\n")
        }
    }

    @Test("runs as 'nobody', whose group has another name, where there is no 'postgres'", .enabled(if: geteuid() == 0))
    func nobody() async throws {
        try await blocking {
            let server = try TemporaryPostgres(
                programs: TemporaryPostgres.programs(),
                users: ["no such user", "nobody"]
            )
            defer { server.stop() }
            #expect(try InspectionSession(url: server.url).rows("SELECT 1") == [["1"]])
        }
    }

    @Test("ends with the process that started it, even one that is killed")
    func killed() async throws {
        try await blocking {
            let server = try TemporaryPostgres()
            let folder = server.folder
            // The end of the process closes the pipe, and nothing else tells the guardian.
            server.abandon()
            for _ in 0..<500 where FileManager.default.fileExists(atPath: folder) {
                Thread.sleep(forTimeInterval: 0.02)
            }
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }

    @Test("looks for psql beside the server's programs, behind links to them, and then in PATH")
    func psql() throws {
        let folder = URL.temporaryDirectory.appending(path: "psql-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (real, links, other) = ("\(folder.path)/real", "\(folder.path)/links", "\(folder.path)/other")
        for folder in [real, links, other] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        func program(_ path: String) {
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o755])
        }
        program("\(other)/psql")
        program("\(real)/postgres")
        try FileManager.default.createSymbolicLink(atPath: "\(links)/postgres", withDestinationPath: "\(real)/postgres")
        #expect(try TemporaryPostgres.psql(programs: links, path: ["/nowhere", other]) == "\(other)/psql")
        program("\(real)/psql")
        let found = try TemporaryPostgres.psql(programs: links, path: [other])
        #expect(found.hasSuffix("/real/psql") || found.hasSuffix("/real//psql"))
        #expect(try TemporaryPostgres.psql(programs: real, path: [other]) == "\(real)/psql")
        let error = #expect(throws: TemporaryPostgresError.self) {
            try TemporaryPostgres.psql(programs: other + "/none", path: [])
        }
        #expect(error?.description.contains("brew install") == true)
    }

    @Test("looks for the newest installed programs behind those of PATH")
    func candidates() {
        let found = TemporaryPostgresPlan.candidates(
            path: ["/bin"],
            installed: ["/usr/lib/postgresql/9/bin", "/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/15/bin"]
        )
        #expect(
            found == [
                "/bin", "/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/9/bin",
            ]
        )
    }

    @Test("runs its programs as another user only where this process is root's")
    func users() {
        var plan = TemporaryPostgresPlan(programs: "/p", folder: "/tmp/it's", serverUser: nil, hasSetpriv: true)
        #expect(plan.creation.first == "/p/initdb")
        #expect(plan.guardian.contains("rm -rf '/tmp/it'\\''s'"))
        #expect(plan.url(database: "d") == "postgresql://check@/d?host=%2Ftmp%2Fit%27s&port=5432")
        plan.serverUser = .init(name: "postgres", id: 101, group: 104)
        #expect(plan.creation.starts(with: ["setpriv", "--reuid=101", "--regid=104", "--init-groups"]))
        plan.hasSetpriv = false
        #expect(plan.creation.prefix(4) == ["su", "-m", "postgres", "-c"])
    }
}
