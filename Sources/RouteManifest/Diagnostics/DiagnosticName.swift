/// The name of a check that `allow` silences. Diagnostics show it in brackets.
///
/// Only checks of what may be intended have names. What can't work is an error that nothing silences.
public enum DiagnosticName: String, Sendable, Hashable, CaseIterable {
    /// A list of rows that grows with its table.
    case noLimit = "no-limit"
    /// An input that the statement doesn't use.
    case unusedInput = "unused-input"
    /// A function whose result is cached with the response.
    case nonDeterministic = "non-deterministic"
    /// A setting without effect.
    case noEffect = "no-effect"
    /// A warming period that is longer than the ttl.
    case warmGap = "warm-gap"
    /// An invalidated tag that no GET route has.
    case unknownTag = "unknown-tag"
    /// A path input of a write whose type is not that of the GET route of the same path.
    case targetTypes = "target-types"
    /// A precondition that names a GET route of an unrelated path.
    case preconditionPath = "precondition-path"
    /// An upsert with a precondition, which inserts a row again that was deleted after the comparison.
    case upsert
    /// A table that the SQL does not name although it names a similar one.
    case unknownTable = "unknown-table"
    /// An UPDATE or DELETE without a WHERE.
    case allRows = "all-rows"
    /// A statement that changes or reads the state of a session, which other requests share.
    case sessionState = "session-state"
    /// `:name` of an input inside quotes, where it is plain text.
    case quotedInput = "quoted-input"
    /// A list among the elements of `IN (…)`.
    case listInIn = "list-in-in"
    /// An input as a whole key of ORDER BY, GROUP BY, PARTITION BY or DISTINCT ON.
    case constantKey = "constant-key"
    /// `= NULL`, which is never true.
    case nullComparison = "null-comparison"
    /// A table of `tables` whose changes nothing announces.
    case noTriggers = "no-triggers"
    /// A table that the statement reads and `tables` does not name.
    case undeclaredTable = "undeclared-table"
    /// A function, materialized view or foreign table of which the database does not tell what it reads.
    case unknownTables = "unknown-tables"
    /// A comparison for which the type of a parameter takes an index away.
    case noIndex = "no-index"
    /// A column of type `real` that is compared with a `double precision`.
    case real
    /// A large table of which each request reads all rows.
    case seqScan = "seq-scan"
    /// A name under `errors` that no constraint of the database has.
    case unknownConstraint = "unknown-constraint"
    /// A function of a GET route that may write.
    case mayWrite = "may-write"
    /// A column under `not-null` that is never NULL anyway.
    case nullClaim = "null-claim"
}
