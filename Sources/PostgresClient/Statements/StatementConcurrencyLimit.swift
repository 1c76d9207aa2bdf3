/// The number of queries of one statement that may run at once.
public enum StatementConcurrencyLimit: Sendable, Hashable {
    /// As many as there are connections.
    case unlimited
    /// A share of the connections that leaves some to other statements: three for each free one, and never the last
    /// one. Of sixteen connections, one statement may use twelve, and two statements six or seven each.
    case share
    /// This number, at least one.
    case atMost(Int)

    /// Indicates a number of queries, wherever they run.
    var isNumber: Bool { if case .atMost = self { true } else { false } }
}
