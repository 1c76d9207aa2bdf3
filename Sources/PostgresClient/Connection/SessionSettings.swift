import CPostgres

/// The session's settings on which the text of values, and so the bytes of every answer, depend.
///
/// They are set after the connection is established and not by the connection string's `options`, for three reasons:
/// they win over whatever a role, a database, the connection string and the environment say; `options` stays the user's
/// own; and with `default_transaction_read_only` in `options` libpq would take every server for one that refuses writes
/// and `target_session_attrs=read-write` would find none.
enum SessionSettings {
    private static let wanted: [(name: String, value: String)] = [
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

    /// The statements that set them for a transaction, which itself says whether it reads only. The encoding is the
    /// connection's own.
    static let localSQL = wanted.filter { !["client_encoding", "default_transaction_read_only"].contains($0.name) }
        .map { "SET LOCAL \($0.name) = '\($0.value)'" }.joined(separator: "; ")

    /// The SQL that limits the time of the session's statements. A shorter limit that a role, a database or the connection string
    /// has stays.
    static func timeLimitSQL(milliseconds: Int64?) -> String {
        guard let milliseconds else { return "RESET statement_timeout" }
        return """
            SELECT set_config('statement_timeout', CASE WHEN reset_val::bigint BETWEEN 1 AND \(milliseconds) THEN reset_val \
            ELSE '\(milliseconds)' END, false) FROM pg_settings WHERE name = 'statement_timeout'
            """
    }

    /// The SQL that limits the time of the transaction's statements, unless a shorter limit is there.
    static func localTimeLimitSQL(milliseconds: Int64) -> String {
        """
        SELECT set_config('statement_timeout', '\(milliseconds)', true) WHERE current_setting('statement_timeout')::interval \
        NOT BETWEEN '1ms' AND '\(milliseconds)ms'
        """
    }

    /// The SQL that has the server (14 and later) look while it works whether the client is still there, unless somebody else has
    /// said how often.
    static let connectionCheckSQL = """
        SELECT set_config('client_connection_check_interval', '2s', false) \
        WHERE current_setting('client_connection_check_interval') = '0'
        """

    /// The setting that says which isolation a transaction has that is begun without one, and the column in which SHOW gives it.
    static let defaultIsolation = "default_transaction_isolation"

    /// Finds how far a standby has replayed the log; NULL on a primary.
    static let positionSQL = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END"

    /// A setting that the server reports and that is not as it has to be; `nil` when all is well.
    static func difference(_ connection: OpaquePointer) -> String? {
        for (name, value) in wanted {
            // Not every setting is reported, and older servers report fewer.
            guard let reported = PQparameterStatus(connection, name) else { continue }
            if !System.isEqual(reported, value) {
                return "\(name) is \(String(cString: reported)), but has to be \(value)"
            }
        }
        return nil
    }
}
