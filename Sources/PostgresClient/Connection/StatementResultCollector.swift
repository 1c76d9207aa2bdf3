import CPostgres

/// Takes a statement's results as they come and makes its answer of them.
struct StatementResultCollector {
    private let plan: RowEncodingPlan
    private let checksColumns: Bool
    private var encoder: RowEncoder
    private var affectedRows = 0
    /// The bytes of the rows that are no part of the answer.
    private(set) var droppedBytes = 0
    /// Whether a result has been read that ends the rows.
    private(set) var hasEnded = false
    private(set) var outcome = PostgresConnectionStateMachine.Outcome.done

    /// - Parameter checksColumns: whether results may have other columns than the plan, because it was made for an
    ///   earlier run of the same text.
    init(plan: RowEncodingPlan, checksColumns: Bool) {
        self.plan = plan
        self.checksColumns = checksColumns
        encoder = RowEncoder(plan: plan)
    }

    /// Takes a result; returns the bytes that it cost to read.
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

    /// Counts rows that nobody wants.
    private mutating func drop(_ result: OpaquePointer) -> Int {
        var bytes = 0
        for row in 0..<PQntuples(result) {
            bytes += 16
            for field in 0..<PQnfields(result) { bytes += Int(PQgetlength(result, row, field)) }
        }
        droppedBytes += bytes
        return bytes
    }

    /// The bytes that have been read, as far as they are counted.
    var size: Int { encoder.size + droppedBytes }

    /// All that the answer needs has been read, and more rows than are worth reading go on coming.
    var isDone: Bool {
        guard case .done = outcome, !hasEnded else { return false }
        return plan.shape != .many && droppedBytes > Self.mostDropped
    }

    /// Rows of so many bytes are read and dropped before the statement is cancelled: a request to cancel costs a connection of
    /// its own.
    private static let mostDropped = 1 << 20

    /// The answer, once all rows are read; the reader is of no use afterwards.
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
