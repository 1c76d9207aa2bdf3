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
        // An enum that manifests share is one schema.
        var schemas: [Enumeration: String] = [:]
        enums = manifests.indices.map { index in
            generated[index].enums.sorted { $0.key < $1.key }.reduce(into: [:]) { names, entry in
                let labels = manifests[index].enums[entry.key] ?? []
                let enumeration = Enumeration(name: entry.key, labels: labels)
                let isTaken = taken.contains(entry.value)
                let schema = schemas[enumeration] ?? unused(isTaken ? prefixes[index] + entry.value : entry.value)
                schemas[enumeration] = schema
                names[entry.key] = schema
            }
        }
    }

    private struct Enumeration: Hashable {
        /// The name in the lock.
        var name: String
        var labels: [String]
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
