/// The form of a statement's result.
public enum ResultShape: Sendable, Hashable {
    /// An array with an object for each row, such as `[{"id":1},{"id":2}]`; `[]` without rows.
    case many
    /// The first row as an object, such as `{"id":1}`; no body without a row.
    case one
    /// The only column of the first row, such as `1`, `"text"`, or the text of a `json` column; no body without a row.
    case value
    /// No body; the rows are dropped.
    case none
}
