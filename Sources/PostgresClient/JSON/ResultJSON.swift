package import NIOCore

/// Results that are in memory already, as JSON: what measures the encoder calls it without a server.
package enum ResultJSON {
    /// The JSON of a libpq result's rows.
    ///
    /// - Throws: ``PostgresError`` where the columns make no object, or one of them has no rule of its own.
    package static func encode(_ result: OpaquePointer, shape: ResultShape) throws(PostgresError) -> ByteBuffer? {
        let description = StatementDescription(result: result)
        guard case .run(let plan) = try ResultPlan.decide(description, shape: shape, isWrapped: false) else {
            throw PostgresError(.invalidStatement, "a column has no rule of its own")
        }
        var encoder = RowEncoder(plan: plan)
        try encoder.append(result)
        return encoder.answer().body
    }
}
