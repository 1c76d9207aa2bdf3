/// How the occurrences of parameters are divided into variables, each of which gets a type of its own.
struct ParameterDivision: Sendable, Hashable {
    /// The parameters that are left to the server's inference first.
    enum Inferred: Sendable {
        /// They are treated as the others.
        case asOthers
        /// Each occurrence is a variable, as if a literal stood there.
        case apart
        /// So it is, but equal expressions have equal variables.
        case apartUnlessEqual
        /// So it is, but a parameter by which rows are sorted or grouped is one variable.
        case apartUnlessGrouped
    }

    var inferred = Inferred.asOthers
    /// Each occurrence of the other parameters is a variable.
    var isSplit = false

    /// The parameters that are left to the server first have a variable for each occurrence.
    var isApart: Bool { inferred != .asOthers }
}
