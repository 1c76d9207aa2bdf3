import CPostgres
import NIOCore

/// Opens connections. It blocks, so it runs on threads of its own.
///
/// It uses `PQconnectdbParams` and not `PQconnectPoll`, because only the former tries the next of several hosts after a
/// timeout, and both block while they resolve names. The drawback is that libpq prints the server's messages at login
/// to the standard error, because a notice processor can only be set afterwards.
struct Connector: Sendable {
    private let configuration: PostgresConfiguration
    private let namesService: Bool
    private let refusals = PostgresSessionRefusalProbe()

    /// - Throws: ``PostgresError/Code/invalidConfiguration`` if a value for libpq is invalid whatever the server, or if
    ///   libpq is too old for several hosts.
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

    /// Opens a connection. With named statements, its session has the settings of ``SessionSettings``; otherwise each
    /// transaction sets them.
    func connect() -> Result<LibpqConnectionHandle, PostgresError> {
        guard let connection = open() else { return .failure(PostgresError(.unavailable, "out of memory")) }
        do throws(PostgresError) {
            if PQstatus(connection) != CONNECTION_OK, let error = refusals.error(of: connection) { throw error }
            PQsetNoticeProcessor(connection, { _, _ in }, nil)
            // libpq's message about a broken connection may begin with the last statement's error, including its
            // values.
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
        // A service file only sets what nothing else does, so the defaults below would override it.
        if !namesService {
            // A connection whose peer has vanished silently, as behind a router that lost its state, breaks within a
            // minute.
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
        // Later parameters win: the connection string overrides the defaults above, and is overridden only where
        // answers depend on a value.
        if let url = configuration.url { parameters.append(("dbname", url)) }
        if configuration.session == .preferStandby { parameters.append(("target_session_attrs", "prefer-standby")) }
        parameters.append(("client_encoding", "UTF8"))
        return System.withCStrings(parameters.map { $0.0 }) { keywords in
            System.withCStrings(parameters.map { $0.1 }) { values in PQconnectdbParams(keywords, values, 1) }
        }
    }

    /// Has the server, if it supports that, end the statements of a client that has disconnected.
    private func applyConnectionCheck(to connection: OpaquePointer) throws(PostgresError) {
        guard PQserverVersion(connection) >= 140_000 else { return }
        do throws(PostgresError) {
            try apply(SessionSettings.connectionCheckSQL, to: connection)
        } catch {
            // Not every operating system of a server supports this.
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
