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

        /// The member's name with an uppercase first letter, with which the names of types begin.
        var typeName: String { plainMember.prefix(1).uppercased() + plainMember.dropFirst() }
    }

    /// The names for each route, in the manifest's order.
    private(set) var routes: [RouteNames]
    /// The names of the lock's enums that columns have.
    let enums: EnumNames

    init(_ manifest: Manifest) {
        // Routes keep their names if possible, so these are reserved before any name is derived.
        var taken = Self.reservedMembers.union([manifest.typeName])
        let kept = manifest.routes.map { taken.insert($0.name).inserted }
        // A route may be called as a keyword is, in backticks; a type is called otherwise.
        taken.formUnion(Self.reservedTypes)
        func unused(_ name: String) -> String { Self.unused(name, &taken) }
        routes = zip(manifest.routes, kept).map { route, isKept in
            let member = isKept ? route.name : unused("\(route.name)Route")
            let typeName = member.prefix(1).uppercased() + member.dropFirst()
            let hasRow = route.isLocked && (route.returns == .many || route.returns == .one)
            let isHandler = route.source == .handler
            return RouteNames(
                member: Self.escaped(member),
                inputType: isHandler ? unused("\(typeName)Input") : "",
                outputType: isHandler ? unused("\(typeName)Output") : "",
                rowType: hasRow ? unused("\(typeName)Row") : "",
                responseType: route.isLocked && route.returns != .none ? unused("\(typeName)Response") : ""
            )
        }
        let labels = manifest.enums
        let used = Set(
            manifest.routes.flatMap(\.sentColumns).compactMap { RowType(of: $0.type, enums: labels.keys).enumeration }
        )
        let expressible = used.filter { labels[$0].map(EnumNames.isExpressible) ?? false }
        let types = expressible.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { ($0, unused(Self.typeName(ofEnum: $0))) }
        enums = EnumNames(types: Dictionary(uniqueKeysWithValues: types), labels: labels)
        // The names that earlier versions didn't have, after all others, which stay as they were.
        for index in routes.indices {
            routes[index].namespaceType = unused(routes[index].typeName)
            if routes[index].inputType.isEmpty { routes[index].inputType = unused("\(routes[index].typeName)Input") }
        }
    }

    /// The name, with a number if another one is `taken`.
    private static func unused(_ name: String, _ taken: inout Set<String>) -> String {
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
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
            if SwiftIdentifierRules.isIdentifier(name) { return unused("\(name)Value", &taken) }
            let joined = SwiftIdentifierRules.joined(name)
            let candidates = [joined, "_\(joined)"].filter { SwiftIdentifierRules.isIdentifier($0) && $0 != "__" }
            return escaped(unused(candidates.first ?? "\(fallback)\(index + 1)", &taken))
        }
    }

    /// The camel case of the last part of an enum's name: `OrderState` for `public.order_state`.
    private static func typeName(ofEnum name: String) -> String {
        let isQuoted = name.hasSuffix("\"")
        let last = isQuoted ? name.dropLast().split(separator: ".\"").last : name.split(separator: ".").last
        let words = (last ?? "").split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let joined = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return joined.first?.isLetter == true ? joined : "Enum\(joined)"
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

    /// Names that a route's member can't have. A validated manifest has no route with one of `SwiftIdentifierRules.reserved`;
    /// the member of a route with one of the others gets another name.
    private static let reservedMembers = SwiftIdentifierRules.reserved.union(inexpressible).union(rowTypes).union([
        "CachedRoutes", "Encodable",
    ])

    /// Names that a derived type can't have besides those of ``reservedMembers``: keywords, and the types that members of the
    /// compiler's refer to.
    private static let reservedTypes = SwiftIdentifierRules.keywords.union([
        "AllCases", "Decodable", "Decoder", "Equatable", "Hasher", "RawRepresentable", "RawValue", "Swift",
    ])

    /// The types that the code of rows refers to.
    private static let rowTypes: Set<String> = [
        "CaseIterable", "Codable", "CodingKey", "CodingKeys", "Encoder", "ExactDecimal", "Float", "Hashable",
        "HexBytes",
        "Int16", "JSONArray", "JSONFloat", "JSONFragment", "LockedColumns", "LowercaseUUID", "RouteRow",
        "TimestampText",
    ]

    /// Names that a property of a row can't have: those of types, because the property would hide them, and of members that
    /// the compiler makes.
    private static let reservedProperties = reservedMembers.union(["hashValue"])

    /// Names that a case of an enum can't have.
    private static let reservedCases = inexpressible.union(["allCases", "AllCases", "RawValue"])

    /// Names that a member can't have, or that can't be used after a dot.
    private static let inexpressible: Set<String> = ["init", "self", "Self", "Type", "Protocol", "_"]

    private static let keywords = SwiftIdentifierRules.keywords.subtracting(inexpressible)
}
