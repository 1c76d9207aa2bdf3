import RouteManifest
import RouteModel

/// The names of everything a manifest generates: the manifest's own names, unless Swift or the generated file needs one for
/// something else.
struct SwiftNames {
    /// The names a route gives rise to, as they are written in source.
    struct RouteNames {
        /// The route's static member and, where there is one, its handler's method.
        let member: String
        /// The member's name without backticks.
        var plainMember: String { member.filter { $0 != "`" } }
        /// The struct of a handler's inputs.
        let inputType: String
        /// The associated type of a handler's answer.
        let outputType: String
    }

    /// The names of each route, in the manifest's order.
    let routes: [RouteNames]

    init(_ manifest: Manifest) {
        // Routes keep their names where they can, whatever comes before them.
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

    /// The label of the argument that sets an input's property; most keywords are labels without backticks.
    static func label(_ name: String) -> String {
        let property = property(name)
        return name == "inout" ? property : property.filter { $0 != "`" }
    }

    /// `name` in backticks where Swift would read a keyword.
    private static func escaped(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    /// Names that a route's member can't have: those that no route of a manifest may have, and some that may be a route's name in
    /// the manifest, whose member gets another one.
    private static let reservedMembers = SwiftName.reserved.union(inexpressible).union(["CachedRoutes", "Encodable"])

    /// Names that a member can't have, or that can't be reached through a dot.
    private static let inexpressible: Set<String> = ["init", "self", "Self", "Type", "Protocol", "_"]

    private static let keywords = SwiftName.keywords.subtracting(inexpressible)
}
