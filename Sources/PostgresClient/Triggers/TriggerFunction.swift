/// The function behind the triggers of a schema's tables, and the triggers' names.
enum TriggerFunction {
    /// The function's name.
    static let name = "cached_routes_notify"
    /// What a statement can do to a table, each with a trigger of its own.
    static let events = ["insert", "update", "delete", "truncate"]

    /// The name of an event's trigger.
    static func trigger(of event: String) -> String { "cached_routes_\(event)" }

    /// The function's body: tells `channel` of a statement that has changed a row.
    static func body(channel: String) -> String {
        """

        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                PERFORM pg_notify(\(literal(channel)), TG_ARGV[0]);
            ELSIF EXISTS (SELECT FROM changed) THEN
                PERFORM pg_notify(\(literal(channel)), TG_ARGV[0]);
            END IF;
            RETURN NULL;
        END

        """
    }

    /// A text as SQL has it.
    static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
