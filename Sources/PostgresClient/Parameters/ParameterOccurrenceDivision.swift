/// The division of the parameters' occurrences into variables, each with its own type.
struct ParameterOccurrenceDivision: Sendable, Hashable {
    /// The treatment of parameters that are first left to the server's inference.
    enum Inferred: Sendable {
        /// Like other parameters.
        case asOthers
        /// Each occurrence is a variable, as if it were a literal.
        case apart
        /// Like ``apart``, but equal expressions have equal variables.
        case apartUnlessEqual
        /// Like ``apart``, but a parameter by which rows are sorted or grouped is one variable.
        case apartUnlessGrouped
    }

    var inferred = Inferred.asOthers
    /// Indicates that each occurrence of the other parameters is a variable.
    var isSplit = false

    /// Indicates that the parameters that are first left to the server have a variable for each occurrence.
    var isApart: Bool { inferred != .asOthers }
}
