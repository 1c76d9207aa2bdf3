import RouteModel

/// The names of generated types, which documents have too: those of the manifest, unless Swift or the generated file needs them
/// for something else.
package struct GeneratedNames {
    /// The names for a route.
    package struct RouteNames {
        /// The route's static member and, with a handler, its method, without backticks.
        package let member: String
        /// The struct of a handler's inputs; empty if there is none.
        package let inputType: String
        /// The associated type of a handler's result; empty if there is none.
        package let outputType: String
        /// The struct of a row; empty if there is none.
        package let rowType: String
        /// The type of the response; empty if the lock has no columns for it.
        package let responseType: String

        /// The member's name with an uppercase first letter, with which the names of types begin.
        package var typeName: String { GeneratedNames.typeName(of: member) }
    }

    /// The names for each route, in the manifest's order.
    package let routes: [RouteNames]
    /// The names of the types of the lock's enums that columns have, by the names in the lock. Those that Swift can't have as
    /// enums are missing.
    package let enums: [String: String]
    /// All names that are taken.
    package let taken: Set<String>

    /// The names for a manifest.
    package init(_ manifest: Manifest) {
        // Routes keep their names if possible, so these are reserved before any name is derived.
        var taken = Self.reservedMembers.union([manifest.typeName])
        let kept = manifest.routes.map { taken.insert($0.name).inserted }
        // A route may be called as a keyword is, in backticks; a type is called otherwise.
        taken.formUnion(Self.reservedTypes)
        func unused(_ name: String) -> String { Self.unused(name, &taken) }
        routes = zip(manifest.routes, kept).map { route, isKept in
            let member = isKept ? route.name : unused("\(route.name)Route")
            let typeName = Self.typeName(of: member)
            let hasRow = route.isLocked && (route.returns == .many || route.returns == .one)
            let isHandler = route.source == .handler
            return RouteNames(
                member: member,
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
        let expressible = used.filter { labels[$0].map(Self.isExpressible) ?? false }
        let types = expressible.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { ($0, unused(Self.typeName(ofEnum: $0))) }
        enums = Dictionary(uniqueKeysWithValues: types)
        self.taken = taken
    }

    private static func typeName(of member: String) -> String { member.prefix(1).uppercased() + member.dropFirst() }

    /// Tells whether an enum can be an enum of Swift, which has at least one case, and whose labels differ as strings of
    /// Swift do, for which a letter with an accent is equal to the two characters of which it may consist.
    private static func isExpressible(_ labels: [String]) -> Bool {
        !labels.isEmpty && Set(labels).count == labels.count
    }

    /// The name, with a number if another one is `taken`.
    package static func unused(_ name: String, _ taken: inout Set<String>) -> String {
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
    }

    /// The camel case of the last part of an enum's name: `OrderState` for `public.order_state`.
    private static func typeName(ofEnum name: String) -> String {
        let isQuoted = name.hasSuffix("\"")
        let last = isQuoted ? name.dropLast().split(separator: ".\"").last : name.split(separator: ".").last
        let words = (last ?? "").split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let joined = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return joined.first?.isLetter == true ? joined : "Enum\(joined)"
    }

    /// Names that a route's member can't have. A validated manifest has no route with one of `SwiftIdentifierRules.reserved`;
    /// the member of a route with one of the others gets another name.
    package static let reservedMembers = SwiftIdentifierRules.reserved.union(inexpressible).union(rowTypes).union([
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

    /// Names that a member can't have, or that can't be used after a dot.
    package static let inexpressible: Set<String> = ["init", "self", "Self", "Type", "Protocol", "_"]
}
