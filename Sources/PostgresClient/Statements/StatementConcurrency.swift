/// The queries of one statement that may be under way at once.
public enum StatementConcurrency: Sendable, Hashable {
    /// As many as there are connections.
    case unlimited
    /// A share of the connections that leaves some to other statements: three for each that is free, and never the last one. Of
    /// sixteen connections one statement may have twelve, two have six or seven each.
    case share
    /// This many, at least one.
    case atMost(Int)
}
