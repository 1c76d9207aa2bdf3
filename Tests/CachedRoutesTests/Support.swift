import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore

/// A generator whose numbers are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

extension SystemRandomNumberGenerator {
    static func seeded(_ seed: UInt64) -> SeededGenerator { SeededGenerator(seed) }
}

/// The routes the tests ask.
enum TestRoutes {
    static func users(
        public isPublic: Bool = true,
        ttl: Duration = .seconds(60),
        clientTTL: Duration? = nil,
        maxBody: Int = 1 << 20,
        coalesce: CachePolicy.Coalescing = .process,
        timeout: Duration = .seconds(5),
        unknownQuery: RouteDeclaration.UnknownQuery = .ignore
    ) -> RouteDefinition {
        RouteDefinition(
            RouteDeclaration(
                "listUsers",
                RouteSignature(
                    namespace: "test",
                    fingerprint: "00000000",
                    method: .get,
                    path: "/users",
                    inputs: [
                        RouteInput(.query, "skip", .int, default: "0", min: "0"),
                        RouteInput(.query, "limit", .int, default: "20", min: "1", max: "100"),
                    ]
                ),
                .read(CachePolicy(ttl: ttl, clientTTL: clientTTL, maxBody: maxBody, coalesce: coalesce)),
                returns: .many,
                timeout: timeout,
                isPublic: isPublic,
                unknownQuery: unknownQuery
            ),
            .sql("SELECT $1, $2", binding: ["limit", "skip"])
        )
    }

    static func route(_ path: PathTemplate, returns: RouteDeclaration.Returns = .one, _ inputs: RouteInput...)
        -> RouteDefinition
    {
        RouteDefinition(
            RouteDeclaration(
                "route",
                RouteSignature(namespace: "test", fingerprint: "00000000", method: .get, path: path, inputs: inputs),
                .read(CachePolicy()),
                returns: returns
            ),
            .sql("SELECT 1", binding: inputs.map(\.name))
        )
    }
}

/// Context values as a test says.
struct DictionaryContext: RouteContext {
    var values: [String: String] = [:]
    func text(of name: String) -> String? { values[name] }
}

extension CachedRoutesService {
    func get(
        _ target: String,
        of route: CompiledRoute,
        method: HTTPRequest.Method = .get,
        _ fields: HTTPFields = [:],
        context: DictionaryContext = DictionaryContext()
    ) async -> RouteResponse {
        await respond(
            to: RouteRequest(method: method, target: target, headerFields: fields),
            of: route,
            context: context
        )
    }
}

extension RouteResponse {
    var cacheStatus: String? { headerFields[HTTPField.Name("Cache-Status")!] }
    var text: String { String(buffer: body) }
}
