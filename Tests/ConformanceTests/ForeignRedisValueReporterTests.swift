import CachedRoutesTesting
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// What somebody else has put under a key of the service.
enum ForeignValue: String, CaseIterable, Sendable {
    case list, hash, set, sortedSet, stream, garbage, control, empty, tokenLike, long, huge

    /// The command that puts it there.
    func command(_ key: String) -> [String] {
        switch self {
        case .list: ["RPUSH", key, "secret"]
        case .hash: ["HSET", key, "secret", "1"]
        case .set: ["SADD", key, "secret"]
        case .sortedSet: ["ZADD", key, "1", "secret"]
        case .stream: ["XADD", key, "*", "secret", "1"]
        case .garbage: ["SET", key, "secret"]
        case .control: ["SET", key, "secret b\n\u{1}%00@ \r\n"]
        case .empty: ["SET", key, ""]
        // One character more than a token has.
        case .tokenLike: ["SET", key, "secret0123456789"]
        case .long: ["SETRANGE", key, "200000", "secret"]
        // More than any entry has.
        case .huge: ["SETRANGE", key, "150000000", "secret"]
        }
    }
}

@Suite("Values of others under keys of the service (Contract 4)")
struct ForeignRedisValueReporterTests {
    private static let body = "[" + String(repeating: #"{"id":1,"name":"a name"},"#, count: 100) + "1]"
    private static let entry = "shop:0badcafe:get:/t/1:"
    private static let keys = [entry, entry + ";gzip", "shop;tag;users", "shop;tag;user:1", "shop;route;getUser"]
    private let gzip = [("Accept-Encoding", "gzip")]

    @Test("are replaced under every key, whatever they are, and said once by the name of the key", arguments: keys)
    func replaced(key: String) async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        try await Harness.run(
            [TaggedRoutes.get()],
            redis: redis,
            database: CannedDatabase(json: Self.body),
            clock: ManualClock(milliseconds: 1_700_000_000_000)
        ) { app async throws in
            for value in ForeignValue.allCases {
                for isThere in [true, false] {
                    _ = try await app.redis("FLUSHALL")
                    // Beside what the service has stored, and where it has stored nothing yet.
                    if isThere {
                        try await app.stored("/t/1")
                        try await app.stored("/t/1", gzip)
                        _ = try await app.redis("DEL", key)
                    }
                    _ = try await blocking { try redis.cli(value.command(key)) }
                    for fields in [gzip, [], gzip] {
                        let response = try await app.stored("/t/1", fields)
                        #expect(response.status == 200, "\(value)")
                        #expect(fields.isEmpty == (response["Content-Encoding"] == nil), "\(value)")
                    }
                    // A form that is made from the other one is written after its response.
                    try await poll("\(value) is replaced") { try await app.redis("TYPE", key) == "string" }
                }
            }
            let warnings = app.log.lines.filter { $0.hasPrefix("warning") && $0.contains("damaged value under a key") }
            #expect(warnings.count == 1, "\(warnings)")
            #expect(warnings.first?.contains("redis.key=\(KeyRedaction.text(key.utf8)) ") == true)
            #expect(app.log.lines.contains { $0.hasPrefix("debug ") && $0.contains("redis.key=\(key) ") })
            let others = app.log.lines.filter { $0.contains("damaged value under a key of this service") }
            // Beside what is stored each is seen; under an entry's key the other way, too.
            #expect(others.count >= ForeignValue.allCases.count)
            #expect(!app.log.lines.contains { $0.contains("secret") })
        }
    }

    @Test("that are too long fail no other reading under way")
    func tooLong() async throws {
        let redis = try await blocking { try RedisServer() }
        defer { redis.stop() }
        try await Harness.run(
            [TaggedRoutes.get()],
            redis: redis,
            database: CannedDatabase(json: Self.body),
            clock: ManualClock(milliseconds: 1_700_000_000_000)
        ) { app async throws in
            for round in 0..<5 {
                for id in 1...20 { try await app.stored("/t/\(id)") }
                _ = try await blocking { try redis.cli(ForeignValue.huge.command("shop:0badcafe:get:/t/1:")) }
                let statuses = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
                    for id in 1...20 {
                        group.addTask { (id, try await app.send(.GET, "/t/\(id)").cacheStatus) }
                    }
                    return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
                }
                #expect(statuses[1] == "CachedRoutes; fwd=miss; detail=unreadable")
                for id in 2...20 {
                    #expect(statuses[id]?.hasPrefix("CachedRoutes; hit") == true, "\(round) \(statuses)")
                }
            }
        }
    }
}
