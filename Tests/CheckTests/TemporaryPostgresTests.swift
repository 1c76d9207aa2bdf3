import Foundation
import PostgresClient
import TestServers
import Testing

@testable import RouteCheckPostgres

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
                try SchemaFeeder(server, variables: ["three=3"]).load(files)
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
                let error = #expect(throws: TemporaryPostgresError.self) { try SchemaFeeder(server).load(files) }
                let words = error?.description ?? ""
                #expect(words.hasPrefix("\(files[0]):2: ERROR:  42704: type \"intt\" does not exist"), "\(words)")
                #expect(!words.contains("LOCATION"))
            }
            try Self.withFiles(["SET brand_new = 1;\nSELEC 1;\n"]) { files in
                let error = #expect(throws: TemporaryPostgresError.self) { try SchemaFeeder(server).load(files) }
                #expect(
                    error?.description.hasPrefix("\(files[0]):2: ERROR:  42601") == true,
                    "\(String(describing: error))"
                )
            }
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
        plan.serverUser = "postgres"
        #expect(plan.creation.starts(with: ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]))
        plan.hasSetpriv = false
        #expect(plan.creation.prefix(4) == ["su", "-m", "postgres", "-c"])
    }
}
