import NIOCore

extension PostgresClient {
    /// The error, with the type behind a user's type as which the server could not read a value.
    ///
    /// Only where a type was declared: texts may be anything. Such a parameter has become of a user's type only because nothing that
    /// was declared could be prepared, so this is asked rarely. An error without an answer stays as it is.
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

    /// Below it are the types that every server has (PostgreSQL, `FirstNormalObjectId`).
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
