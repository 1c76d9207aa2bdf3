import NIOCore

extension PostgresClient {
    /// Returns the error with the built-in type behind the user-defined type as which the server could not read a
    /// value.
    ///
    /// This applies only to declared types, because any text may be valid for others. Such a parameter has a
    /// user-defined type only because no declared type was possible, so the query is rare. If the query fails, the
    /// error is returned unchanged.
    func resolved(
        _ error: PostgresError,
        of statement: PostgresStatement,
        deadline: NIODeadline
    ) async -> PostgresError {
        guard let parameter = error.parameter, let oid = error.parameterTypeOID, oid >= Self.firstUserOID,
            parameter < statement.parameterTypes.count,
            statement.parameterTypes[parameter].candidates.first.flatMap(\.self) != nil
        else { return error }
        var parameters = PostgresParameters()
        parameters.append(String(oid))
        guard let answer = try? await query(Self.baseType, parameters, deadline: deadline),
            let base = answer.body.flatMap({ UInt32(String(buffer: $0)) })
        else { return error }
        var resolved = error
        resolved.parameterTypeOID = base
        return resolved
    }

    /// The first OID that is not reserved for built-in objects (PostgreSQL, `FirstNormalObjectId`).
    private static let firstUserOID: UInt32 = 16_384

    private static let baseType = PostgresStatement(
        sql: """
            WITH RECURSIVE base AS (
                SELECT oid, typbasetype, typcategory FROM pg_catalog.pg_type WHERE oid = $1::oid
                UNION ALL SELECT t.oid, t.typbasetype, t.typcategory
                FROM base JOIN pg_catalog.pg_type AS t ON t.oid = base.typbasetype
            )
            SELECT (CASE WHEN oid < \(firstUserOID) THEN oid WHEN typcategory = 'A' THEN 2277 WHEN typcategory = 'C' THEN 2249
                WHEN typcategory = 'R' THEN 3904 ELSE oid END)::int8 AS oid
            FROM base WHERE typbasetype = 0
            """,
        shape: .value
    )
}
