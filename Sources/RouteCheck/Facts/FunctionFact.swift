/// A function that a statement calls, itself or through views and other functions.
package struct FunctionFact: Hashable, Sendable {
    /// The name without the schema.
    package var name: String
    /// Indicates a function of PostgreSQL's own.
    package var isBuiltIn: Bool
    /// The text of the body; empty where it is none, as of functions in C.
    package var body: String
    /// See ``RelationFacts/Relation/mentions``.
    package var mentions: [String]

    /// Creates a function.
    package init(_ name: String, isBuiltIn: Bool = false, body: String = "", mentions: [String]) {
        self.name = name
        self.isBuiltIn = isBuiltIn
        self.body = body
        self.mentions = mentions
    }
}
