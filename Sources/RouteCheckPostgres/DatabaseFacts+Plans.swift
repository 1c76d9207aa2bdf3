import PostgresClient
import RouteCheck

/// Plans of prepared statements.
extension DatabaseFacts {
    /// Asks for the plans that a prepared statement has whatever the values.
    ///
    /// Planning may evaluate functions that are IMMUTABLE or STABLE, so it is READ ONLY.
    ///
    /// - Throws: the error for which the statement can never run, where planning finds it, or an error that is none of the
    ///   statement.
    func addPlans(of one: Prepared, to description: inout StatementFacts.Description) throws(PostgresError) {
        let nulls = Array(repeating: "NULL", count: one.inspected.parameterOIDs.count).joined(separator: ", ")
        let sql = "EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE \(one.inspected.name)\(nulls.isEmpty ? "" : "(\(nulls))")"
        description.plan = try plan(sql, "")
        guard isComplete else { return }
        // A plan is kept as long as nothing changes, and the settings are no such change.
        try session.run("DISCARD PLANS")
        description.indexedPlan = try plan(sql, "; SET LOCAL enable_seqscan = off")
    }

    private func plan(_ sql: String, _ settings: String) throws(PostgresError) -> [PlanNode] {
        let beginning = "BEGIN READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan\(settings)"
        do throws(PostgresError) {
            let rows = try session.transaction(beginning) { () throws(PostgresError) in try session.rows(sql) }
            return rows.first?.first?.map(PlanReader.nodes) ?? []
        } catch {
            // Without a right to the tables, or for a statement without a plan such as SHOW, there is nothing to find.
            guard error.inspectionScope != .statement || Self.isRefusal(error.sqlState ?? "") else { return [] }
            throw error
        }
    }

    /// Indicates the SQLSTATE of an error that planning has with each request too: no index for ON CONFLICT, a join or
    /// another thing that PostgreSQL can't do, a write to a relation of the wrong kind, an operation on constants that fails.
    private static func isRefusal(_ state: String) -> Bool {
        ["0A000", "42809", "42P10"].contains(state) || state.hasPrefix("22")
    }
}
