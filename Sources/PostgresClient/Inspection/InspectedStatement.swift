/// A statement that a server has prepared as it would for requests.
package struct InspectedStatement: Sendable {
    /// A column of the result.
    package struct Column: Sendable, Hashable {
        /// The name.
        package let name: String
        /// The `oid` of the type. Of a domain it is that of its base type.
        package let typeOID: UInt32
        /// The `oid` of the table or view whose column it is; 0 if it is an expression.
        package let table: UInt32
        /// The number of the column in that table; 0 if it is an expression.
        package let number: Int
    }

    /// The description of a prepared statement.
    struct Form {
        let columns: [Column]
        let parameterOIDs: [UInt32]
    }

    /// The name under which it is prepared in the session that inspected it.
    package let name: String
    /// The statement as it was sent in the end.
    package let typed: TypedStatement
    /// The types of the parameters of ``typed``.
    package let parameterOIDs: [UInt32]
    /// For each occurrence of a parameter in the text the index in ``parameterOIDs``.
    package let occurrences: [Int]
    /// The columns of the result.
    package let columns: [Column]
    /// The error of the form in which the server converts columns to JSON, and the first such column; `nil` if there is no
    /// error or no such form.
    package let conversionError: (error: PostgresError, column: Int)?
}
