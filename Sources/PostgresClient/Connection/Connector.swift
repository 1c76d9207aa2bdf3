import CPostgres
import NIOCore

/// Opens connections. It blocks, so it runs on threads of its own.
///
/// `PQconnectdbParams` and not `PQconnectPoll`, because libpq goes on to the next of several hosts after a timeout only
/// there, and because both resolve names without regard to anyone who waits. The price is that libpq itself prints what
/// a server says at login to the standard error: a notice processor can be set only afterwards.
struct Connector: Sendable {
    private let configuration: PostgresConfiguration
    private let namesService: Bool
    private let refusals = PostgresSessionRefusalProbe()

    /// - Throws: ``PostgresError/Code/invalidConfiguration`` where a value for libpq is one that no server can make right.
    init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        self.configuration = configuration
        namesService = configuration.hosts == .unknown
        guard configuration.session == .any || PQlibVersion() >= 140_000 else {
            throw PostgresError(.invalidConfiguration, "several hosts need libpq 14 or later, which knows their roles")
        }
        let faults = configuration.connectionFaults()
        guard faults.isEmpty else {
            throw PostgresError(.invalidConfiguration, faults.map(\.message).joined(separator: "; "))
        }
    }

    /// Opens a connection whose session has the settings of ``SessionSettings``.
    func connect() -> Result<LibpqConnectionHandle, PostgresError> {
        guard let connection = open() else { return .failure(PostgresError(.unavailable, "out of memory")) }
        do throws(PostgresError) {
            if PQstatus(connection) != CONNECTION_OK, let error = refusals.error(of: connection) { throw error }
            PQsetNoticeProcessor(connection, { _, _ in }, nil)
            // What libpq says of a connection that broke may begin with the last statement's error, values included.
            PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE)
            if configuration.statements == .named {
                try apply(SessionSettings.sql, to: connection)
                if let difference = SessionSettings.difference(connection) {
                    throw PostgresError(.unavailable, "the session's settings cannot be made right: \(difference)")
                }
                try applyConnectionCheck(to: connection)
                // A standby refuses every statement of a serializable transaction.
                if configuration.session == .preferStandby {
                    try apply("SET default_transaction_isolation = 'read committed'", to: connection)
                }
            }
            guard PQsetnonblocking(connection, 1) == 0 else {
                throw PostgresError(.unavailable, connection: connection)
            }
            return .success(LibpqConnectionHandle(pointer: connection))
        } catch {
            PQfinish(connection)
            return .failure(error)
        }
    }

    private func open() -> OpaquePointer? {
        var parameters = [("fallback_application_name", configuration.applicationName)]
        // A service file speaks only where nothing else does: what stands in it would not be seen.
        if !namesService {
            // A connection whose peer is gone without a word, as behind a router that forgot it, breaks in a minute.
            parameters += [
                ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
                ("tcp_user_timeout", "30000"),
            ]
        }
        if !namesService, System.environmentVariable("PGCONNECT_TIMEOUT") == nil {
            let seconds = (configuration.connectTimeout.nanoseconds + 999_999_999) / 1_000_000_000
            parameters.append(("connect_timeout", "\(max(2, seconds))"))
        }
        if configuration.session == .primary, System.environmentVariable("PGTARGETSESSIONATTRS") == nil {
            parameters.append(("target_session_attrs", "primary"))
        }
        // What comes later wins: what the connection string says is left alone, apart from what answers depend on.
        if let url = configuration.url { parameters.append(("dbname", url)) }
        if configuration.session == .preferStandby { parameters.append(("target_session_attrs", "prefer-standby")) }
        parameters.append(("client_encoding", "UTF8"))
        return System.withCStrings(parameters.map { $0.0 }) { keywords in
            System.withCStrings(parameters.map { $0.1 }) { values in PQconnectdbParams(keywords, values, 1) }
        }
    }

    /// Where the server can, has it end what it does for a client that is gone.
    private func applyConnectionCheck(to connection: OpaquePointer) throws(PostgresError) {
        guard PQserverVersion(connection) >= 140_000 else { return }
        do throws(PostgresError) {
            try apply(SessionSettings.connectionCheckSQL, to: connection)
        } catch {
            // Not every system that the server may run on can tell.
            guard error.sqlState != nil, PQstatus(connection) == CONNECTION_OK else { throw error }
        }
    }

    private func apply(_ sql: String, to connection: OpaquePointer) throws(PostgresError) {
        let deadline = NIODeadline.now() + configuration.connectTimeout
        var failure: PostgresError?
        guard PQsendQuery(connection, sql) == 1 else { throw PostgresError(.unavailable, connection: connection) }
        while true {
            while PQisBusy(connection) == 1 {
                let left = (deadline - .now()).nanoseconds / 1_000_000
                guard left > 0 else {
                    throw PostgresError(.unavailable, "the server takes too long to set up a session")
                }
                var descriptor = PollDescriptor(PQsocket(connection))
                descriptor.wait(milliseconds: Int32(clamping: left))
                guard !descriptor.isReady || PQconsumeInput(connection) == 1 else {
                    throw PostgresError(.unavailable, connection: connection)
                }
            }
            guard let result = PQgetResult(connection) else { break }
            defer { PQclear(result) }
            let status = PQresultStatus(result)
            if status != PGRES_COMMAND_OK, status != PGRES_TUPLES_OK {
                failure = failure ?? PostgresError(result: result)
            }
        }
        if let failure { throw failure }
    }
}
