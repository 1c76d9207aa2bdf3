package import NIOCore

/// Results that are in memory already, as JSON: what measures the encoder calls it without a server.
package enum ResultJSON {
    /// Writes the JSON of a libpq result's rows to `buffer`, whose memory is used again.
    ///
    /// - Throws: ``PostgresError`` where the columns make no object, or one of them has no rule of its own.
    package static func encode(
        _ result: OpaquePointer,
        shape: ResultShape,
        into buffer: inout ByteBuffer
    ) throws(PostgresError) {
        let description = StatementDescription(result: result)
        guard case .run(let plan) = try ResultPlan.decide(description, shape: shape, isWrapped: false) else {
            throw PostgresError(.invalidStatement, "a column has to be converted by the server")
        }
        var encoder = RowEncoder(plan: plan)
        encoder.move(into: &buffer)
        try encoder.append(result)
        buffer = encoder.answer().body ?? ByteBuffer()
    }
}
