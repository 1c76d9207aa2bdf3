import CPostgres
import Synchronization

/// Finds out why a server refuses sessions.
///
/// libpq includes the SQLSTATE of a refusal only in verbose messages, and the verbosity can only be set on a connection
/// that exists already. So the first refusal with a given message is followed by a second attempt. Its result does not
/// depend on the server's language.
final class PostgresSessionRefusalProbe: Sendable {
    private let last = Mutex<(message: String, refusal: PostgresSessionRefusal?)?>(nil)

    /// Returns the error of a connection that could not be opened; `nil` if the second attempt has opened it.
    func error(of connection: OpaquePointer) -> PostgresError? {
        var error = PostgresError(.unavailable, connection: connection)
        if PQconnectionNeedsPassword(connection) == 1 {
            error.refusal = .passwordMissing
        } else if Self.isServersWord(error.message) {
            if let last = last.withLock({ $0 }), last.message == error.message {
                error.refusal = last.refusal
                return error
            }
            PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
            PQreset(connection)
            PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
            if PQstatus(connection) == CONNECTION_OK { return nil }
            let state = PQerrorMessage(connection).flatMap { Self.state(in: String(cString: $0)) }
            let refusal = state.flatMap { PostgresSessionRefusal(sqlState: $0) }
            error.refusal = refusal
            last.withLock { [message = error.message] in $0 = (message, refusal) }
        }
        return error
    }

    /// Returns true if the message contains an error of the server, whose severity is followed by a colon and two
    /// spaces.
    private static func isServersWord(_ message: String) -> Bool { message.contains(":  ") }

    /// Returns the SQLSTATE after the severity in a verbose message; that of the first host if there are several.
    static func state(in message: String) -> String? {
        var rest = message[...]
        while let severity = rest.firstRange(of: ":  ") {
            rest = rest[severity.upperBound...]
            let state = rest.prefix(5)
            let isState = state.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
            if state.count == 5, isState, rest.dropFirst(5).first == ":" { return String(state) }
        }
        return nil
    }
}
