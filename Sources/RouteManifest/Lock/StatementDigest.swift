package import RouteModel

/// The digest of all that decides the types of a statement's parameters and columns, by which a lock knows the statement
/// that it describes.
package enum StatementDigest {
    /// Makes the digest of a statement.
    ///
    /// - Parameters:
    ///   - sql: the statement that is sent; its comments and white space belong to it.
    ///   - names: the name behind each parameter.
    ///   - types: the type of each parameter.
    ///   - nullable: for each parameter, if `null` in a body differs from a missing member.
    ///   - returns: the rows of a response.
    ///   - notNull: the columns that are declared to be never NULL.
    /// - Returns: 32 lowercase hexadecimal digits.
    package static func hexadecimal(
        sql: String,
        names: [String],
        types: [InputType],
        nullable: [Bool],
        returns: RouteDeclaration.Returns,
        notNull: [String]
    ) -> String {
        var text = LengthPrefixedText()
        text.add("sql", [sql])
        text.add("names", names)
        text.add("types", zip(types, nullable).map { $0.description + ($1 ? "?" : "") })
        text.add("returns", [returns.rawValue])
        text.add("not-null", notNull)
        return Hash128(text.bytes).hexadecimal
    }
}
