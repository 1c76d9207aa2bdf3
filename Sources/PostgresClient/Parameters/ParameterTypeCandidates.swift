/// The types that a parameter of a statement may have, in the order in which they are tried.
public struct ParameterTypeCandidates: Sendable, Hashable {
    /// The types, the best first; `nil` leaves the parameter to the server's inference.
    public let candidates: [PostgresType?]
    /// A type that replaces the selected one if the server would infer it.
    public let preferredWhereInferred: PostgresType?

    /// A type that does not count if the server infers it: another candidate is better, if the statement can be
    /// prepared with it. PostgreSQL infers `text` if the statement does not determine the type.
    public let avoidedWhereInferred: PostgresType?

    /// Makes types from candidates.
    ///
    /// - Parameters:
    ///   - candidates: the types, the best first.
    ///   - preferredWhereInferred: a type that replaces the selected one if the server would infer it.
    ///   - avoidedWhereInferred: a type that does not count if the server infers it.
    public init(
        _ candidates: [PostgresType?],
        preferredWhereInferred: PostgresType? = nil,
        avoidedWhereInferred: PostgresType? = nil
    ) {
        self.candidates = candidates.isEmpty ? [nil] : candidates
        self.preferredWhereInferred = preferredWhereInferred
        self.avoidedWhereInferred = avoidedWhereInferred
    }

    /// The server's inference, or `type` if it fails.
    public static func inferred(else type: PostgresType?) -> ParameterTypeCandidates {
        ParameterTypeCandidates(type.map { [nil, $0] } ?? [nil])
    }
}

/// A statement as it is sent: its text, the declared types, and the values of its parameters.
package struct TypedStatement: Sendable, Hashable {
    /// The text.
    package let sql: String
    /// The declared type of each parameter; 0 leaves it to the server.
    package let types: [UInt32]
    /// The index of the value of each parameter; `nil` if the values are in the parameters' order.
    package let sources: [Int]?
}
