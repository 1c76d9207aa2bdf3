import ArgumentParser
import Foundation
import RouteModel
import TestServers
import Testing

@testable import cached_routes

@Suite("cached-routes purge")
struct PurgeTests {
    private static let manifest = """
        version: 1
        namespace: shop
        routes:
          listUsers:
            get: /users
            sql: SELECT 1
            cache: { tags: [ users ], tables: [ users, audit.events ] }
          getUser:
            get: /users/{id}
            path: { id: int }
            sql: SELECT 1 WHERE :id = 1
            cache: { tags: [ users, "user:{id}" ] }
          addUser:
            post: /users
            sql: INSERT INTO users DEFAULT VALUES
            returns: none
            invalidates: [ users ]
        """

    /// A folder with the manifest in it.
    static func withManifest<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "routes.yaml")
        try Data(manifest.utf8).write(to: file)
        return try await body(file.path(percentEncoded: false))
    }

    private func names(_ arguments: String...) throws -> [String] {
        try PurgeCommand.parse(arguments).names().map(\.description)
    }

    @Test("names the tokens of tags, routes and all routes that read")
    func names() async throws {
        try await Self.withManifest { file async throws in
            #expect(try names("--manifest", file, "--tag", "user:7") == ["shop;tag;user:7"])
            #expect(
                try names("--manifest", file, "--tag", "a", "--tag", "b%20c", "--route", "getUser", "--tag", "a")
                    == ["shop;tag;a", "shop;tag;b%20c", "shop;route;getUser"]
            )
            #expect(try names("--manifest", file, "--all") == ["shop;route;listUsers", "shop;route;getUser"])
            #expect(throws: ValidationError.self) { try names("--manifest", file, "--route", "addUser") }
            #expect(throws: ExitCode(1)) { try names("--manifest", file + ".gone", "--all") }
        }
        #expect(try names("--namespace", "n", "--tag", "a", "--route", "r") == ["n;tag;a", "n;route;r"])
        #expect(throws: (any Error).self) { try names() }
        #expect(throws: (any Error).self) { try names("--tag", "a b") }
        #expect(throws: (any Error).self) { try names("--all", "--namespace", "n") }
    }

    @Test("takes away what is named by one UNLINK, and nothing else")
    func unlink() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        for key in ["shop;tag;users", "shop;route;getUser", "shop;tag;other", "other;tag;users"] {
            _ = try await blocking { try redis.cli(["SET", key, "x"]) }
        }
        try await Self.withManifest { file async throws in
            var arguments = ["--manifest", file, "--tag", "users", "--tag", "nobody", "--route", "getUser"]
            arguments += ["--redis", redis.url]
            try await PurgeCommand.parse(arguments).run()
        }
        let left = try await blocking { try redis.cli(["KEYS", "*"]) }
        #expect(Set(left.split(separator: "\n")) == ["shop;tag;other", "other;tag;users"])
        #expect(try await blocking { try redis.cli(["INFO", "commandstats"]) }.contains("cmdstat_unlink:calls=1,"))
        _ = try await blocking { try redis.cli(["CONFIG", "SET", "maxmemory", "1"]) }
        try await PurgeCommand.parse(["--namespace", "shop", "--tag", "other", "--redis", redis.url]).run()
        #expect(try await blocking { try redis.cli(["KEYS", "*"]) } == "other;tag;users")
    }

    @Test("takes away the keys on all nodes of a cluster")
    func cluster() async throws {
        let cluster = try await blocking {
            var options = RedisCluster.Options()
            options.replicas = 0
            return try RedisCluster(options)
        }
        defer { cluster.stop() }
        let tags = (0..<20).map { "tag\($0)" }
        try await blocking {
            for tag in tags + ["left"] {
                let key = "shop;tag;\(tag)"
                try cluster.owner(of: try cluster.slot(of: key)).send("SET", key, "x")
            }
        }
        let arguments = ["--namespace", "shop", "--redis", cluster.url] + tags.flatMap { ["--tag", $0] }
        try await PurgeCommand.parse(arguments).run()
        let left = try await blocking { try cluster.primaries.map { try $0.send("DBSIZE") } }
        #expect(left.filter { $0 != .integer(0) } == [.integer(1)])
    }

    @Test("fails where Redis is away, refuses, or is not named")
    func failures() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        _ = try await blocking { try redis.cli(["ACL", "SETUSER", "default", "-unlink", "-del"]) }
        let arguments = ["--namespace", "shop", "--tag", "a", "--redis"]
        await #expect(throws: (any Error).self) { try await PurgeCommand.parse(arguments + [redis.url]).run() }
        redis.kill()
        await #expect(throws: (any Error).self) { try await PurgeCommand.parse(arguments + [redis.url]).run() }
    }
}
