import CachedRoutes
import CachedRoutesHummingbird
import CachedRoutesTesting
import ConsistencyChecker
import Hummingbird
import Logging
import NIOCore

/// One process of a small service over two tables: its routes write one of them, and others the other.
struct ItemsService {
    /// Routes of every kind, as a manifest would give them.
    private struct Table: RouteSet {
        let routes: [RouteDefinition]

        init() {
            let id = RouteInput(.path, "id", .int)
            func signature(_ method: RouteSignature.Method, _ path: PathTemplate, _ inputs: [RouteInput])
                -> RouteSignature
            {
                RouteSignature(namespace: "items", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
            }
            let tags: [TagTemplate] = ["items", "item:{id}"]
            let tables = TablePolicy(["notes"])
            // Stale answers do not expire within a run.
            let ttl = Duration.seconds(600)
            routes =
                RouteKind.allCases.map { kind in
                    let cache: CachePolicy =
                        switch kind {
                        case .tagged, .slow: CachePolicy(ttl: ttl, tags: tags)
                        case .windows:
                            CachePolicy(
                                ttl: .milliseconds(300),
                                staleWhileRevalidate: .seconds(5),
                                staleIfError: .seconds(60),
                                tags: tags
                            )
                        case .fleet: CachePolicy(ttl: ttl, coalesce: .fleet, tags: tags)
                        case .near: CachePolicy(ttl: ttl, tags: tags, near: .life)
                        case .tables: CachePolicy(ttl: ttl, tables: tables)
                        case .nearTables: CachePolicy(ttl: ttl, tables: tables, near: .life)
                        }
                    // The row is read before the pause, and may be old when the answer is stored after it.
                    let pause = kind == .slow ? ", pg_sleep(0.005)::text AS pause" : ""
                    return RouteDefinition(
                        RouteDeclaration(
                            kind.rawValue,
                            signature(.get, PathTemplate("/\(kind.rawValue)/{id}"), [id]),
                            .read(cache),
                            returns: .one,
                            timeout: .seconds(4)
                        ),
                        .sql(
                            "SELECT id, version\(pause) FROM \(kind.hasTables ? "notes" : "items") WHERE id = $1",
                            binding: ["id"]
                        )
                    )
                } + [
                    RouteDefinition(
                        RouteDeclaration(
                            "write",
                            signature(.put, "/items/{id}", [id, RouteInput(.body, "version", .int)]),
                            .write(WritePolicy(invalidates: ["item:{id}"])),
                            returns: .one,
                            timeout: .seconds(4)
                        ),
                        .sql(
                            "UPDATE items SET version = $2 WHERE id = $1 AND version < $2 RETURNING id, version",
                            binding: ["id", "version"]
                        )
                    )
                ]
        }
    }

    /// A store that takes every entry for one that was made under the present tokens, like a cache without tokens.
    private struct UnfencedStore: ForwardingStore {
        let origin: any CacheStore

        func read(
            _ key: CacheKey,
            orOther: Bool,
            tokens: [TagVersionKey],
            near: Int64,
            within bound: TimeAmount,
            on eventLoop: any EventLoop
        ) -> StoreResultOrFuture {
            switch origin.read(key, orOther: orOther, tokens: tokens, near: near, within: bound, on: eventLoop) {
            case .ready(let reading): .ready(unfenced(reading))
            case .pending(let future): .pending(future.map(unfenced))
            }
        }

        /// Replaces the tokens of an entry by the present ones. A missing token remains a purge; otherwise nothing would ever be
        /// purged.
        private func unfenced(_ reading: StoreLookupResult) -> StoreLookupResult {
            guard case .found(let entry) = reading.content, !reading.tokens.contains(nil) else { return reading }
            return StoreLookupResult(reading.content, tokens: entry.tokens, isOther: reading.isOther)
        }
    }

    /// Runs the process until it receives a signal.
    static func run(checksTokens: Bool) async throws {
        let configuration = try CachedRoutesConfiguration(environment: .process)
        let service = try CachedRoutesService(configuration: configuration) { store in
            checksTokens ? store : UnfencedStore(origin: store)
        }
        let router = Router()
        router.addRoutes(Table(), on: service)
        router.addHealth(of: service)
        let app = Application(
            router: router,
            server: .cachedRoutes(service),
            configuration: ApplicationConfiguration(service.configuration),
            services: [service],
            logger: service.logger
        )
        try await app.runService()
    }
}
