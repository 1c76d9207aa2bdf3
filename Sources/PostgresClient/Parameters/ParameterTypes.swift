/// The types that a parameter of a statement may be given, in the order in which they are tried.
public struct ParameterTypes: Sendable, Hashable {
    /// The types, the best first; `nil` leaves the parameter to the server's inference.
    public let candidates: [PostgresType?]
    /// A type that takes the place of the chosen one where the server would infer it.
    public let preferredWhereInferred: PostgresType?

    /// A type that counts as none where the server infers it: another candidate is better, if the statement can be prepared with
    /// it. PostgreSQL takes for `text` what the statement says nothing about.
    public let avoidedWhereInferred: PostgresType?

    /// Types in their order.
    public init(
        _ candidates: [PostgresType?],
        preferredWhereInferred: PostgresType? = nil,
        avoidedWhereInferred: PostgresType? = nil
    ) {
        self.candidates = candidates.isEmpty ? [nil] : candidates
        self.preferredWhereInferred = preferredWhereInferred
        self.avoidedWhereInferred = avoidedWhereInferred
    }

    /// The server's inference, and `type` where it finds none.
    public static func inferred(else type: PostgresType?) -> ParameterTypes {
        ParameterTypes(type.map { [nil, $0] } ?? [nil])
    }
}

/// A statement as it is sent: its text, the declared types, and the value behind each of its parameters.
package struct TypedStatement: Sendable, Hashable {
    /// The text.
    package let sql: String
    /// The declared type of each parameter; 0 leaves it to the server.
    package let types: [UInt32]
    /// The index of the value behind each parameter; `nil`: the values in their order.
    package let sources: [Int]?
}
