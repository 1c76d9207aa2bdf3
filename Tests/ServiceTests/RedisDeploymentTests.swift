import CachedRoutes
import Foundation
import NIOHTTP1
import TestApp
import TestServers
import Testing

/// Routes over one table, with several tags, as a manifest would give them.
private struct ItemsTable: RouteSet {
    let routes: [RouteDefinition]

    init() {
        let id = RouteInput(.path, "id", .int)
        func signature(_ method: RouteSignature.Method, _ path: PathTemplate, _ inputs: [RouteInput]) -> RouteSignature
        {
            RouteSignature(namespace: "kinds", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
        }
        let tags: [TagTemplate] = ["items", "item:{id}", "parity:{id}"]
        func read(_ name: String, _ path: PathTemplate, _ cache: CachePolicy) -> RouteDefinition {
            RouteDefinition(
                RouteDeclaration(name, signature(.get, path, [id]), .read(cache), returns: .one, timeout: .seconds(10)),
                .sql(
                    "SELECT id, version, repeat('x', 2000) AS filler FROM rk_items WHERE id = $1",
                    binding: ["id"]
                )
            )
        }
        routes = [
            read("plain", "/plain/{id}", CachePolicy(ttl: .seconds(600), tags: tags)),
            read("fleet", "/fleet/{id}", CachePolicy(ttl: .seconds(600), coalesce: .fleet, tags: tags)),
            read("near", "/near/{id}", CachePolicy(ttl: .seconds(600), tags: tags, near: .life)),
            RouteDefinition(
                RouteDeclaration(
                    "write",
                    signature(.put, "/items/{id}", [id]),
                    .write(WritePolicy(invalidates: ["item:{id}"])),
                    returns: .one,
                    timeout: .seconds(10)
                ),
                .sql("UPDATE rk_items SET version = version + 1 WHERE id = $1 RETURNING version", binding: ["id"])
            ),
        ]
    }
}

/// Two processes of a service on each kind of Redis.
@Suite(.serialized, .timeLimit(.minutes(4))) struct RedisDeploymentTests {
    enum Kind: String, CaseIterable, Sendable {
        case single, sentinel, cluster
        case singleTLS, sentinelTLS, clusterTLS

        var hasTLS: Bool { rawValue.hasSuffix("TLS") }
    }

    /// A running Redis of some kind.
    private struct Deployment: Sendable {
        let url: String
        let environment: [String: String]
        let stop: @Sendable () -> Void
        /// Ends a primary as a crash would, and returns when another server has its place; restarts a single server, empty.
        let fail: @Sendable () throws -> Void
        /// Sends a command to all servers.
        let ask: @Sendable (_ command: [String]) throws -> [RedisServerReply]
    }

    private static func deploy(_ kind: Kind, _ authority: CertificateAuthority?) throws -> Deployment {
        let identity = try authority.map { try $0.issue(for: "localhost", address: "127.0.0.1") }
        let environment = authority.map { ["REDIS_TLS_CA_FILE": $0.certificate.path] } ?? [:]
        switch kind {
        case .single, .singleTLS:
            let server = try identity.map { try RedisServer(tls: $0) } ?? RedisServer()
            let url = kind.hasTLS ? "rediss://127.0.0.1:\(server.tlsPort)" : server.url
            return Deployment(
                url: url,
                environment: environment,
                stop: { server.stop() },
                fail: { try server.restart() },
                ask: { command in
                    [try RedisServerConnection(port: server.port).send(command.map { Array($0.utf8) })]
                }
            )
        case .sentinel, .sentinelTLS:
            var options = RedisSentinels.Options()
            options.identity = identity
            let sentinels = try RedisSentinels(options)
            return Deployment(
                url: sentinels.url,
                environment: environment,
                stop: { sentinels.stop() },
                fail: { try sentinels.killPrimary() },
                ask: { command in
                    try sentinels.servers.map {
                        try RedisServerConnection(port: $0.port).send(command.map { Array($0.utf8) })
                    }
                }
            )
        case .cluster, .clusterTLS:
            var options = RedisCluster.Options()
            options.tls = identity
            let cluster = try RedisCluster(options)
            return Deployment(
                url: cluster.url,
                environment: environment,
                stop: { cluster.stop() },
                fail: {
                    cluster.kill(cluster.primaries[0])
                    try cluster.waitUntilSettled()
                },
                ask: { command in try cluster.running.map { try $0.send(command) } }
            )
        }
    }

    /// The rules of the user that the documentation gives to a service with the namespace `notes`, for this one.
    private static func documentedRules() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let article = root.appending(path: "Sources/CachedRoutes/CachedRoutes.docc/RedisInProduction.md")
        let text = try String(contentsOf: article, encoding: .utf8)
        let start = try #require(text.firstRange(of: "ACL SETUSER notes ")).upperBound
        let end = try #require(text[start...].firstRange(of: "```")).lowerBound
        let rules = text[start..<end].replacing("notes", with: "kinds").split { $0.isWhitespace || $0 == "\\" }
        return rules.map(String.init)
    }

    @Test(arguments: [Kind.single, .sentinel, .cluster])
    func `A user with the documented rights needs no others`(kind: Kind) async throws {
        let postgres = try PostgresServer.shared.get()
        let rules = try Self.documentedRules()
        let deployment = try await blocking {
            try postgres.psql(
                """
                DROP TABLE IF EXISTS rk_items;
                CREATE TABLE rk_items (id int PRIMARY KEY, version int NOT NULL);
                INSERT INTO rk_items SELECT i, 1 FROM generate_series(1, 10) i
                """
            )
            let deployment = try Self.deploy(kind, nil)
            _ = try deployment.ask(["ACL", "SETUSER", "kinds"] + rules)
            return deployment
        }
        defer { deployment.stop() }
        try await withApp(
            redis: deployment.url.replacing("://", with: "://kinds:password@"),
            postgres: postgres.url,
            table: ItemsTable(),
            environment: [:]
        ) { port, service async throws in
            for path in ["/plain", "/fleet", "/near"] {
                for id in 1...10 {
                    try await isHit("\(path)/\(id)", port)
                    _ = try await write(id, port)
                    try await isHit("\(path)/\(id)", port)
                }
            }
            #expect(await service.purge(tags: ["items"]) == .done)
            #expect(try await HTTPClient.request(.GET, "/ready", port: port).text == #"{"status":"ok"}"#)
            for log in try await blocking({ try deployment.ask(["ACL", "LOG"]) }) { #expect(log.elements.isEmpty) }
        }
    }

    private func get(_ path: String, _ port: Int) async throws -> (version: Int?, isHit: Bool) {
        let response = try await HTTPClient.request(.GET, path, port: port)
        #expect(response.status == 200, "\(path): \(response.text)")
        let text = response.text
        let version = text.firstRange(of: #""version":"#).flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
        return (version, response.cacheStatus?.contains("; hit") ?? false)
    }

    private func write(_ id: Int, _ port: Int) async throws -> Int? {
        let response = try await HTTPClient.request(.PUT, "/items/\(id)", port: port)
        #expect(response.status == 200)
        return Int(response.text.filter(\.isNumber))
    }

    private func isHit(_ path: String, _ port: Int) async throws {
        try await poll("\(path) is a hit") { try await get(path, port).isHit }
    }

    @Test(arguments: Kind.allCases)
    func `Responses are shared, purged everywhere, and made anew after a failure`(kind: Kind) async throws {
        let postgres = try PostgresServer.shared.get()
        let authority = kind.hasTLS ? try await blocking { try CertificateAuthority() } : nil
        let deployment = try await blocking {
            try postgres.psql(
                """
                DROP TABLE IF EXISTS rk_items;
                CREATE TABLE rk_items (id int PRIMARY KEY, version int NOT NULL);
                INSERT INTO rk_items SELECT i, 1 FROM generate_series(1, 30) i
                """
            )
            return try Self.deploy(kind, authority)
        }
        defer { deployment.stop() }
        func withService(_ body: (Int, CachedRoutesService) async throws -> Void) async throws {
            try await withApp(
                redis: deployment.url,
                postgres: postgres.url,
                table: ItemsTable(),
                environment: deployment.environment,
                body
            )
        }
        try await withService { one, first async throws in
            try await withService { two, _ async throws in
                // Enough of them for all nodes of a cluster, for entries as for tags.
                let ids = Array(1...30)
                var versions = Dictionary(uniqueKeysWithValues: ids.map { ($0, 1) })
                try await poll("Redis is available") { try await get("/plain/1", one).isHit }
                for path in ["/plain", "/fleet", "/near"] {
                    for id in ids {
                        #expect(try await get("\(path)/\(id)", one).version == 1)
                        try await isHit("\(path)/\(id)", two)
                    }
                }
                for id in ids {
                    let version = try await write(id, id % 2 == 0 ? one : two)
                    versions[id] = version
                    #expect(version == 2)
                    for path in ["/plain", "/fleet"] {
                        #expect(try await get("\(path)/\(id)", one).version == 2)
                        #expect(try await get("\(path)/\(id)", two).version == 2)
                    }
                    // By the process's own memory a moment later.
                    try await poll("near \(id)") {
                        let (here, there) = (try await get("/near/\(id)", one), try await get("/near/\(id)", two))
                        return here.version == 2 && there.version == 2
                    }
                    try await isHit("/plain/\(id)", one)
                }
                // A purge by a tag of them all.
                #expect(await first.purge(tags: ["items"]) == .done)
                for id in ids { #expect(try await !get("/plain/\(id)", two).isHit) }
                for id in ids { try await isHit("/plain/\(id)", one) }

                try await blocking { try deployment.fail() }
                for id in ids {
                    for port in [one, two] { #expect(try await get("/plain/\(id)", port).version == versions[id]) }
                }
                for id in ids {
                    try await isHit("/plain/\(id)", one)
                    try await isHit("/near/\(id)", two)
                }
                let version = try await write(7, one)
                #expect(try await get("/plain/7", two).version == version)
                #expect(try await HTTPClient.request(.GET, "/ready", port: one).status == 200)
            }
        }
    }
}
