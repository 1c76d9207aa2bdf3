import CPostgres

/// The session settings that determine the text of values, and so the bytes of every answer, and that forbid writes.
///
/// They are set after the connection is established and not by the connection string's `options`, for three reasons:
/// they override the defaults of roles, databases, the connection string and the environment; `options` remains free
/// for the user; and with `default_transaction_read_only` in `options`, libpq would consider every server read-only,
/// and `target_session_attrs=read-write` would find none.
enum SessionSettings {
    private static let wanted: [(name: StaticString, value: StaticString)] = [
        ("client_encoding", "UTF8"),
        ("DateStyle", "ISO, MDY"),
        ("IntervalStyle", "postgres"),
        ("TimeZone", "UTC"),
        ("bytea_output", "hex"),
        ("extra_float_digits", "1"),
        ("standard_conforming_strings", "on"),
        ("default_transaction_read_only", "on"),
    ]

    /// The statements that set them for a session.
    static let sql = wanted.map { "SET \($0.name) = '\($0.value)'" }.joined(separator: "; ")

    /// The statements that set them for a transaction. BEGIN declares its access mode, and the encoding is a parameter
    /// of the connection.
    static let localSQL = wanted.filter {
        !["client_encoding", "default_transaction_read_only"].contains("\($0.name)")
    }
    .map { "SET LOCAL \($0.name) = '\($0.value)'" }.joined(separator: "; ")

    /// Returns the SQL that sets the session's `statement_timeout`; `nil` resets it. A shorter limit from a role, a
    /// database or the connection string remains.
    static func timeLimitSQL(milliseconds: Int64?) -> String {
        guard let milliseconds else { return "RESET statement_timeout" }
        return """
            SELECT set_config('statement_timeout', CASE WHEN reset_val::bigint BETWEEN 1 AND \(milliseconds) THEN reset_val \
            ELSE '\(milliseconds)' END, false) FROM pg_settings WHERE name = 'statement_timeout'
            """
    }

    /// Returns the SQL that sets the transaction's `statement_timeout`, unless a shorter one is set.
    static func localTimeLimitSQL(milliseconds: Int64) -> String {
        """
        SELECT set_config('statement_timeout', '\(milliseconds)', true) WHERE current_setting('statement_timeout')::interval \
        NOT BETWEEN '1ms' AND '\(milliseconds)ms'
        """
    }

    /// The SQL that has the server (14 and later) check while it executes a statement if the client is still connected,
    /// unless an interval for that is configured.
    static let connectionCheckSQL = """
        SELECT set_config('client_connection_check_interval', '2s', false) \
        WHERE current_setting('client_connection_check_interval') = '0'
        """

    /// The setting with the isolation level of transactions that declare none, which is also the column's name in the
    /// result of SHOW.
    static let defaultIsolation = "default_transaction_isolation"

    /// The query for the WAL position up to which a standby has replayed; NULL on a primary.
    static let positionSQL = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END"

    /// Returns a description of a setting whose reported value differs; `nil` if there is none.
    ///
    /// It is called after each query, so it compares the bytes of C strings without making strings of them.
    static func difference(_ connection: OpaquePointer) -> String? {
        for (name, value) in wanted {
            // Not every setting is reported, and older servers report fewer.
            guard let reported = PQparameterStatus(connection, System.pointer(to: name)) else { continue }
            if !System.isEqual(reported, value) {
                return "\(name) is \(String(cString: reported)), but has to be \(value)"
            }
        }
        return nil
    }
}
