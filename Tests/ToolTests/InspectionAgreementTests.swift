import CachedRoutes
import CachedRoutesRedis
import CachedRoutesTesting
import Foundation
import Fuzzing
import HTTPTypes
import NIOCore
import RouteDocuments
import RouteManifest
import RouteModel
import TestApp
import TestServers
import Testing

@testable import CachedRoutesCore
@testable import cached_routes

@Suite("Verdicts and services", .timeLimit(.minutes(5)))
struct InspectionAgreementTests {
    private static let manifest = """
        version: 1
        namespace: shop
        defaults: { public: true, cache: { jitter: 0% } }
        routes:
          listUsers:
            get: /users
            query: { limit: { type: int, default: 20, min: 1, max: 100 } }
            sql: SELECT 1 AS a LIMIT :limit
            cache: { ttl: 60s, stale-while-revalidate: 30s, stale-if-error: 10m, tags: [ users ] }
          getUser:
            get: /users/{id}
            path: { id: int }
            sql: SELECT 1 AS a WHERE :id = 1
            returns: one
            cache: { ttl: 5m, negative-ttl: 10s, tags: [ users, "user:{id}" ] }
          long:
            get: /long/{id}
            path: { id: int }
            sql: SELECT 2 AS b WHERE :id = 1
            returns: one
            cache: { ttl: 2m, stale-while-revalidate: 1m, tags: [ users, "user:{id}" ] }
          honor:
            get: /honor
            sql: SELECT 1 AS a
            returns: one
            request-directives: honor
            cache: { ttl: 2m }
          mine: { get: /mine, sql: SELECT 1 AS a, returns: one, public: false }
          never: { get: /never, sql: SELECT 1 AS a, returns: one, cache: off }

        """

    /// The beginning of the `Cache-Status` that follows from a verdict, and a part of it.
    private static func status(
        after verdict: StoredResponseJudgement.Verdict
    ) -> (beginning: String, part: String) {
        switch verdict {
        case .hit: ("CachedRoutes; hit; ttl=", "")
        case .stale: ("CachedRoutes; hit; ttl=-", "")
        case .tooStale: ("CachedRoutes; fwd=stale", "")
        case .notAccepted: ("CachedRoutes; fwd=request", "")
        case .purged: ("CachedRoutes; fwd=miss", "; detail=purged")
        case .absent: ("CachedRoutes; fwd=uri-miss", "")
        case .unreadable, .rejected, .ahead: ("CachedRoutes; fwd=miss", "; detail=unreadable")
        case .bypass(.authorization): ("CachedRoutes; fwd=bypass", "; detail=authorization")
        case .bypass(.noStore): ("CachedRoutes; fwd=request", "")
        case .bypass: ("CachedRoutes; fwd=bypass", "")
        case .refused: ("none", "none")
        }
    }

    @Test("A service does what the verdict says, in generated situations")
    func agreement() async throws {
        var kinds: [String: Int] = [:]
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        for seed in FuzzCases(3) {
            _ = try await blocking { try redis.cli(["FLUSHALL"]) }
            try await withManifest(Self.manifest) { file in
                try await ServiceOnRedis.run(file, on: redis) { statement, values in
                    if statement.sql.contains(" AS b") { return #"{"b":"\#(String(repeating: "abc ", count: 500))"}"# }
                    return values.count > 0 && values.text(at: 0) == "0" ? nil : #"{"a":1}"#
                } _: { service in
                    var random = SeededRandom(seed: seed)
                    for step in 1...60 {
                        let name = try await Self.step(service, &random, "seed \(seed), step \(step)")
                        kinds[name, default: 0] += 1
                    }
                }
            }
        }
        // All of the situations have occurred.
        let wanted = ["hit", "stale", "tooStale", "purged", "absent", "unreadable", "bypass", "notAccepted"]
        if ProcessInfo.processInfo.environment["CACHED_ROUTES_FUZZ_FACTOR"] == nil {
            #expect(wanted.allSatisfy { kinds[$0] != nil }, "\(kinds)")
        }
    }

    /// Changes something, asks for a verdict and then the service.
    ///
    /// - Returns: the name of the verdict.
    private static func step(
        _ service: ServiceOnRedis,
        _ random: inout SeededRandom,
        _ place: String
    ) async throws -> String {
        let directives = [
            "no-cache", "no-store", "max-age=5", "max-stale=9", "only-if-cached", "max-age=5, only-if-cached",
        ]
        let target = random.pick([
            "/users", "/users", "/users?limit=7", "/users/1", "/users/0", "/long/1", "/long/1", "/honor", "/honor",
            "/mine", "/never",
        ])
        var fields: [(String, String)] = []
        if random.oneIn(2) { fields.append(("Accept-Encoding", "gzip")) }
        if target == "/mine", random.oneIn(2) { fields.append(("Authorization", "Bearer x")) }
        if target == "/honor", random.oneIn(2) {
            fields.append(("Cache-Control", random.pick(directives)))
        }
        try await disturb(service, target, &random)
        guard let inspection = try await service.inspect(target, fields) else {
            Issue.record("\(target) has no route")
            return ""
        }
        let verdict = inspection.judgement.verdict
        let text = try await service.text(target, fields)
        let response = try await service.get(target, fields)
        let isRefused =
            if case .hit = verdict { false } else if case .stale = verdict { false } else {
                fields.contains { $0.1.contains("only-if-cached") }
            }
        let expected =
            isRefused ? (beginning: "CachedRoutes; detail=only-if-cached", part: "") : status(after: verdict)
        #expect(text.contains("; a 504, because") == isRefused && (response.status == 504) == isRefused)
        let status = response.cacheStatus ?? ""
        #expect(
            status.hasPrefix(expected.beginning) && (expected.part.isEmpty || status.contains(expected.part)),
            "\(place): GET \(target) \(fields): \(verdict), and \(status)"
        )
        if verdict == .hit { #expect(!status.contains("ttl=-"), "\(place): \(status)") }
        // What was made is stored, and what was stale is made anew, before anything else happens.
        let isMadeAnew = if case .stale(isRevalidated: true) = verdict { true } else { false }
        if status.contains("; stored") || isMadeAnew {
            try await service.settle(target, fields.filter { $0.0 == "Accept-Encoding" })
        }
        try await poll("nothing is written") { service.writer.count == 0 }
        return String("\(verdict)".prefix { $0 != "(" })
    }

    private static func disturb(
        _ service: ServiceOnRedis,
        _ target: String,
        _ random: inout SeededRandom
    ) async throws {
        let keys = try await service.inspect(target)?.forms.map(\.key) ?? []
        switch random.below(10) {
        case 0, 1: service.clock.advance(by: .seconds(random.number(1...100)))
        case 2: service.clock.advance(by: .seconds(random.number(1...700)))
        // Into the time in which a stale response may be given.
        case 8: service.clock.advance(by: .seconds(random.pick([65, 125])))
        case 3:
            let tag = random.pick(["users", "user:1", "user:0"])
            _ = await service.service.purge(tags: [try #require(CacheTag(text: tag))])
        case 4: _ = try await service.service.purge(route: random.pick(["listUsers", "getUser", "long", "honor"]))
        case 5 where !keys.isEmpty: try await service.cli("DEL", "\(random.pick(keys))")
        case 6 where !keys.isEmpty: try await service.cli("APPEND", "\(random.pick(keys))", "x")
        case 7: try await service.cli("SET", "shop;tag;users", "foreign")
        default: break
        }
    }
}
