package import NIOCore

/// Converts results in memory to JSON, for measurements of the encoder without a server.
package enum BenchmarkRowEncoder {
    /// Writes the JSON of a libpq result's rows to `buffer`, whose memory is reused.
    ///
    /// - Parameters:
    ///   - result: the result.
    ///   - shape: the form of the JSON.
    ///   - buffer: receives the JSON.
    /// - Throws: ``PostgresError`` if the columns do not make an object, or if one of them has to be converted by the
    ///   server.
    package static func encode(
        _ result: OpaquePointer,
        shape: ResultShape,
        into buffer: inout ByteBuffer
    ) throws(PostgresError) {
        let description = StatementDescription(result: result)
        guard case .run(let plan) = try RowEncodingPlan.decide(description, shape: shape, isWrapped: false) else {
            throw PostgresError(.invalidStatement, "a column has to be converted by the server")
        }
        var encoder = RowEncoder(plan: plan)
        encoder.move(into: &buffer)
        try encoder.append(result)
        buffer = encoder.answer().body ?? ByteBuffer()
    }
}
