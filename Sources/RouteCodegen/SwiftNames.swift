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
        let plainMember: String
        /// The member's name with an uppercase first letter, with which the names of types begin.
        let typeName: String
        /// The struct of the inputs.
        fileprivate(set) var inputType: String
        /// The associated type of a handler's result.
        let outputType: String
        /// The struct of a row; empty if there is none.
        let rowType: String
        /// The type of the response; empty if the lock has no columns for it.
        let responseType: String
        /// The enum that has the names of the route's types.
        fileprivate(set) var namespaceType = ""
    }

    /// The names for each route, in the manifest's order.
    private(set) var routes: [RouteNames]
    /// The names of the lock's enums that columns have.
    let enums: EnumNames

    init(_ manifest: Manifest) {
        let names = GeneratedNames(manifest)
        routes = names.routes.map {
            RouteNames(
                member: Self.escaped($0.member),
                plainMember: $0.member,
                typeName: $0.typeName,
                inputType: $0.inputType,
                outputType: $0.outputType,
                rowType: $0.rowType,
                responseType: $0.responseType
            )
        }
        enums = EnumNames(types: names.enums, labels: manifest.enums)
        // The names that earlier versions didn't have, after all others, which stay as they were.
        var taken = names.taken
        for index in routes.indices {
            let typeName = routes[index].typeName
            routes[index].namespaceType = GeneratedNames.unused(typeName, &taken)
            if routes[index].inputType.isEmpty {
                routes[index].inputType = GeneratedNames.unused("\(typeName)Input", &taken)
            }
        }
    }

    /// The stored properties of columns: their names where those are identifiers, else names made of their words.
    ///
    /// - Parameter types: the generated types to which rows refer.
    static func properties(_ columns: [String], besides types: some Sequence<String>) -> [String] {
        identifiers(columns, reserved: reservedProperties.union(types), fallback: "column")
    }

    /// The cases of an enum's labels, by the same rules.
    static func cases(_ labels: [String]) -> [String] {
        identifiers(labels, reserved: reservedCases, fallback: "label")
    }

    private static func identifiers(_ names: [String], reserved: Set<String>, fallback: String) -> [String] {
        // Names that are identifiers are kept, so these are reserved before any name is derived.
        var taken = reserved
        let kept = names.map { SwiftIdentifierRules.isIdentifier($0) && taken.insert($0).inserted }
        return zip(names, kept).enumerated().map { index, entry in
            let (name, isKept) = entry
            guard !isKept else { return escaped(name) }
            if SwiftIdentifierRules.isIdentifier(name) { return GeneratedNames.unused("\(name)Value", &taken) }
            let joined = SwiftIdentifierRules.joined(name)
            let candidates = [joined, "_\(joined)"].filter { SwiftIdentifierRules.isIdentifier($0) && $0 != "__" }
            return escaped(GeneratedNames.unused(candidates.first ?? "\(fallback)\(index + 1)", &taken))
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

    /// Names that a property of a row can't have: those of types, because the property would hide them, and of members that
    /// the compiler makes.
    private static let reservedProperties = GeneratedNames.reservedMembers.union(["hashValue"])

    /// Names that a case of an enum can't have.
    private static let reservedCases = inexpressible.union(["allCases", "AllCases", "RawValue"])

    private static let inexpressible = GeneratedNames.inexpressible

    private static let keywords = SwiftIdentifierRules.keywords.subtracting(inexpressible)
}
