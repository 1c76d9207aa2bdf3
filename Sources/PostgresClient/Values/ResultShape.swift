/// What a statement's rows become.
public enum ResultShape: Sendable, Hashable {
    /// An array with an object for each row: `[{"id":1},{"id":2}]`; `[]` without rows.
    case many
    /// The first row as an object: `{"id":1}`; no body without a row.
    case one
    /// The only column of the first row: `1`, `"text"`, or a `json` column as it stands; no body without a row.
    case value
    /// No body; rows, if there are any, are dropped.
    case none
}
