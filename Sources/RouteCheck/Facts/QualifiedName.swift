/// The name of a relation with its schema, both without quotes.
package struct QualifiedName: Hashable, Sendable {
    /// The schema.
    package var schema: String
    /// The name in the schema.
    package var name: String

    /// Creates a name.
    package init(_ schema: String, _ name: String) {
        self.schema = schema
        self.name = name
    }
}
