import RouteManifest
import RouteModel

/// The names in generated code: those of the manifest, unless Swift or the generated file needs them for something
/// else.
struct SwiftNames {
    /// The names for a route, as written in code.
    struct RouteNames {
        /// The route's static member and, with a handler, its method.
        let member: String
        /// The member's name without backticks.
        var plainMember: String { member.filter { $0 != "`" } }
        /// The struct of a handler's inputs.
        let inputType: String
        /// The associated type of a handler's result.
        let outputType: String
    }

    /// The names for each route, in the manifest's order.
    let routes: [RouteNames]

    init(_ manifest: Manifest) {
        // Routes keep their names if possible, so these are reserved before any name is derived.
        var taken = Self.reservedMembers.union([manifest.typeName])
        let kept = manifest.routes.map { taken.insert($0.name).inserted }
        func unused(_ name: String) -> String {
            var candidate = name
            var number = 2
            while !taken.insert(candidate).inserted {
                candidate = "\(name)\(number)"
                number += 1
            }
            return candidate
        }
        routes = zip(manifest.routes, kept).map { route, isKept in
            let member = isKept ? route.name : unused("\(route.name)Route")
            guard case .handler = route.source else {
                return RouteNames(member: Self.escaped(member), inputType: "", outputType: "")
            }
            let typeName = member.prefix(1).uppercased() + member.dropFirst()
            return RouteNames(
                member: Self.escaped(member),
                inputType: unused("\(typeName)Input"),
                outputType: unused("\(typeName)Output")
            )
        }
    }

    /// The stored property of an input.
    static func property(_ name: String) -> String {
        inexpressible.contains(name) ? "\(name)Value" : escaped(name)
    }

    /// The argument label for an input's property. Most keywords are labels without backticks.
    static func label(_ name: String) -> String {
        let property = property(name)
        return name == "inout" ? property : property.filter { $0 != "`" }
    }

    /// `name`, in backticks if it is a keyword.
    private static func escaped(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    /// Names that a route's member can't have. A validated manifest has no route with one of `SwiftIdentifierRules.reserved`; the
    /// member of a route with one of the others gets another name.
    private static let reservedMembers = SwiftIdentifierRules.reserved.union(inexpressible).union([
        "CachedRoutes", "Encodable",
    ])

    /// Names that a member can't have, or that can't be used after a dot.
    private static let inexpressible: Set<String> = ["init", "self", "Self", "Type", "Protocol", "_"]

    private static let keywords = SwiftIdentifierRules.keywords.subtracting(inexpressible)
}
