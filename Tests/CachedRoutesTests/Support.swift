import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import Synchronization

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

/// A place where work waits until a test opens it.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var arrived = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watching: [(count: Int, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Waits until the gate is open.
    func pass() async {
        await withCheckedContinuation { continuation in
            let (isOpen, seen) = state.withLock { state in
                state.arrived += 1
                let seen = state.watching.filter { $0.count <= state.arrived }.map(\.1)
                state.watching.removeAll { $0.count <= state.arrived }
                if !state.isOpen { state.waiting.append(continuation) }
                return (state.isOpen, seen)
            }
            for watcher in seen { watcher.resume() }
            if isOpen { continuation.resume() }
        }
    }

    /// Waits until `count` have come to the gate.
    func arrivals(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.arrived >= count { return true }
                state.watching.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// The routes the tests ask.
enum TestRoutes {
    static func users(
        public isPublic: Bool = true,
        ttl: Duration = .seconds(60),
        clientTTL: Duration? = nil,
        maxBody: Int = 1 << 20,
        coalesce: CachePolicy.Coalesce = .process,
        timeout: Duration = .seconds(5),
        unknownQuery: Route.UnknownQuery = .ignore
    ) -> Route {
        Route(
            "listUsers",
            RouteSignature(
                namespace: "test",
                fingerprint: "00000000",
                method: .get,
                path: "/users",
                inputs: [
                    Input(.query, "skip", .int, default: "0", min: "0"),
                    Input(.query, "limit", .int, default: "20", min: "1", max: "100"),
                ]
            ),
            cache: CachePolicy(ttl: ttl, clientTTL: clientTTL, maxBody: maxBody, coalesce: coalesce),
            isPublic: isPublic,
            timeout: timeout,
            unknownQuery: unknownQuery,
            returns: .many,
            sql: "SELECT $1, $2",
            binding: ["limit", "skip"]
        )
    }

    static func route(_ path: PathTemplate, returns: Route.Returns = .one, _ inputs: Input...) -> Route {
        Route(
            "route",
            RouteSignature(namespace: "test", fingerprint: "00000000", method: .get, path: path, inputs: inputs),
            cache: CachePolicy(),
            returns: returns,
            sql: "SELECT 1",
            binding: inputs.map(\.name)
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
        of route: PlannedRoute,
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
