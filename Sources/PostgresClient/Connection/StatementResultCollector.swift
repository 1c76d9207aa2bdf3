import CPostgres

/// Reads a statement's results as they arrive and builds its answer.
struct StatementResultCollector {
    private let plan: RowEncodingPlan
    private let checksColumns: Bool
    private var encoder: RowEncoder
    private var affectedRows = 0
    /// The size of the rows that are not part of the answer, in bytes.
    private(set) var droppedBytes = 0
    /// Indicates that the result that ends the rows has been read.
    private(set) var hasEnded = false
    private(set) var outcome = PostgresConnectionStateMachine.Outcome.done

    /// - Parameter checksColumns: true if the columns of results may differ from the plan, because it was made for an
    ///   earlier run of the same text.
    init(plan: RowEncodingPlan, checksColumns: Bool) {
        self.plan = plan
        self.checksColumns = checksColumns
        encoder = RowEncoder(plan: plan)
    }

    /// Reads a result.
    ///
    /// - Returns: its size in bytes, which counts against the turn's budget.
    mutating func read(_ result: OpaquePointer) -> Int {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK: hasEnded = true
        default: break
        }
        guard case .done = outcome else { return Int(PQntuples(result)) * 64 }
        if plan.shape == .none {
            affectedRows = Int(String(cString: PQcmdTuples(result))) ?? 0
            return drop(result)
        }
        guard hasPlannedColumns(result) else {
            outcome = .mismatched
            return 0
        }
        let before = encoder.size
        let isComplete = plan.shape != .many && encoder.rowCount > 0
        do throws(PostgresError) {
            try encoder.append(result)
        } catch {
            outcome = .unusable(error)
        }
        return isComplete ? drop(result) : encoder.size - before
    }

    /// Counts the size of rows that are not part of the answer.
    private mutating func drop(_ result: OpaquePointer) -> Int {
        var bytes = 0
        for row in 0..<PQntuples(result) {
            bytes += 16
            for field in 0..<PQnfields(result) { bytes += Int(PQgetlength(result, row, field)) }
        }
        droppedBytes += bytes
        return bytes
    }

    /// The size of the encoded and the dropped rows, in bytes.
    var size: Int { encoder.size + droppedBytes }

    /// Indicates that the answer is complete, but more rows keep arriving than are worth reading.
    var isDone: Bool {
        guard case .done = outcome, !hasEnded else { return false }
        return plan.shape != .many && droppedBytes > Self.mostDropped
    }

    /// The bytes of rows that are read and dropped before the statement is cancelled: a cancel request needs a
    /// connection of its own.
    private static let mostDropped = 1 << 20

    /// Returns the answer after all rows were read. The collector can't be used afterwards.
    mutating func answer(position: PostgresLSN?) -> JSONAnswer {
        plan.shape == .none
            ? JSONAnswer(body: nil, rowCount: affectedRows, position: position) : encoder.answer(position: position)
    }

    private func hasPlannedColumns(_ result: OpaquePointer) -> Bool {
        guard plan.shape == .none || Int(PQnfields(result)) == plan.description.count else { return false }
        return !checksColumns || encoder.rowCount > 0
            || StatementDescription(result: result).columns == plan.description
    }
}
