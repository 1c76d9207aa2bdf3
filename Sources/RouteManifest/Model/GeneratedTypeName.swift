/// Derives the name of the type that is generated from a manifest.
public enum GeneratedTypeName {
    /// The name of the type for a manifest's file: `Routes` for `routes.yaml`, `AdminRoutes` for `admin.routes.yaml`,
    /// `OrderItemsV2Routes` for `order-items.v2.routes.yaml`.
    ///
    /// - Parameter fileName: the file's name without its folder.
    /// - Returns: the name of the type.
    /// - Throws: ``GeneratedTypeNameError`` if the file's name gives no name of a Swift type.
    public static func from(fileName: String) throws(GeneratedTypeNameError) -> String {
        func fail(_ code: GeneratedTypeNameError.Code, _ reason: String) -> GeneratedTypeNameError {
            GeneratedTypeNameError(
                code: code,
                diagnostic: Diagnostic(.error, reason, at: Location(file: fileName, line: 1, column: 1))
            )
        }
        let stem = ["routes.yaml", "routes.yml"].first { fileName == $0 || fileName.hasSuffix(".\($0)") }
            .map { fileName.dropLast($0.count) }
        guard let stem else {
            throw fail(.notAManifest, "a manifest is called 'routes.yaml' or '<name>.routes.yaml'; rename this file")
        }
        let words = stem.split(omittingEmptySubsequences: true) { ".-_ ".contains($0) }
        let name = words.map { SwiftIdentifierRules.capitalized(String($0)) }.joined()
        guard stem.isEmpty || SwiftIdentifierRules.isIdentifier(name) else {
            throw fail(.notAnIdentifier, Self.message(for: String(stem.dropLast()), words.map(String.init)))
        }
        guard name != "Cached" else {
            throw fail(
                .reserved,
                "'CachedRoutes' is the library's own name; rename this file, such as shop.routes.yaml"
            )
        }
        return name + "Routes"
    }

    private static func message(for stem: String, _ words: [String]) -> String {
        let usable = String(words.joined(separator: "-").drop { !$0.isASCII || !$0.isLetter })
        let isUsable = SwiftIdentifierRules.isIdentifier(SwiftIdentifierRules.capitalized(usable.filter { $0 != "-" }))
        return
            "'\(stem)' cannot be made into the name of a Swift type; begin the file's name with a letter and use letters, "
            + "digits, '-', '.' and '_', such as \(isUsable ? usable : "books").routes.yaml"
    }
}

/// An error about a file's name from which no name of a type can be derived.
public struct GeneratedTypeNameError: Error, Hashable, CustomStringConvertible {
    /// A kind of error. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The file's name is not that of a manifest.
        public static let notAManifest = Code(kind: .notAManifest)
        /// The file's name can't be made into an identifier.
        public static let notAnIdentifier = Code(kind: .notAnIdentifier)
        /// The name of the type is one of the library's own.
        public static let reserved = Code(kind: .reserved)

        /// The kinds of this version.
        package enum Kind: Hashable, Sendable {
            case notAManifest, notAnIdentifier, reserved
        }

        /// The kind.
        package let kind: Kind

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The kind of error.
    public let code: Code
    /// The diagnostic at the start of the file, which has the name that was passed.
    public let diagnostic: Diagnostic

    /// The error in words, without its place.
    public var message: String { diagnostic.message }

    /// The diagnostic with its place, as a compiler prints it.
    public var description: String { diagnostic.description }
}
