/// The part of an inspection that an error is about.
package enum InspectionErrorScope: Hashable, Sendable {
    /// The statement, which the server refuses.
    case statement
    /// The statement, about which the server has no answer now: it waited too long for a lock, took too long, or found a
    /// deadlock.
    case answer
    /// The whole session: the connection, the server's resources, or its administrator.
    case session
}

extension PostgresError {
    /// The part of an inspection that the error is about, by its SQLSTATE.
    package var inspectionScope: InspectionErrorScope {
        guard let sqlState else { return .session }
        switch sqlState {
        case "55P03", "57014": return .answer
        default: break
        }
        switch sqlState.prefix(2) {
        case "40": return .answer
        case "08", "53", "57", "58": return .session
        default: return .statement
        }
    }
}
