import Foundation
import TestServers
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The tool as a process of its own, because only a process can be killed.
@Suite("cached-routes as a process")
struct KilledToolTests {
    /// The tool among the products of this build, which are in the folder of the program of the tests.
    private static func tool() throws -> URL {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/" {
            let tool = folder.appending(path: "cached-routes")
            if FileManager.default.isExecutableFile(atPath: tool.path) { return tool }
            folder.deleteLastPathComponent()
        }
        throw CocoaError(.fileNoSuchFile)
    }

    @Test("leaves no private server behind, whatever ends it", arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
    func noServer(_ signal: Int32) async throws {
        try await blocking {
            let project = URL.temporaryDirectory.appending(path: "killed \(UUID())")
            try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: project) }
            let manifest = project.appending(path: "routes.yaml")
            try Data("version: 1\nnamespace: n\nroutes: { a: { get: /a, sql: SELECT 1 AS a } }\n".utf8).write(
                to: manifest
            )
            // The schema writes where the server's data is, and then the tool waits for it.
            let place = project.appending(path: "place")
            let schema = project.appending(path: "schema.sql")
            let commands = "SELECT current_setting('data_directory') \\g '\(place.path)'\nSELECT pg_sleep(600);\n"
            try Data(("\\pset format unaligned\n\\pset tuples_only on\n" + commands).utf8).write(to: schema)

            let process = Process()
            process.executableURL = try Self.tool()
            process.arguments = [
                "check", "--temporary", "--schema", schema.path, "--manifest", manifest.path,
            ]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            var data = ""
            while data.isEmpty, process.isRunning {
                let written = try? String(contentsOf: place, encoding: .utf8)
                data = written.map { $0.hasSuffix("\n") ? String($0.dropLast()) : "" } ?? ""
                Thread.sleep(forTimeInterval: 0.02)
            }
            try #require(data.hasPrefix("/tmp/cached-routes-"), "the tool ended before the schema was loaded")
            let identifier = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8).prefix { $0 != "\n" }
            let server = try #require(pid_t(identifier))
            #expect(kill(server, 0) == 0)

            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            let folder = URL(filePath: data).deletingLastPathComponent().path
            for _ in 0..<1500 where FileManager.default.fileExists(atPath: folder) || kill(server, 0) == 0 {
                Thread.sleep(forTimeInterval: 0.02)
            }
            #expect(!FileManager.default.fileExists(atPath: folder))
            #expect(kill(server, 0) != 0)
        }
    }

    @Test("serves until a signal, and ends in order with its private server", arguments: [SIGINT, SIGTERM])
    func served(_ signal: Int32) async throws {
        try await blocking {
            let project = URL.temporaryDirectory.appending(path: "served \(UUID())")
            try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: project) }
            let (manifest, schema) = (project.appending(path: "routes.yaml"), project.appending(path: "schema.sql"))
            try Data(
                "version: 1\nnamespace: n\nroutes: { a: { get: /a, sql: SELECT id FROM t LIMIT 1 } }\n".utf8
            ).write(to: manifest)
            let place = project.appending(path: "place")
            let commands = "CREATE TABLE t (id int);\nSELECT current_setting('data_directory') \\g '\(place.path)'\n"
            try Data(("\\pset format unaligned\n\\pset tuples_only on\n" + commands).utf8).write(to: schema)
            let process = Process()
            process.executableURL = try Self.tool()
            process.arguments = [
                "serve", manifest.path, "--watch", "--temporary", "--schema", schema.path, "--port", "0",
            ]
            let output = Pipe()
            process.standardOutput = FileHandle.nullDevice
            process.standardError = output
            try process.run()
            var words = ""
            while !words.contains("http://127.0.0.1:") {
                let data = output.fileHandleForReading.availableData
                guard !data.isEmpty else { break }
                words += String(decoding: data, as: UTF8.self)
            }
            #expect(words.contains("for development only") && words.contains("(temporary)"))
            let data = try String(contentsOf: place, encoding: .utf8).trimmingCharacters(in: .newlines)
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 0)
            #expect(!FileManager.default.fileExists(atPath: URL(filePath: data).deletingLastPathComponent().path))
        }
    }

    @Test("asks its private server, whatever libpq's environment says")
    func environment() async throws {
        try await blocking {
            let server = try PostgresServer.shared.get()
            let project = URL.temporaryDirectory.appending(path: "environment \(UUID())")
            try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: project) }
            let (manifest, schema) = (project.appending(path: "routes.yaml"), project.appending(path: "schema.sql"))
            try Data(
                "version: 1\nnamespace: n\nroutes: { a: { get: /a, sql: SELECT id FROM only_here LIMIT 1 } }\n".utf8
            )
            .write(to: manifest)
            try Data("CREATE TABLE only_here (id int NOT NULL);\n".utf8).write(to: schema)
            let before = try server.psql("SELECT count(*) FROM pg_stat_database WHERE datname = 'check'")
            let process = Process()
            process.executableURL = try Self.tool()
            process.arguments = [
                "check", "--temporary", "--schema", schema.path, "--manifest", manifest.path, "--write",
            ]
            process.environment = ProcessInfo.processInfo.environment.merging([
                "PGHOST": "127.0.0.1", "PGHOSTADDR": "127.0.0.1", "PGPORT": "\(server.port)", "PGUSER": "postgres",
                "PGDATABASE": "postgres", "PGOPTIONS": "-c search_path=nowhere", "PGGSSENCMODE": "require",
                "PGSSLMODE": "verify-full", "PGSERVICE": "none", "PGTZ": "Asia/Tokyo", "PGREQUIREAUTH": "scram-sha-256",
                "PGDATA": "/nonexistent", "PGTARGETSESSIONATTRS": "standby", "PGCLIENTENCODING": "LATIN1",
            ]) { $1 }
            let output = Pipe()
            process.standardOutput = FileHandle.nullDevice
            process.standardError = output
            try process.run()
            let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0 && words.contains("Wrote "), "\(words)")
            let after = try server.psql("SELECT count(*) FROM pg_stat_database WHERE datname = 'check'")
            #expect(before == "0" && after == "0")
        }
    }
}
