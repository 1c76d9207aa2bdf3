import PostgresClient

extension DatabaseFailure {
    /// The failure that an error of the client or the server is.
    init(_ error: PostgresError, isWrite: Bool) {
        let commitIsOver: @Sendable () async -> Void = { await error.commitIsOver() }
        self.init(
            Self.kind(of: error, isWrite: isWrite),
            "\(error)",
            constraint: error.constraint,
            commitIsOver: error.code == .outcomeUnknown ? commitIsOver : nil
        )
    }

    private static func kind(of error: PostgresError, isWrite: Bool) -> Kind {
        switch error.code {
        case .unavailable, .connectionLost, .shutDown: .away
        case .tooManyWaiters, .leaseTimeout: .overloaded
        case .deadlineExceeded: .deadlineExceeded
        case .cancelled: .cancelled
        case .outcomeUnknown: .outcomeUnknown
        case .invalidParameter: .badValue
        case .server(let state): kind(ofState: state, isWrite: isWrite)
        case .invalidConfiguration, .invalidStatement, .answerTooLarge: .failed
        }
    }

    /// SQLSTATEs (PostgreSQL manual, appendix A), much as PostgREST reads them.
    private static func kind(ofState state: String, isWrite: Bool) -> Kind {
        switch state {
        case "23503", "23505", "23P01": return .conflict  // foreign key, unique, exclusion
        case "23514": return .badValue  // check
        case "40001", "40P01": return .contended  // serialization, deadlock
        case "42501": return .forbidden
        case "57014": return .deadlineExceeded  // the server's own statement_timeout; ours never comes as an error
        case "P0001": return .refused  // RAISE EXCEPTION
        // A standby, or a server that was made read-only, takes no writes now; a GET route's statement never may.
        case "25006": return isWrite ? .away : .failed
        default: break
        }
        switch state.prefix(2) {
        case "08": return .away
        case "22": return .badValue  // data exceptions
        case "53": return .overloaded  // insufficient resources
        case "57": return state.hasPrefix("57P") ? .away : .failed  // the server shuts down or starts
        default: return .failed
        }
    }
}
