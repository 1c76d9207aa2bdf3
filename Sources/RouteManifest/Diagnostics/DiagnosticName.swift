/// The name of a check that `allow` silences; diagnostics show it in brackets.
///
/// A name is for what may be meant as it is written. What can't work has none, and nothing lifts it.
public enum DiagnosticName: String, Sendable, Hashable, CaseIterable {
    /// A list of rows that grows with its table.
    case noLimit = "no-limit"
    /// An input that nothing reads.
    case unusedInput = "unused-input"
    /// A function whose result is kept for as long as the response is.
    case nonDeterministic = "non-deterministic"
    /// A setting that changes nothing.
    case noEffect = "no-effect"
    /// A warming period that is longer than the ttl.
    case warmGap = "warm-gap"
    /// An invalidated tag that no GET route has.
    case unknownTag = "unknown-tag"
    /// A path input of a write whose type is not that of the GET route of the same path.
    case targetTypes = "target-types"
    /// A precondition that names a GET route of quite another path.
    case preconditionPath = "precondition-path"
    /// An upsert under a condition, which makes a row anew that somebody deletes meanwhile.
    case upsert
    /// A table that the SQL does not name, but nearly.
    case unknownTable = "unknown-table"
    /// An UPDATE or DELETE without a WHERE.
    case allRows = "all-rows"
    /// A statement that changes or reads the session that it shares with other requests.
    case sessionState = "session-state"
    /// `:name` of an input inside quotes, where it is text.
    case quotedInput = "quoted-input"
    /// A list among the elements of `IN (…)`.
    case listInIn = "list-in-in"
    /// An input as a whole key of ORDER BY, GROUP BY, PARTITION BY or DISTINCT ON.
    case constantKey = "constant-key"
    /// `= NULL`, which is never true.
    case nullComparison = "null-comparison"
}
