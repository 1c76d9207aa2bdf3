import CachedRoutesTesting
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// A Redis whose ACL keeps the service from one command, or from some.
@Suite("A Redis user without the right to", .timeLimit(.minutes(5)))
struct RedisRightsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        /// The commands that are not allowed.
        var refused: [String]
        /// The detail of misses; `nil`: answers are stored and found.
        var status: String?
        /// The commands that are warned of, each with what has to be allowed.
        var warnings: [(command: String, right: String)] = []
        /// The commands that `/ready` names, each with its effect; none: it is whole.
        var problems: [String] = []

        var testDescription: String { refused.joined(separator: ", ") }
    }

    private static let cases: [Case] = [
        Case(
            refused: ["MGET"],
            status: "CachedRoutes; fwd=miss; detail=store-refused",
            warnings: [("MGET", "+mget)")],
            problems: [
                "MGET is refused (NOPERM), so that nothing is taken from the cache, and nothing is stored: allow the user MGET"
            ]
        ),
        Case(
            refused: ["SET"],
            status: "CachedRoutes; fwd=uri-miss; detail=store-refused",
            warnings: [("SET", "+set)")],
            problems: ["SET is refused (NOPERM), so that nothing is stored, and no locks are taken: allow the user SET"]
        ),
        Case(refused: ["UNLINK"], warnings: [("UNLINK", "+unlink)")]),
        Case(
            refused: ["UNLINK", "DEL"],
            warnings: [("UNLINK", "+unlink)"), ("DEL", "+unlink)"), ("EVAL", "+unlink)")],
            problems: [
                "DEL is refused (NOPERM), so that purges wait, and what they are of is not taken from the cache: allow"
            ]
        ),
        Case(refused: ["EVAL"], warnings: [("EVAL", "+eval)")]),
        Case(refused: ["PTTL"], warnings: [("PTTL", "+pttl)")]),
        Case(refused: ["PEXPIRE"], warnings: [("PEXPIRE", "+pexpire)")]),
        Case(refused: ["TYPE"], warnings: [("TYPE", "+type)")]),
        Case(
            refused: ["INFO"],
            status: "CachedRoutes; fwd=uri-miss; detail=store-refused",
            problems: ["run_id is not known, so that nothing is cached: allow the user INFO (ACL SETUSER … +info)"]
        ),
        Case(refused: ["CLIENT"]), Case(refused: ["PING"]),
        // Nothing of the service's needs them.
        Case(refused: ["GET"]), Case(refused: ["DEL"]), Case(refused: ["GET", "DEL", "PING", "CLIENT"]),
        Case(
            refused: ["MGET", "UNLINK", "DEL"],
            status: "CachedRoutes; fwd=miss; detail=store-refused",
            warnings: [("MGET", "+mget)"), ("UNLINK", "+unlink)"), ("DEL", "+unlink)")],
            problems: ["MGET is refused", "DEL is refused"]
        ),
        Case(
            refused: ["SET", "INFO", "TYPE"],
            status: "CachedRoutes; fwd=uri-miss; detail=store-refused",
            problems: ["run_id is not known"]
        ),
    ]

    private func readiness(_ app: Harness) async -> String {
        String(buffer: await app.service.readiness().body)
    }

    @Test("gives right answers, says once what to allow, and needs no restart once that is done", arguments: cases)
    func right(_ example: Case) async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        let token = TagVersionKey.route("getUser", in: "shop").description
        // Its life is short, so that it is given a longer one.
        _ = try await blocking { try redis.cli(["SET", token, TagVersion.randomValue(), "PX", "30000"]) }
        let rights = example.refused.map { $0.lowercased() }
        _ = try await blocking { try redis.cli(["ACL", "SETUSER", "default"] + rights.map { "-" + $0 }) }
        let cache = CachePolicy(coalesce: .fleet, tags: ["users", "user:{id}"])
        try await Harness.run(
            [TaggedRoutes.get(cache), TaggedRoutes.put],
            redis: redis,
            database: CannedDatabase(json: "[1]"),
            clock: ManualClock(milliseconds: 1_700_000_000_000)
        ) { app async throws in
            try await refuse(example, app)
            _ = try await blocking { try redis.cli(["ACL", "SETUSER", "default"] + rights.map { "+" + $0 }) }
            try await recover(app)
        }
    }

    private func refuse(_ example: Case, _ app: Harness) async throws {
        // From the first request on.
        for _ in 0..<5 {
            let answer = try await app.send(.GET, "/t/1")
            #expect(answer.text == "[1]")
            if let status = example.status { #expect(answer.cacheStatus == status) }
        }
        if example.status == nil {
            try await app.stored("/t/1")
            try await app.stored("/t/2")
        }
        app.database.answer(json: "[2]")
        _ = try await app.send(.PUT, "/t/1")
        for _ in 0..<5 { #expect(try await app.send(.GET, "/t/1").text == "[2]") }
        if example.status == nil, example.problems.isEmpty {
            #expect(try await app.stored("/t/1").text == "[2]")
            #expect(try await app.send(.GET, "/t/2").text == "[1]")
        }
        try await poll("the warnings") { said(app).count >= example.warnings.count }
        #expect(said(app).count == example.warnings.count, "\(said(app))")
        for (command, right) in example.warnings {
            let lines = said(app).filter {
                $0.contains("redis.command=\(command) ") || $0.contains("redis.command=\(command),")
            }
            #expect(lines.count == 1, "\(said(app))")
            #expect(lines.allSatisfy { $0.contains("redis.reply=") && $0.contains("redis.cure=allow the user") })
            #expect(lines.allSatisfy { $0.contains(right) }, "\(lines)")
        }
        let ready = await readiness(app)
        for problem in example.problems { #expect(ready.contains(problem), "\(ready)") }
        #expect(ready.contains("degraded") == !example.problems.isEmpty, "\(ready)")
    }

    private func recover(_ app: Harness) async throws {
        var number = 100
        try await poll("all of it", every: .milliseconds(50)) {
            number += 1
            _ = try await app.send(.PUT, "/t/\(number)")
            _ = try await app.send(.GET, "/t/\(number)")
            return await readiness(app) == #"{"status":"ok"}"#
        }
        #expect(try await app.stored("/t/1").text == "[2]")
        app.database.answer(json: "[3]")
        _ = try await app.send(.PUT, "/t/1")
        #expect(try await app.stored("/t/1").text == "[3]")
    }

    private func said(_ app: Harness) -> [String] {
        app.log.lines.filter { $0.hasPrefix("warning") && $0.contains("Redis refuses a command") }
    }
}
