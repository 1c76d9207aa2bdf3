import CPostgres

/// A session for tools that ask a database about statements, one command after another.
///
/// Its calls block, and only one thread may use it at a time. A session of the pool would not do: it is read-only, and
/// what is asked here needs temporary views and transactions of its own.
package final class InspectionSession {
    private let connection: OpaquePointer
    /// The longest silence of the server, in seconds. It ends statements of 30 s itself, if it can.
    private let silenceLimit: Int

    /// Opens a session with the settings of those that answer requests, except that it may write.
    ///
    /// - Parameters:
    ///   - url: a libpq connection string; `nil` leaves everything to libpq's environment.
    ///   - silenceLimit: the longest time in seconds for which a server may be silent before the session is given up.
    /// - Throws: ``PostgresError/Code/invalidConfiguration`` for a connection string that is wrong for any server, and
    ///   ``PostgresError/Code/unavailable`` if there is no session.
    package init(url: String?, silenceLimit: Int = 60) throws(PostgresError) {
        let faults = PostgresConfiguration(url: url).connectionFaults()
        guard faults.isEmpty else {
            throw PostgresError(.invalidConfiguration, faults.map(\.message).joined(separator: "; "))
        }
        var parameters = [("fallback_application_name", "cached-routes check")]
        if System.environmentVariable("PGCONNECT_TIMEOUT") == nil { parameters.append(("connect_timeout", "10")) }
        if let url { parameters.append(("dbname", url)) }
        parameters.append(("client_encoding", "UTF8"))
        let opened = System.withCStrings(parameters.map(\.0)) { keywords in
            System.withCStrings(parameters.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let opened else { throw PostgresError(.unavailable, "out of memory") }
        connection = opened
        self.silenceLimit = silenceLimit
        guard PQstatus(opened) == CONNECTION_OK else { throw PostgresError(.unavailable, connection: opened) }
        PQsetNoticeProcessor(opened, { _, _ in }, nil)
        try run(SessionSettings.sql)
        try run("SET default_transaction_read_only = off; SET statement_timeout = '30s'; SET lock_timeout = '2s'")
        // Only superusers and those who were granted it may set the language of messages.
        do throws(PostgresError) { try run("SET lc_messages = 'C'") } catch {
            guard error.sqlState != nil else { throw error }
        }
    }

    deinit { PQfinish(connection) }

    /// The server's version as libpq has it: `150004` for 15.4.
    package var serverVersion: Int { Int(PQserverVersion(connection)) }

    /// The server's version in the words of its administrator, such as `15.4`.
    package var serverVersionText: String {
        let text = PQparameterStatus(connection, "server_version").map { String(cString: $0) } ?? ""
        return String(text.prefix { $0 != " " })
    }

    /// Runs statements without parameters, and drops their results.
    package func run(_ sql: String) throws(PostgresError) {
        _ = try answer(result { PQsendQuery($0, sql) }, PQclear)
    }

    /// Runs a statement and returns its rows; NULL is `nil`.
    package func rows(_ sql: String, _ parameters: PostgresParameters = .init()) throws(PostgresError) -> [[String?]] {
        try answer(try execute(sql, parameters)) { result in
            defer { PQclear(result) }
            return (0..<PQntuples(result)).map { row in
                (0..<PQnfields(result)).map { column in
                    PQgetisnull(result, row, column) == 1
                        ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
                }
            }
        }
    }

    /// Inspects tables and the triggers that announce their changes.
    ///
    /// - Parameter tables: names as ``TableName`` reads them.
    package func reports(ofTables tables: [String]) throws(PostgresError) -> [TableReport] {
        let inspection = TriggerInspection(tables: tables, channel: TableTriggerSQL.channel)
        return try answer(try execute(TriggerInspection.sql, inspection.parameters)) { result in
            defer { PQclear(result) }
            return inspection.reports(result)
        }
    }

    /// Runs `body` in a transaction that is rolled back in the end.
    ///
    /// - Parameters:
    ///   - beginning: the statements that begin it.
    ///   - body: runs in it.
    package func transaction<Result>(
        _ beginning: String = "BEGIN",
        _ body: () throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        do throws(PostgresError) {
            try run(beginning)
            let result = try body()
            try run("ROLLBACK")
            return result
        } catch {
            // Of a broken connection, the first error says more.
            do throws(PostgresError) { try run("ROLLBACK") } catch {}
            throw error
        }
    }

    // MARK: - Prepared statements

    func prepare(_ name: String, _ statement: TypedStatement) throws(PostgresError) {
        let result = try result { connection in
            statement.types.withUnsafeBufferPointer { types in
                PQsendPrepare(connection, name, statement.sql, Int32(types.count), types.baseAddress)
            }
        }
        _ = try answer(result, PQclear)
    }

    /// Describes a prepared statement.
    func describe(_ name: String) throws(PostgresError) -> InspectedStatement.Form {
        try answer(result { PQsendDescribePrepared($0, name) }) { result in
            defer { PQclear(result) }
            return InspectedStatement.Form(
                columns: (0..<PQnfields(result)).map { column in
                    InspectedStatement.Column(
                        name: String(cString: PQfname(result, column)),
                        typeOID: PQftype(result, column),
                        table: PQftable(result, column),
                        number: Int(PQftablecol(result, column))
                    )
                },
                parameterOIDs: (0..<PQnparams(result)).map { PQparamtype(result, $0) }
            )
        }
    }

    // MARK: - Results

    private func execute(_ sql: String, _ parameters: PostgresParameters) throws(PostgresError) -> OpaquePointer? {
        try result { connection in
            parameters.withPointers { values in
                PQsendQueryParams(connection, sql, Int32(values.count), nil, values.baseAddress, nil, nil, 0)
            }
        }
    }

    /// Sends a command and returns the last of its results; `nil` if it has none.
    ///
    /// - Parameter send: sends it, and returns 1 if it did.
    private func result(_ send: (OpaquePointer) -> Int32) throws(PostgresError) -> OpaquePointer? {
        guard send(connection) == 1 else { throw PostgresError(.connectionLost, connection: connection) }
        var last: OpaquePointer?
        do throws(PostgresError) {
            while true {
                try waitForResult()
                guard let next = PQgetResult(connection) else { return last }
                PQclear(last)
                last = next
            }
        } catch {
            PQclear(last)
            throw error
        }
    }

    /// Waits until a result can be taken without blocking.
    private func waitForResult() throws(PostgresError) {
        var silence = 0
        while PQisBusy(connection) == 1 {
            var socket = PollDescriptor(PQsocket(connection))
            socket.wait(milliseconds: 1000)
            guard socket.isReady else {
                silence += 1
                guard silence < silenceLimit else {
                    throw PostgresError(.connectionLost, "the server has not answered for \(silenceLimit) s")
                }
                continue
            }
            silence = 0
            guard PQconsumeInput(connection) == 1 else { throw PostgresError(.connectionLost, connection: connection) }
        }
    }

    /// Reads a result, which `read` frees, or throws its error.
    private func answer<Answer>(
        _ result: OpaquePointer?,
        _ read: (OpaquePointer) -> Answer
    ) throws(PostgresError) -> Answer {
        guard let result else { throw PostgresError(.connectionLost, connection: connection) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return read(result)
        case PGRES_EMPTY_QUERY:
            PQclear(result)
            throw PostgresError(.invalidStatement, "the statement is empty")
        default:
            defer { PQclear(result) }
            guard PQstatus(connection) == CONNECTION_OK else {
                throw PostgresError(.connectionLost, PostgresError(result: result).message)
            }
            throw PostgresError(result: result)
        }
    }
}
