import SQLSyntax

/// The SQL of triggers that `NOTIFY` a channel when a table changes, with the table's name as the payload.
///
/// There is one notification for each transaction, however many statements and rows it has. A statement that changes no
/// row causes none. `NOTIFY` takes a lock of the whole instance at commit. Changes by logical replication, and in
/// sessions with `session_replication_role = replica`, fire no trigger.
public struct TableTriggerSQL: Sendable {
    /// The default channel.
    public static let channel = "cached_routes"

    private let tables: [TableName]
    private let channel: String

    /// Makes triggers for these tables.
    ///
    /// - Parameters:
    ///   - tables: names in the form of ``TableName``; other texts are a programming error. The payload is the
    ///     canonical spelling.
    ///   - channel: the channel to notify.
    public init(tables: [String], channel: String = TableTriggerSQL.channel) {
        self.tables = tables.map { text in
            guard let name = TableName(text) else { preconditionFailure("'\(text)' is not a table's name") }
            return name
        }
        self.channel = channel
    }

    /// A transaction that creates the triggers of each table and all of its partitions and children, and announces a
    /// change of the tables that lacked one.
    ///
    /// Correct triggers are neither changed nor locked. It has to be run by a role that owns the tables, and again when
    /// a partition was added.
    public var installSQL: String {
        """
        -- Tells CachedRoutes of changes in: \(list)
        -- Run it as the owner of the tables. Run it again when a partition was added: it changes only what is missing.
        BEGIN;
        SET LOCAL lock_timeout = '5s';
        SET LOCAL client_min_messages = 'warning';

        DO \(delimiter)
        DECLARE
            wanted record;
            member record;
            event text;
            present record;
            notify oid;
            is_mended boolean;
            problem text;
            problems text[] := '{}';
        BEGIN
            -- All that is wrong is said at once, before anything is done.
            FOR wanted IN
                SELECT w.name, w.qualified, c.oid AS root, c.relkind, (SELECT inhparent::regclass
                    FROM pg_catalog.pg_inherits WHERE inhrelid = c.oid LIMIT 1) AS parent
                FROM \(wanted) LEFT JOIN \(Self.catalog)
            LOOP
                problem := CASE
                    WHEN wanted.root IS NULL THEN pg_catalog.format('there is no table %s', wanted.qualified)
                    WHEN wanted.relkind NOT IN ('r', 'p') THEN pg_catalog.format(
                        '%s is a %s, not a table: name the tables that it reads',
                        wanted.qualified, CASE wanted.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                            WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'thing of another kind' END)
                    WHEN wanted.parent IS NOT NULL THEN pg_catalog.format(
                        '%s is a part of the table %s: name that one, whose statements reach it',
                        wanted.qualified, wanted.parent)
                    -- Triggers that look at what a statement has changed make one fail that reaches a foreign table.
                    ELSE (SELECT pg_catalog.format('%s has the foreign table %s among its parts', wanted.qualified, name)
                        FROM (\(Self.tree("wanted.root", kinds: "'f'"))) AS part LIMIT 1)
                END;
                problems := problems || problem;
            END LOOP;
            problems := pg_catalog.array_remove(problems, NULL);
            IF problems <> '{}' THEN
                RAISE EXCEPTION 'cached-routes triggers: %', pg_catalog.array_to_string(problems, '; ')
                    USING HINT = 'Nothing was changed. The names are those under "tables" in the manifests.';
            END IF;

            FOR wanted IN
                SELECT w.name, w.schema, w.qualified, c.oid AS root FROM \(wanted) JOIN \(Self.catalog)
            LOOP
                BEGIN
                notify := pg_catalog.to_regprocedure(pg_catalog.format('%I.\(TriggerFunction.name)()', wanted.schema));
                is_mended := false;
                IF notify IS NULL OR \(isDifferent("notify")) THEN
                    EXECUTE pg_catalog.format(
                        'CREATE OR REPLACE FUNCTION %I.\(TriggerFunction.name)() RETURNS trigger
                            LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS %L',
                        wanted.schema, \(SQLLiteral.quoted(body))
                    );
                    -- What its triggers have said meanwhile is not known, nor of which tables.
                    is_mended := notify IS NOT NULL;
                    notify := pg_catalog.to_regprocedure(pg_catalog.format('%I.\(TriggerFunction.name)()', wanted.schema));
                    IF is_mended THEN
                        PERFORM pg_catalog.pg_notify(\(SQLLiteral.quoted(channel)), other.name)
                            FROM \(wantedAs("other")) WHERE other.schema = wanted.schema;
                    END IF;
                END IF;
                -- A statement that names a partition or a child fires no trigger of its parent.
                FOR member IN
                    \(Self.tree("wanted.root"))
                LOOP
                    FOREACH event IN ARRAY ARRAY[\(Self.events)] LOOP
                        SELECT \(TriggerFunction.isEnabled("t")) AND \(isRight) AS is_right
                            INTO present FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
                            WHERE t.tgrelid = member.oid AND t.tgname = 'cached_routes_' || event;
                        CONTINUE WHEN present.is_right;
                        is_mended := true;
                        EXECUTE pg_catalog.format('DROP TRIGGER IF EXISTS cached_routes_%s ON %s', event, member.name);
                        EXECUTE pg_catalog.format(
                            'CREATE TRIGGER cached_routes_%1$s AFTER %1$s ON %2$s %3$s
                                FOR EACH STATEMENT EXECUTE FUNCTION %4$I.\(TriggerFunction.name)(%5$L)',
                            event, member.name,
                            CASE event
                                WHEN 'truncate' THEN ''
                                WHEN 'delete' THEN 'REFERENCING OLD TABLE AS changed'
                                ELSE 'REFERENCING NEW TABLE AS changed'
                            END,
                            wanted.schema, wanted.name
                        );
                    END LOOP;
                END LOOP;
                -- Nobody was told of what has changed before: purges what was made from it.
                IF is_mended THEN
                    PERFORM pg_catalog.pg_notify(\(SQLLiteral.quoted(channel)), wanted.name);
                END IF;
                \(Self.missingRights(createsFunction: true))
            END LOOP;
            \(Self.raiseMissingRights)
        END
        \(delimiter);

        COMMIT;

        """
    }

    /// A transaction that removes the triggers, and the function if nothing uses it any more. It announces a change of
    /// the tables.
    public var removeSQL: String {
        """
        -- CachedRoutes no longer hears of changes in: \(list)
        BEGIN;
        SET LOCAL lock_timeout = '5s';
        SET LOCAL client_min_messages = 'warning';

        DO \(delimiter)
        DECLARE
            wanted record;
            member record;
            event text;
            is_changed boolean;
            problems text[] := '{}';
        BEGIN
            FOR wanted IN
                SELECT w.name, w.schema, w.qualified, c.oid AS root FROM \(wanted) JOIN \(Self.catalog)
            LOOP
                BEGIN
                is_changed := false;
                FOR member IN
                    \(Self.tree("wanted.root"))
                LOOP
                    FOREACH event IN ARRAY ARRAY[\(Self.events)] LOOP
                        IF EXISTS (SELECT FROM pg_catalog.pg_trigger
                            WHERE tgrelid = member.oid AND tgname = 'cached_routes_' || event)
                        THEN
                            is_changed := true;
                            EXECUTE pg_catalog.format('DROP TRIGGER cached_routes_%s ON %s', event, member.name);
                        END IF;
                    END LOOP;
                END LOOP;
                IF is_changed THEN
                    PERFORM pg_catalog.pg_notify(\(SQLLiteral.quoted(channel)), wanted.name);
                END IF;
                \(Self.missingRights(createsFunction: false))
            END LOOP;
            \(Self.raiseMissingRights)
            FOR wanted IN
                SELECT DISTINCT p.oid, w.schema FROM \(wanted)
                JOIN pg_catalog.pg_proc p ON p.oid
                    = pg_catalog.to_regprocedure(pg_catalog.format('%I.\(TriggerFunction.name)()', w.schema))
                WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgfoid = p.oid)
            LOOP
                EXECUTE pg_catalog.format('DROP FUNCTION %I.\(TriggerFunction.name)()', wanted.schema);
            END LOOP;
        END
        \(delimiter);

        COMMIT;

        """
    }

    /// The dollar quotes around the block, which none of the names may contain.
    private var delimiter: String {
        var tag = "cached_routes"
        // Bytes, because a dollar sign and the combining mark behind it are one character.
        while (tables.map(\.sql) + [channel]).contains(where: { $0.utf8.contains("$\(tag)$".utf8) }) { tag += "_" }
        return "$\(tag)$"
    }

    private var body: String { TriggerFunction.body(channel: channel) }

    /// The names for a comment, which ends with its line.
    private var list: String {
        tables.map { $0.description.split(whereSeparator: \.isNewline).joined(separator: " ") }.joined(separator: ", ")
    }

    private static let events = TriggerFunction.events.map(SQLLiteral.quoted).joined(separator: ", ")

    private var wanted: String { wantedAs("w") }

    private func wantedAs(_ alias: String) -> String {
        let rows = tables.map { table in
            let columns = [table.description, table.schema, table.relation, table.sql].map(SQLLiteral.quoted)
            return "(\(columns.joined(separator: ", ")))"
        }
        return """
            (VALUES
                    \(rows.joined(separator: ",\n            "))
                ) AS \(alias)(name, schema, relation, qualified)
            """
    }

    /// Joins the catalog's row of a wanted table by name. A cast would require permissions and raise the same error for
    /// all reasons.
    private static let catalog = """
        (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)
                    ON n.nspname = w.schema::name AND c.relname = w.relation::name
        """

    /// Returns the condition that a function, given by its oid, differs from the one that would be created.
    private func isDifferent(_ function: String) -> String {
        """
        EXISTS (SELECT FROM pg_catalog.pg_proc p
                    WHERE p.oid = \(function) AND \(TriggerFunction.isDifferent("p", SQLLiteral.quoted(body))))
        """
    }

    private var isRight: String {
        TriggerFunction.isRight(
            trigger: "t",
            function: "p",
            event: "event",
            table: "wanted.name",
            body: SQLLiteral.quoted(body)
        )
    }

    /// Returns a query for a table and all tables that inherit from it, of these kinds: by default ordinary and
    /// partitioned tables.
    private static func tree(_ root: String, kinds: String = "'r', 'p'") -> String {
        """
        WITH RECURSIVE tree(oid) AS (
                            SELECT \(root)::oid
                            UNION
                            SELECT inhrelid FROM pg_catalog.pg_inherits JOIN tree ON inhparent = tree.oid
                        )
                        SELECT tree.oid, tree.oid::regclass::text AS name
                        FROM tree JOIN pg_catalog.pg_class ON pg_class.oid = tree.oid
                        WHERE relkind IN (\(kinds)) AND relpersistence <> 't'
        """
    }
}
