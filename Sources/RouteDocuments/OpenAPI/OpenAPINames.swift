import RouteManifest
import RouteModel

/// The names of operations and schemas, which are those of generated Swift where no other manifest has them.
struct OpenAPINames {
    private let operations: [[String]]
    private let rows: [[String]]
    private let enums: [[String: String]]

    init(_ manifests: [Manifest]) {
        let generated = manifests.map(GeneratedNames.init)
        let prefixes = manifests.map(Self.prefix)
        func isShared(_ name: String, _ lists: [[String]]) -> Bool { lists.count { $0.contains(name) } > 1 }
        var taken: Set<String> = []
        func unused(_ name: String) -> String { GeneratedNames.unused(name, &taken) }
        let routeNames = manifests.map { $0.routes.map(\.name) }
        operations = zip(routeNames, prefixes).map { names, prefix in
            names.map { name in
                unused(isShared(name, routeNames) && !prefix.isEmpty ? "\(prefix.lowercased())_\(name)" : name)
            }
        }
        taken = ["Problem"]
        let rowNames = generated.map { $0.routes.map(\.rowType) }
        let enumNames = generated.map { Array($0.enums.values) }
        let all = zip(rowNames, enumNames).map { $0 + $1 }
        rows = zip(rowNames, prefixes).map { names, prefix in
            names.map { $0.isEmpty ? "" : unused(isShared($0, all) ? prefix + $0 : $0) }
        }
        enums = zip(generated, prefixes).map { generated, prefix in
            generated.enums.sorted { $0.key < $1.key }.reduce(into: [:]) { names, entry in
                names[entry.key] = unused(isShared(entry.value, all) ? prefix + entry.value : entry.value)
            }
        }
    }

    /// What the type of a manifest has before `Routes`: `Admin` for `AdminRoutes`.
    private static func prefix(_ manifest: Manifest) -> String {
        let name = manifest.typeName
        return name.hasSuffix("Routes") ? String(name.dropLast("Routes".count)) : name
    }

    func operation(_ route: OpenAPIRoute) -> String { operations[route.number][route.index] }

    /// The schema of a route's rows; `nil` if it has none.
    func row(_ route: OpenAPIRoute) -> String? {
        let name = rows[route.number][route.index]
        return name.isEmpty ? nil : name
    }

    /// The schema of an enum of the lock; `nil` for one that Swift can't have.
    func enumeration(_ name: String, _ route: OpenAPIRoute) -> String? { enums[route.number][name] }
}
