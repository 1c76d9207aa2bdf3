import CPostgres

/// Takes a statement's results as they come and makes its answer of them.
struct RowReader {
    private let plan: ResultPlan
    private let checksColumns: Bool
    private var encoder: RowEncoder
    private var affectedRows = 0
    /// Whether a result has been read that ends the rows.
    private(set) var hasEnded = false
    private(set) var outcome = ConnectionMachine.Outcome.done

    /// - Parameter checksColumns: whether results may have other columns than the plan, because it was made for an
    ///   earlier run of the same text.
    init(plan: ResultPlan, checksColumns: Bool) {
        self.plan = plan
        self.checksColumns = checksColumns
        encoder = RowEncoder(plan: plan)
    }

    /// Takes a result; returns the bytes that were made of it.
    mutating func read(_ result: OpaquePointer) -> Int {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK: hasEnded = true
        default: break
        }
        guard case .done = outcome else { return Int(PQntuples(result)) * 64 }
        if plan.shape == .none {
            affectedRows = Int(String(cString: PQcmdTuples(result))) ?? 0
            return 0
        }
        guard hasPlannedColumns(result) else {
            outcome = .mismatched
            return 0
        }
        let before = encoder.size
        do throws(PostgresError) {
            try encoder.append(result)
        } catch {
            outcome = .unusable(error)
        }
        return encoder.size - before
    }

    /// The answer, once all rows are read; the reader is of no use afterwards.
    mutating func answer(position: PostgresPosition?) -> JSONAnswer {
        plan.shape == .none
            ? JSONAnswer(body: nil, rowCount: affectedRows, position: position) : encoder.answer(position: position)
    }

    private func hasPlannedColumns(_ result: OpaquePointer) -> Bool {
        guard plan.shape == .none || Int(PQnfields(result)) == plan.description.count else { return false }
        return !checksColumns || encoder.rowCount > 0
            || StatementDescription(result: result).columns == plan.description
    }
}
