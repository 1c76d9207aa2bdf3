import CachedRoutesTesting
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// A Redis that is there and does less than it should.
@Suite("A Redis that is not quite one")
struct OddRedisTests {
    private static func run(
        _ arguments: [String] = [],
        afterRestart: CachedRoutesConfiguration.AfterRestart = .discard,
        near: Bool = false,
        _ body: (Harness, RedisServer) async throws -> Void
    ) async throws {
        let redis = try await blocking { try RedisServer(arguments: arguments) }
        defer { redis.stop() }
        try await Harness.run(
            [TaggedRoutes.get(near ? CachePolicy(tags: ["users", "user:{id}"], near: .life) : nil)],
            redis: redis,
            database: CannedDatabase(json: "[1]"),
            clock: ManualClock(milliseconds: 1_700_000_000_000),
            configure: { $0.afterRestart = afterRestart }
        ) { app async throws in try await body(app, redis) }
    }

    private func warnings(_ app: Harness) -> [String] { app.log.lines.filter { $0.hasPrefix("warning") } }

    private func readiness(_ app: Harness) async -> String {
        String(buffer: await app.service.readiness().body)
    }

    @Test(
        "that refuses reads is told from one that is away: in the answer, in one warning, and by /ready",
        arguments: [
            (["ACL", "SETUSER", "default", "-mget"], ["ACL", "SETUSER", "default", "+mget"], "NOPERM"),
            (
                ["ACL", "SETUSER", "default", "resetkeys", "~other:*"], ["ACL", "SETUSER", "default", "allkeys"],
                "NOPERM"
            ),
        ],
        [false, true]
    )
    func reads(refusal: (refuse: [String], allow: [String], code: String), near: Bool) async throws {
        let (refuse, allow, code) = refusal
        try await Self.run(near: near) { app, redis async throws in
            try await app.stored("/t/1")
            if near {
                // What was kept near meanwhile is gone with the word of its change.
                try await poll("tracking") { try await isTracking(app) }
                _ = try await app.redis("FLUSHALL")
            }
            _ = try await blocking { try redis.cli(refuse) }
            for number in 0..<20 {
                // A near cache is asked for something that it cannot have.
                let answer = try await app.send(.GET, near ? "/t/\(100 + number)" : "/t/1")
                #expect(answer.text == "[1]")
                #expect(answer.cacheStatus == "CachedRoutes; fwd=miss; detail=store-refused")
            }
            let said = warnings(app)
            #expect(said.count == 1)
            #expect(said[0].contains("redis.command=MGET") && said[0].contains(code) && said[0].contains("redis.cure="))
            let ready = await readiness(app)
            #expect(
                ready.hasPrefix(#"{"status":"degraded","redis":"MGET is refused (\#(code)), so that nothing is taken"#)
            )
            _ = try await blocking { try redis.cli(allow) }
            try await app.stored("/t/1")
            var number = 200
            try await poll("ready") {
                // What is near asks nobody.
                number += 1
                _ = try await app.send(.GET, near ? "/t/\(number)" : "/t/1")
                return await readiness(app) == #"{"status":"ok"}"#
            }
            #expect(app.log.lines.filter { $0.hasPrefix("notice") && $0.contains("again") }.count == 1)
        }
    }

    @Test(
        "that refuses writes says so in answers that are not stored, and takes them again later",
        arguments: [
            (["ACL", "SETUSER", "default", "-set"], ["ACL", "SETUSER", "default", "+set"], "NOPERM"),
            (["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"], "OOM"),
            (
                ["CONFIG", "SET", "min-replicas-to-write", "1"], ["CONFIG", "SET", "min-replicas-to-write", "0"],
                "NOREPLICAS"
            ),
        ]
    )
    func writes(refuse: [String], allow: [String], code: String) async throws {
        try await Self.run { app, redis async throws in
            try await app.stored("/t/1")
            _ = try await blocking { try redis.cli(refuse) }
            var number = 1
            try await poll("the refusal") {
                number += 1
                return try await app.send(.GET, "/t/\(number)").cacheStatus
                    == "CachedRoutes; fwd=uri-miss; detail=store-refused"
            }
            #expect(try await app.send(.GET, "/t/1").cacheStatus?.hasPrefix("CachedRoutes; hit") == true)
            let said = warnings(app)
            #expect(said.count == 1)
            #expect(said[0].contains("redis.command=SET") && said[0].contains(code) && said[0].contains("redis.cure="))
            #expect(await readiness(app).contains("SET is refused (\(code)), so that nothing is stored"))
            _ = try await blocking { try redis.cli(allow) }
            try await app.stored("/t/1000")
            try await poll("ready") {
                number += 1
                _ = try await app.send(.GET, "/t/\(number)")
                return await readiness(app) == #"{"status":"ok"}"#
            }
        }
    }

    /// True while the server remembers what is read.
    private func isTracking(_ app: Harness) async throws -> Bool {
        try await app.redis("INFO", "clients").contains("tracking_clients:1")
    }

    @Test("without CLIENT, PTTL, PEXPIRE, EVAL and TYPE still has hits")
    func withoutOptionalCommands() async throws {
        let arguments = ["CLIENT", "PTTL", "PEXPIRE", "EVAL", "TYPE"].flatMap { ["--rename-command", $0, ""] }
        try await Self.run(arguments) { app, _ async throws in
            for id in 1...3 { try await app.stored("/t/\(id)") }
            #expect(await readiness(app) == #"{"status":"ok"}"#)
            #expect(app.log.lines.filter { $0.hasPrefix("notice") && $0.contains("CLIENT SETNAME") }.count <= 1)
            // One of each command that was asked for, whoever else meets the refusal.
            let refused = ["EVAL", "PEXPIRE", "PTTL", "TYPE"].filter { command in
                app.log.lines.contains { $0.contains("redis.command=\(command)") }
            }
            #expect(Set(refused).isSuperset(of: ["PTTL", "TYPE"]))
            #expect(warnings(app).count == refused.count)
            for command in refused {
                #expect(warnings(app).filter { $0.contains("redis.command=\(command)") }.count == 1)
            }
        }
    }

    @Test("without INFO has hits where answers outlive a restart", arguments: [["--rename-command", "INFO", ""], []])
    func withoutInfo(arguments: [String]) async throws {
        try await Self.run(arguments, afterRestart: .keep) { app, _ async throws in
            try await app.stored("/t/1")
            #expect(await readiness(app) == #"{"status":"ok"}"#)
        }
    }

    @Test("that is a node of a cluster is told from one that is away")
    func clusterNode() async throws {
        try await Self.run(["--cluster-enabled", "yes"]) { app, redis async throws in
            let down = try await app.send(.GET, "/t/1")
            #expect(down.text == "[1]")
            #expect(down.cacheStatus == "CachedRoutes; fwd=miss; detail=store-refused")
            // One that answers for all keys, and not for several at a time.
            _ = try await blocking { try redis.cli(["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]) }
            try await poll("the node") { try await app.redis("CLUSTER", "INFO").contains("cluster_state:ok") }
            let crossing = try await app.send(.GET, "/t/1")
            #expect(crossing.text == "[1]")
            #expect(crossing.cacheStatus == "CachedRoutes; fwd=miss; detail=store-refused")
            #expect(await readiness(app).contains("begin the URL with redis+cluster://"))
        }
    }

    @Test("that is a replica is degraded, with what to do")
    func replica() async throws {
        try await Self.run { app, redis async throws in
            try await app.stored("/t/1")
            _ = try await blocking { try redis.cli(["REPLICAOF", "127.0.0.1", "1"]) }
            var number = 1
            try await poll("the refusal") {
                number += 1
                let text = try await app.send(.GET, "/t/\(number)").text
                #expect(text == "[1]")
                return await readiness(app).contains("READONLY")
            }
            #expect(warnings(app).filter { $0.contains("the server has become a replica") }.count == 1)
        }
    }

    @Test("that closes idle connections is not away")
    func idleClose() async throws {
        try await Self.run { app, redis async throws in
            try await app.stored("/t/1")
            for _ in 0..<3 {
                let idle = try await app.redis("CLIENT", "LIST", "TYPE", "normal")
                // Redis counts whole seconds: one of them may have begun a moment ago.
                try await poll("connections of some age") {
                    let list = try await app.redis("CLIENT", "LIST", "TYPE", "normal")
                    return list.split(separator: "\n").allSatisfy {
                        !$0.contains("name=cached-routes") || !$0.contains(" age=0 ") && !$0.contains(" age=1 ")
                    }
                }
                #expect(idle.contains("name=cached-routes"))
                _ = try await app.redis("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
                for _ in 0..<4 {
                    #expect(try await app.send(.GET, "/t/1").cacheStatus?.hasPrefix("CachedRoutes; hit") == true)
                    #expect(await readiness(app) == #"{"status":"ok"}"#)
                }
            }
            #expect(app.log.lines.filter { !$0.hasPrefix("debug") && $0.contains("Redis") } == [])
        }
    }
}
