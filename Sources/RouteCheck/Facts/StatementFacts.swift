/// The answers of a database about a statement.
package struct StatementFacts: Sendable {
    /// The result of preparing the statement.
    package enum Outcome: Sendable {
        /// The statement was prepared.
        case described(Description)
        /// The server refused it.
        case refused(ServerError)
        /// The server has no answer now, for instance because of a lock.
        case unreachable(ServerError)
    }

    /// A statement that the server prepared.
    package struct Description: Sendable {
        /// The types of the parameters as they were chosen.
        package var parameters: [TypeFact]
        /// For each occurrence of a parameter in the sent statement the index of its type; `nil` if each parameter of the
        /// statement has one type.
        package var occurrences: [Int]?
        /// The columns of the result.
        package var columns: [ColumnFact]
        /// The relations that a GET route's statement reads; `nil` for other routes, and if they were not asked for.
        package var relations: RelationFacts?
        /// The functions that may write: those of users that are VOLATILE, and built-in ones that write.
        package var functions: [FunctionFact] = []
        /// The nodes of the generic plan; empty if there is none.
        package var plan: [PlanNode] = []
        /// The nodes of the generic plan without sequential scans where there is another way, for their conditions.
        package var indexedPlan: [PlanNode] = []
        /// The error of the form in which columns are converted to JSON, and the first such column.
        package var conversionError: ConversionError?

        /// Creates a description.
        package init(parameters: [TypeFact], occurrences: [Int]? = nil, columns: [ColumnFact]) {
            self.parameters = parameters
            self.occurrences = occurrences
            self.columns = columns
        }
    }

    /// An error of the server about columns that it has to convert to JSON.
    package struct ConversionError: Hashable, Sendable {
        /// The error.
        package var error: ServerError
        /// The index of the first such column.
        package var column: Int

        /// Creates an error.
        package init(_ error: ServerError, column: Int) {
            self.error = error
            self.column = column
        }
    }

    /// An error of the server's.
    package struct ServerError: Error, Hashable, Sendable {
        /// The SQLSTATE.
        package var state: String
        /// The primary message.
        package var message: String
        /// The detail.
        package var detail: String?
        /// The hint.
        package var hint: String?
        /// The offset in the sent statement that the error is about.
        package var sentByte: Int?

        /// Creates an error.
        package init(state: String, message: String, detail: String? = nil, hint: String? = nil, sentByte: Int? = nil) {
            self.state = state
            self.message = message
            self.detail = detail
            self.hint = hint
            self.sentByte = sentByte
        }
    }

    /// The result of preparing the statement.
    package var outcome: Outcome

    /// Creates facts.
    package init(_ outcome: Outcome) { self.outcome = outcome }
}
