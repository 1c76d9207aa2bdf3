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
}
