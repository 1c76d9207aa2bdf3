import SQLSyntax

/// The function of the triggers of a schema's tables, and the triggers' names.
enum TriggerFunction {
    /// The function's name.
    static let name = "cached_routes_notify"
    /// The events that fire triggers, each with its own trigger.
    static let events = ["insert", "update", "delete", "truncate"]

    /// Returns the name of an event's trigger.
    static func trigger(of event: String) -> String { "cached_routes_\(event)" }

    /// Returns the function's body, which notifies `channel` of a statement that has changed a row.
    static func body(channel: String) -> String {
        """

        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                PERFORM pg_notify(\(SQLLiteral.quoted(channel)), TG_ARGV[0]);
            ELSIF EXISTS (SELECT FROM changed) THEN
                PERFORM pg_notify(\(SQLLiteral.quoted(channel)), TG_ARGV[0]);
            END IF;
            RETURN NULL;
        END

        """
    }

    // MARK: - Conditions

    /// Returns the condition that a row of `pg_trigger` fires in ordinary sessions.
    static func isEnabled(_ trigger: String) -> String { "\(trigger).tgenabled IN ('O', 'A')" }

    /// Returns the condition that a trigger announces an event of a table.
    ///
    /// The function may belong to any schema: a table keeps its triggers when it moves to another one.
    ///
    /// - Parameters:
    ///   - trigger: a row of `pg_trigger`.
    ///   - function: the trigger's row of `pg_proc`.
    ///   - event: an expression that is one of ``events``.
    ///   - table: an expression for the payload.
    ///   - body: an expression for the function's body.
    static func isRight(trigger: String, function: String, event: String, table: String, body: String) -> String {
        """
        \(function).proname = '\(name)' AND NOT \(isDifferent(function, body))
            AND \(trigger).tgqual IS NULL AND \(trigger).tgattr::text = '' AND \(trigger).tgnargs = 1
            AND \(trigger).tgargs = pg_catalog.convert_to(\(table), pg_catalog.getdatabaseencoding())
                || pg_catalog.decode('00', 'hex')
            AND \(trigger).tgtype = CASE \(event)
                WHEN 'insert' THEN 4 WHEN 'update' THEN 16 WHEN 'delete' THEN 8 ELSE 32 END
            AND \(trigger).tgoldtable IS NOT DISTINCT FROM CASE \(event) WHEN 'delete' THEN 'changed' END
            AND \(trigger).tgnewtable IS NOT DISTINCT FROM CASE \(event)
                WHEN 'insert' THEN 'changed' WHEN 'update' THEN 'changed' END
        """
    }

    /// Returns the condition that a row of `pg_proc` has another body than this, ignoring carriage returns, which some
    /// programs add.
    static func isDifferent(_ function: String, _ body: String) -> String {
        """
        pg_catalog.translate(\(function).prosrc, pg_catalog.chr(13), '')
            <> pg_catalog.translate(\(body), pg_catalog.chr(13), '')
        """
    }
}
