import CachedRoutesCore
import PostgresClient

extension RouteDatabaseError {
    /// Converts an error of the client or the server.
    ///
    /// - Parameters:
    ///   - error: the error.
    ///   - query: the route's statement; `nil` if the error has nothing to do with one.
    init(_ error: PostgresError, of query: SQLStatement? = nil) {
        let commitIsOver: @Sendable () async -> Void = { await error.commitIsOver() }
        self.init(
            Code(Self.kind(of: error, query)),
            error.description,
            fullDescription: error.hasUntoldValues ? error.fullDescription : nil,
            constraint: error.constraint,
            table: error.table,
            parameter: error.parameter,
            isOfCondition: error.isFromCondition,
            commitIsOver: error.code == .outcomeUnknown ? commitIsOver : nil,
            underlying: error
        )
    }

    private static func kind(of error: PostgresError, _ query: SQLStatement?) -> Code.Kind {
        switch error.code.kind {
        case .unavailable, .connectionLost, .shutDown: .unavailable
        case .tooManyWaiters, .leaseTimeout: .overloaded
        case .deadlineExceeded: .deadlineExceeded
        case .cancelled: .cancelled
        case .outcomeUnknown: .outcomeUnknown
        case .conditionNotMet: .preconditionFailed
        case .invalidParameter: .badValue
        case .server(let state):
            if isStatementsFault(error, query) {
                .failed
            } else if error.parameter != nil, !serversOwn.contains(state.prefix(2)) {
                // Types report a value that they can't read by various codes: undefined objects, syntax errors,
                // internal errors.
                .badValue
            } else {
                kind(ofState: state, isWrite: query?.access.isWrite ?? false)
            }
        case .invalidConfiguration, .invalidStatement, .answerTooLarge: .failed
        }
    }

    /// Classes of errors that are independent of the value that was being read: of connections, transactions,
    /// resources, operator intervention and the system.
    private static let serversOwn: Set<Substring> = ["08", "25", "40", "53", "57", "58"]

    /// Indicates that the error is the statement's and not the values': it could not be prepared, or it uses a
    /// parameter as a type that no value of its input can be read as.
    private static func isStatementsFault(_ error: PostgresError, _ query: SQLStatement?) -> Bool {
        if error.isFromPreparing { return ["22", "42"].contains(error.sqlState?.prefix(2)) }
        guard let parameter = error.parameter, let oid = error.parameterTypeOID, let query,
            parameter < query.types.count
        else { return false }
        return !query.types[parameter].mayBeRead(as: oid)
    }

    /// Classifies an SQLSTATE (PostgreSQL manual, appendix A), much as PostgREST does.
    private static func kind(ofState state: String, isWrite: Bool) -> Code.Kind {
        switch state {
        case "23503", "23505", "23P01": return .conflict  // foreign key, unique, exclusion
        case "23514": return .badValue  // check
        case "42601": return .badValue  // syntax of a value, such as a tsquery
        case "40001", "40P01": return .contended  // serialization, deadlock
        case "55P03": return .contended  // lock_timeout, NOWAIT
        case "42501": return .forbidden
        case "57014": return .deadlineExceeded  // the server's own statement_timeout; ours never comes as an error
        case "P0001": return .refused  // RAISE EXCEPTION
        // A standby, or a server that was made read-only, takes no writes now; a GET route's statement never may.
        case "25006": return isWrite ? .unavailable : .failed
        default: break
        }
        switch state.prefix(2) {
        case "08": return .unavailable
        case "22": return .badValue  // data exceptions
        case "53": return .overloaded  // insufficient resources
        case "57": return state.hasPrefix("57P") ? .unavailable : .failed  // the server shuts down or starts
        default: return .failed
        }
    }
}
