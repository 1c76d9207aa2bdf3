/// The SQL of triggers that `NOTIFY` a channel when a table changes, with the table's name as the payload.
///
/// There is one notice for a transaction, however many statements and rows it has; a statement that changes no row is silent.
/// `NOTIFY` takes a lock of the whole instance at commit. Changes that logical replication brings, and those of sessions with
/// `session_replication_role = replica`, fire no trigger.
public struct TableTriggers: Sendable {
    /// The channel that services listen on.
    public static let channel = "cached_routes"

    private let tables: [Table]
    private let channel: String

    /// A table and the name that notices give it.
    private struct Table {
        let name: String
        let schema: String
        let relation: String

        init(_ name: String) {
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            self.name = name
            schema = parts.count == 2 ? parts[0] : "public"
            relation = parts.count == 2 ? parts[1] : name
        }

        /// The table as SQL spells it.
        var qualified: String { "\(TableTriggers.identifier(schema)).\(TableTriggers.identifier(relation))" }
    }

    /// Triggers for these tables.
    ///
    /// - Parameters:
    ///   - tables: `users` for a table of the schema `public`, or `audit.events`, as the catalog spells them. A notice has the name
    ///     that is given here.
    ///   - channel: what is notified.
    public init(tables: [String], channel: String = TableTriggers.channel) {
        self.tables = tables.map(Table.init)
        self.channel = channel
    }

    private static let events = ["insert", "update", "delete", "truncate"]

    /// A transaction that makes the triggers, on each table and on all of its partitions and children. What is as it should be is
    /// left alone and not locked. It has to be run by a role that owns the tables, and again when a partition was added.
    public var installSQL: String {
        """
        -- Tells CachedRoutes of changes in: \(tables.map(\.name).joined(separator: ", "))
        -- Run it as the owner of the tables. Run it again when a partition was added: it changes only what is missing.
        BEGIN;
        SET LOCAL lock_timeout = '5s';

        \(schemas.map(function).joined(separator: "\n\n"))

        DO $cached_routes$
        DECLARE
            wanted record;
            member record;
            event text;
            present record;
        BEGIN
            FOR wanted IN SELECT * FROM (VALUES
                \(values { "\(Self.literal($0.qualified))::regclass" })
            ) AS wanted(name, root, notify) LOOP
                IF (SELECT relkind NOT IN ('r', 'p') FROM pg_catalog.pg_class WHERE oid = wanted.root) THEN
                    RAISE EXCEPTION '% is no table: name the tables that it reads', wanted.root;
                END IF;
                IF EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = wanted.root) THEN
                    RAISE EXCEPTION '% is a part of another table: name that, whose statements reach it', wanted.root;
                END IF;
                -- Triggers that look at what a statement has changed make one fail that reaches a foreign table.
                FOR member IN
                    \(Self.tree("wanted.root", kinds: "'f'"))
                LOOP
                    RAISE EXCEPTION '% has the foreign table % among its parts', wanted.root, member.name;
                END LOOP;
                -- A statement that names a partition or a child fires no trigger of its parent.
                FOR member IN
                    \(Self.tree("wanted.root"))
                LOOP
                    FOREACH event IN ARRAY ARRAY[\(Self.events.map { "'\($0)'" }.joined(separator: ", "))] LOOP
                        SELECT tgenabled IN ('O', 'A') AND tgfoid = wanted.notify
                                AND tgargs = pg_catalog.convert_to(wanted.name, 'UTF8') || '\\x00'::bytea AS is_right
                            INTO present FROM pg_catalog.pg_trigger
                            WHERE tgrelid = member.oid AND tgname = 'cached_routes_' || event;
                        CONTINUE WHEN present.is_right;
                        EXECUTE pg_catalog.format('DROP TRIGGER IF EXISTS cached_routes_%s ON %s', event, member.name);
                        EXECUTE pg_catalog.format(
                            'CREATE TRIGGER cached_routes_%1$s AFTER %1$s ON %2$s %3$s
                                FOR EACH STATEMENT EXECUTE FUNCTION %4$s(%5$L)',
                            event, member.name,
                            CASE event
                                WHEN 'truncate' THEN ''
                                WHEN 'delete' THEN 'REFERENCING OLD TABLE AS changed'
                                ELSE 'REFERENCING NEW TABLE AS changed'
                            END,
                            wanted.notify::regproc, wanted.name
                        );
                    END LOOP;
                END LOOP;
            END LOOP;
        END
        $cached_routes$;

        COMMIT;

        """
    }

    /// A transaction that removes the triggers, and the function where nothing uses it any more.
    public var removeSQL: String {
        """
        -- CachedRoutes no longer hears of changes in: \(tables.map(\.name).joined(separator: ", "))
        BEGIN;

        DO $cached_routes$
        DECLARE
            wanted record;
            member record;
            event text;
        BEGIN
            FOR wanted IN SELECT * FROM (VALUES
                \(values { "pg_catalog.to_regclass(\(Self.literal($0.qualified)))" })
            ) AS wanted(name, root, notify) WHERE root IS NOT NULL LOOP
                FOR member IN
                    \(Self.tree("wanted.root"))
                LOOP
                    FOREACH event IN ARRAY ARRAY[\(Self.events.map { "'\($0)'" }.joined(separator: ", "))] LOOP
                        IF EXISTS (SELECT FROM pg_catalog.pg_trigger
                            WHERE tgrelid = member.oid AND tgname = 'cached_routes_' || event)
                        THEN
                            EXECUTE pg_catalog.format('DROP TRIGGER cached_routes_%s ON %s', event, member.name);
                        END IF;
                    END LOOP;
                END LOOP;
            END LOOP;
            FOR wanted IN SELECT * FROM (VALUES
                \(schemas.map { "(\(Self.toProcedure($0)))" }.joined(separator: ",\n        "))
            ) AS wanted(notify) WHERE notify IS NOT NULL LOOP
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgfoid = wanted.notify) THEN
                    EXECUTE pg_catalog.format('DROP FUNCTION %s()', wanted.notify::regproc);
                END IF;
            END LOOP;
        END
        $cached_routes$;

        COMMIT;

        """
    }

    /// The schemas of the tables: the function stands beside them, where their owner may make it.
    private var schemas: [String] {
        var seen: Set<String> = []
        return tables.map(\.schema).filter { seen.insert($0).inserted }
    }

    private func function(in schema: String) -> String {
        """
        CREATE OR REPLACE FUNCTION \(Self.identifier(schema)).cached_routes_notify() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $cached_routes$
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                PERFORM pg_notify(\(Self.literal(channel)), TG_ARGV[0]);
            ELSIF EXISTS (SELECT FROM changed) THEN
                PERFORM pg_notify(\(Self.literal(channel)), TG_ARGV[0]);
            END IF;
            RETURN NULL;
        END
        $cached_routes$;
        """
    }

    private func values(_ root: (Table) -> String) -> String {
        tables.map { "(\(Self.literal($0.name)), \(root($0)), \(Self.toProcedure($0.schema)))" }
            .joined(separator: ",\n        ")
    }

    private static func toProcedure(_ schema: String) -> String {
        "pg_catalog.to_regprocedure(\(literal("\(identifier(schema)).cached_routes_notify()")))::oid"
    }

    /// The table, and all that inherit from it, of these kinds: ordinary and partitioned tables, by default.
    private static func tree(_ root: String, kinds: String = "'r', 'p'") -> String {
        """
        WITH RECURSIVE tree(oid) AS (
                            SELECT \(root)::oid
                            UNION
                            SELECT inhrelid FROM pg_catalog.pg_inherits JOIN tree ON inhparent = tree.oid
                        )
                        SELECT tree.oid, tree.oid::regclass::text AS name
                        FROM tree JOIN pg_catalog.pg_class ON pg_class.oid = tree.oid WHERE relkind IN (\(kinds))
        """
    }

    private static func identifier(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
