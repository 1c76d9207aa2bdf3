import CachedRoutes
import Foundation
import RouteManifest

/// The routes that the code of a golden makes, beside the manifest of it.
struct GoldenTable: Sendable {
    let manifest: Manifest
    let routes: [RouteDefinition]

    /// All goldens.
    static let all = [
        GoldenTable(manifest: Manifests.account, routes: AccountRoutes(handlers: AccountHandlers()).routes),
        GoldenTable(
            manifest: Manifests.cachedAnswers,
            routes: CachedAnswersRoutes(handlers: CachedAnswersHandlers()).routes
        ),
        GoldenTable(manifest: Manifests.conditions, routes: ConditionsRoutes().routes),
        GoldenTable(manifest: Manifests.hostile, routes: HostileRoutes(handlers: HostileHandlers()).routes),
        GoldenTable(manifest: Manifests.hostileRows, routes: HostileRowsRoutes().routes),
        GoldenTable(manifest: Manifests.inputs, routes: InputsRoutes().routes),
        GoldenTable(manifest: Manifests.kinds, routes: KindsRoutes(handlers: KindsHandlers()).routes),
        GoldenTable(manifest: Manifests.least, routes: LeastRoutes().routes),
        GoldenTable(manifest: Manifests.located, routes: LocatedRoutes(handlers: LocatedHandlers()).routes),
        GoldenTable(
            manifest: Manifests.namespaces,
            routes: NamespacesRoutes(handlers: NamespacesHandlers()).routes
        ),
        GoldenTable(manifest: Manifests.orders, routes: OrdersRoutes(handlers: OrdersHandlers()).routes),
        GoldenTable(manifest: Manifests.patches, routes: PatchesRoutes(handlers: PatchesHandlers()).routes),
        GoldenTable(manifest: Manifests.rows, routes: RowsRoutes().routes),
        GoldenTable(manifest: Manifests.tagged, routes: TaggedRoutes(handlers: TaggedHandlers()).routes),
        GoldenTable(manifest: Manifests.uncached, routes: UncachedRoutes(handlers: UncachedHandlers()).routes),
        GoldenTable(manifest: Manifests.users, routes: UsersRoutes().routes),
        GoldenTable(manifest: Manifests.writes, routes: WritesRoutes().routes),
    ]
}

/// Answers of both kinds: encoded values and ready bytes.
struct KindsHandlers: KindsRoutes.Handlers {
    func scalars(_ input: KindsRoutes.ScalarsInput) async throws -> [String: UUID?] {
        ["id": input.id, "user": input.userID]
    }
    func lists(_ input: KindsRoutes.ListsInput) async throws -> [String] { input.tags + (input.names ?? []) }
    func nothing() async throws -> Int { 1 }
}

struct UncachedHandlers: UncachedRoutes.Handlers {
    func dice() async throws -> Int { 4 }
}

struct CachedAnswersHandlers: CachedAnswersRoutes.Handlers {
    func latest(_ input: CachedAnswersRoutes.LatestInput) async throws -> Int { input.days }
}

struct TaggedHandlers: TaggedRoutes.Handlers {
    func now() async throws -> Int { 1 }
    func clear() async throws -> Int { 2 }
}

struct OrdersHandlers: OrdersRoutes.Handlers {
    func importOrders(_ input: OrdersRoutes.ImportOrdersInput) async throws -> HandlerResponse {
        try HandlerResponse(encoding: input.orders + [input.note ?? ""])
    }
    func clear() async throws -> Int { 1 }
}

struct PatchesHandlers: PatchesRoutes.Handlers {
    func list(_ input: PatchesRoutes.ListInput) async throws -> Int { input.pageSize }
    func patchUser(_ input: PatchesRoutes.PatchUserInput) async throws -> [String?] {
        let tags: NullableInput<[String]> = input.tags
        return [input.bio.applied(to: "old"), tags.value?.first, input.settings.value, input.name, input.price]
    }
}

struct AccountHandlers: AccountRoutes.Handlers {
    func limits(_ input: AccountRoutes.LimitsInput) async throws -> Int { input.values }
    func keywords(_ input: AccountRoutes.KeywordsInput) async throws -> Int { input.in + input.var + input.class }
}

struct HostileHandlers: HostileRoutes.Handlers {
    func `default`(_ input: HostileRoutes.DefaultInput) async throws -> String { input.in + input.selfValue }
    func HandlersRoute2() async throws -> Int { 1 }
    func HandlersRoute() async throws -> Int { 2 }
    func usage(_ input: HostileRoutes.UsageInput2) async throws -> Int { input.name }
    func Usage(_ input: HostileRoutes.UsageInput3) async throws -> Int { input.name }
    func handlers(_ input: HostileRoutes.HandlersInput) async throws -> Int { input.handlers }
}

struct LocatedHandlers: LocatedRoutes.Handlers {
    func count() async throws -> Int { 1 }
}

struct NamespacesHandlers: NamespacesRoutes.Handlers {
    func input(_ input: NamespacesRoutes.InputInput) async throws -> Int { input.values }
    func response() async throws -> Int { 1 }
}
