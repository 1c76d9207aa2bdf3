import CPostgres
import TestServers
import Testing

@testable import PostgresClient

/// What one inspection after each change says, on a real server.
@Suite(.serialized) struct TriggerInspectionTests {
    /// A session of a role that has been given nothing.
    private final class Session {
        private let connection: OpaquePointer

        init(_ url: String) throws {
            connection = try #require(PQconnectdb(url))
            try #require(PQstatus(connection) == CONNECTION_OK)
        }

        deinit { PQfinish(connection) }

        func inspect(_ tables: [String]) throws -> [TableReport] {
            let inspection = TriggerInspection(tables: tables, channel: TableTriggerSQL.channel)
            let result = inspection.parameters.withPointers { values in
                PQexecParams(
                    connection,
                    TriggerInspection.sql,
                    Int32(values.count),
                    nil,
                    values.baseAddress,
                    nil,
                    nil,
                    0
                )
            }
            defer { PQclear(result) }
            try #require(PQresultStatus(result) == PGRES_TUPLES_OK, "\(String(cString: PQerrorMessage(connection)))")
            return inspection.reports(try #require(result))
        }
    }

    private let server: PostgresServer
    private let session: Session
    private static let tables = ["ti.parts", "ti.plain"]

    init() async throws {
        let server = try PostgresServer.shared.get()
        self.server = server
        func psql(_ sql: String) async throws { _ = try await blocking { try server.psql(sql) } }
        try await psql(
            """
            DROP SCHEMA IF EXISTS ti CASCADE; DROP ROLE IF EXISTS ti_nobody; CREATE ROLE ti_nobody LOGIN;
            CREATE SCHEMA ti;
            CREATE TABLE ti.plain (id int PRIMARY KEY, v int DEFAULT 1);
            CREATE TABLE ti.child () INHERITS (ti.plain);
            CREATE TABLE ti.parts (id int, v int) PARTITION BY RANGE (id);
            CREATE TABLE ti.low PARTITION OF ti.parts FOR VALUES FROM (0) TO (10);
            CREATE TABLE ti.high PARTITION OF ti.parts FOR VALUES FROM (10) TO (100) PARTITION BY RANGE (id);
            CREATE TABLE ti.highest PARTITION OF ti.high FOR VALUES FROM (50) TO (100);
            CREATE TABLE ti.loose (id int, v int);
            CREATE VIEW ti.view AS SELECT 1; CREATE MATERIALIZED VIEW ti.stored AS SELECT 1;
            CREATE SEQUENCE ti.numbers;
            """
        )
        try await psql(TableTriggerSQL(tables: Self.tables).installSQL)
        session = try Session("postgres://ti_nobody@127.0.0.1:\(server.port)/postgres")
    }

    /// Runs SQL without holding up other tests.
    private func psql(_ sql: String) async throws {
        _ = try await blocking { [server] in try server.psql(sql) }
    }

    /// The triggers of all tables, and their functions, as the catalog has them.
    private func triggers() async throws -> String {
        try await blocking { [server] in
            try server.psql(
                """
                SELECT string_agg(concat_ws(' ', tgrelid, tgname, t.oid, t.xmin, p.xmin), ', ' ORDER BY t.oid)
                FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_proc p ON p.oid = tgfoid
                WHERE NOT tgisinternal AND relnamespace = 'ti'::regnamespace
                """
            )
        }
    }

    /// A change of the catalog, the table that it is about, and what is then wrong with it.
    private struct Change {
        let sql: String
        var table = "ti.plain"
        var fault: String?

        init(_ sql: String, _ fault: String? = nil, of table: String = "ti.plain") {
            self.sql = sql
            self.table = table
            self.fault = fault
        }
    }

    private static let changes = [
        // What moves rows in or out of sight without a trigger.
        Change("ALTER TABLE ti.parts DETACH PARTITION ti.low", of: "ti.parts"),
        Change(
            "ALTER TABLE ti.parts ATTACH PARTITION ti.loose FOR VALUES FROM (100) TO (200)",
            "its part ti.loose has no triggers",
            of: "ti.parts"
        ),
        Change("DROP TABLE ti.highest", of: "ti.parts"),
        Change("DROP TABLE ti.high CASCADE", of: "ti.parts"),
        Change(
            "CREATE TABLE ti.new PARTITION OF ti.high FOR VALUES FROM (10) TO (20)",
            "its part ti.new has no triggers",
            of: "ti.parts"
        ),
        Change(
            "CREATE TABLE ti.\"New One\" PARTITION OF ti.parts DEFAULT",
            "its part ti.\"New One\" has no triggers",
            of: "ti.parts"
        ),
        Change("ALTER TABLE ti.child NO INHERIT ti.plain"),
        Change("CREATE TABLE ti.second () INHERITS (ti.plain)", "its part ti.second has no triggers"),
        Change("CREATE TABLE ti.grand () INHERITS (ti.child)", "its part ti.grand has no triggers"),
        Change("TRUNCATE ti.plain"),
        Change("SET session_replication_role = replica; TRUNCATE ti.low", of: "ti.parts"),
        // Columns.
        Change("ALTER TABLE ti.plain ADD COLUMN w int"), Change("ALTER TABLE ti.plain ADD COLUMN w int DEFAULT 7"),
        Change("ALTER TABLE ti.plain DROP COLUMN v"), Change("ALTER TABLE ti.plain RENAME COLUMN v TO w"),
        Change("ALTER TABLE ti.plain ALTER COLUMN v TYPE bigint"),
        Change("ALTER TABLE ti.plain ALTER COLUMN v TYPE int USING v + 1"),
        Change("ALTER TABLE ti.parts ADD COLUMN w int", of: "ti.parts"),
        Change("ALTER TABLE ti.plain ENABLE ROW LEVEL SECURITY"),
        // Triggers.
        Change(
            "ALTER TABLE ti.plain DISABLE TRIGGER cached_routes_update",
            "the trigger cached_routes_update is disabled"
        ),
        Change("ALTER TABLE ti.plain DISABLE TRIGGER ALL", "the trigger cached_routes_insert is disabled"),
        Change("ALTER TABLE ti.plain DISABLE TRIGGER USER", "the trigger cached_routes_insert is disabled"),
        Change(
            "ALTER TABLE ti.low DISABLE TRIGGER cached_routes_delete",
            "the trigger cached_routes_delete of part ti.low is disabled",
            of: "ti.parts"
        ),
        Change(
            "ALTER TABLE ti.plain ENABLE REPLICA TRIGGER cached_routes_delete",
            "the trigger cached_routes_delete is disabled"
        ),
        Change("ALTER TABLE ti.plain ENABLE ALWAYS TRIGGER cached_routes_delete"),
        Change("ALTER TABLE ti.plain DISABLE TRIGGER ALL; ALTER TABLE ti.plain ENABLE TRIGGER ALL"),
        Change("DROP TRIGGER cached_routes_truncate ON ti.plain", "the trigger cached_routes_truncate is missing"),
        Change(
            "DROP TRIGGER cached_routes_insert ON ti.child",
            "the trigger cached_routes_insert of part ti.child is missing"
        ),
        Change(TableTriggerSQL(tables: ["ti.plain"]).removeSQL, "it has no triggers"),
        Change(
            "ALTER TRIGGER cached_routes_insert ON ti.plain RENAME TO mine",
            "the trigger cached_routes_insert is missing"
        ),
        Change(
            "CREATE OR REPLACE FUNCTION ti.cached_routes_notify() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "the trigger cached_routes_insert is not the one that 'cached-routes triggers' makes"
        ),
        // The function of another schema says the same.
        Change(
            """
            DROP SCHEMA IF EXISTS ti_other CASCADE; CREATE SCHEMA ti_other;
            ALTER FUNCTION ti.cached_routes_notify() SET SCHEMA ti_other
            """
        ),
        Change(
            """
            DROP SCHEMA IF EXISTS ti_other CASCADE; CREATE SCHEMA ti_other;
            ALTER FUNCTION ti.cached_routes_notify() SET SCHEMA ti_other;
            CREATE OR REPLACE FUNCTION ti_other.cached_routes_notify() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'
            """,
            "the trigger cached_routes_insert is not the one that 'cached-routes triggers' makes"
        ),
        Change(
            "ALTER FUNCTION ti.cached_routes_notify() RENAME TO other_name",
            "the trigger cached_routes_insert is not the one that 'cached-routes triggers' makes"
        ),
    ]

    /// What a trigger may be instead of the one that is to be there.
    private static let others = [
        "AFTER INSERT ON ti.plain FOR EACH STATEMENT EXECUTE FUNCTION ti.cached_routes_notify('ti.other')",
        "AFTER INSERT ON ti.plain FOR EACH STATEMENT EXECUTE FUNCTION ti.cached_routes_notify('ti.plain')",
        "AFTER UPDATE ON ti.plain REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ti.cached_routes_notify('ti.plain')",
        "AFTER INSERT ON ti.plain FOR EACH ROW EXECUTE FUNCTION ti.cached_routes_notify('ti.plain')",
        "BEFORE INSERT ON ti.plain FOR EACH STATEMENT EXECUTE FUNCTION ti.cached_routes_notify('ti.plain')",
        "AFTER INSERT ON ti.plain REFERENCING NEW TABLE AS changed FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION ti.cached_routes_notify('ti.plain')",
        "AFTER INSERT ON ti.plain REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ti.cached_routes_notify('ti.plain', 'x')",
        "AFTER INSERT ON ti.plain REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ti.mine()",
    ]

    @Test("A change is seen, and so is what it does to the triggers", arguments: changes.indices)
    func change(_ index: Int) async throws {
        let change = Self.changes[index]
        let before = try session.inspect(Self.tables)
        #expect(before.map(\.fault) == [nil, nil])
        try await psql(change.sql)
        let after = try session.inspect(Self.tables)
        for (before, after) in zip(before, after) where before.name == change.table {
            #expect(before.digest != after.digest, "\(change.sql)")
            #expect(after.fault?.description == change.fault, "\(change.sql)")
        }
        if !change.sql.contains("FUNCTION") && !change.sql.contains("TRUNCATE") {
            for (before, after) in zip(before, after) where before.name != change.table { #expect(before == after) }
        }
        // What the tool prints mends it, and leaves alone what the inspection finds right.
        let triggers = try await triggers()
        try await psql(TableTriggerSQL(tables: Self.tables).installSQL)
        #expect(try await (self.triggers() == triggers) == after.allSatisfy { $0.fault == nil }, "\(change.sql)")
        #expect(try session.inspect(Self.tables).map(\.fault) == [nil, nil], "\(change.sql)")
    }

    @Test("A trigger under the name that does something else is none", arguments: others.indices)
    func other(_ index: Int) async throws {
        let sql = """
            CREATE OR REPLACE FUNCTION ti.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            DROP TRIGGER cached_routes_insert ON ti.plain; CREATE TRIGGER cached_routes_insert \(Self.others[index])
            """
        try await psql(sql)
        #expect(try session.inspect(Self.tables)[1].fault == .otherTrigger("cached_routes_insert", part: nil), "\(sql)")
        try await psql(TableTriggerSQL(tables: Self.tables).installSQL)
        #expect(try session.inspect(Self.tables).map(\.fault) == [nil, nil])
    }

    @Test("What changes neither rows nor triggers is not seen")
    func nothing() async throws {
        try await psql("INSERT INTO ti.plain VALUES (1); INSERT INTO ti.parts VALUES (1), (60)")
        let before = try session.inspect(Self.tables)
        for sql in [
            "UPDATE ti.plain SET v = 2; DELETE FROM ti.parts", "VACUUM ti.plain", "VACUUM FREEZE ti.parts",
            "ANALYZE ti.plain; ANALYZE ti.parts", "CREATE INDEX ON ti.plain (v)", "REINDEX TABLE ti.plain",
            "COMMENT ON TABLE ti.plain IS 'x'", "VACUUM FREEZE pg_class; VACUUM FREEZE pg_attribute",
            "CREATE TEMPORARY TABLE own () INHERITS (ti.plain)", TableTriggerSQL(tables: Self.tables).installSQL,
        ] {
            for part in sql.contains("VACUUM") ? sql.split(separator: ";").map(String.init) : [sql] {
                try await psql(part)
            }
            #expect(try session.inspect(Self.tables) == before, "\(sql)")
        }
    }

    @Test("A table that goes away and comes back is another one")
    func renamed() async throws {
        let before = try session.inspect(["ti.plain"])[0]
        try await psql("ALTER TABLE ti.plain RENAME TO plain_old")
        let gone = try session.inspect(["ti.plain"])[0]
        #expect(gone.fault?.description.hasPrefix("there is no such table") == true)
        try await psql("CREATE TABLE ti.plain (id int PRIMARY KEY, v int DEFAULT 1)")
        let anew = try session.inspect(["ti.plain"])[0]
        #expect(anew.fault == .noTriggers(part: nil) && anew.digest != before.digest && anew.digest != gone.digest)
        try await psql("DROP TABLE ti.plain; ALTER TABLE ti.plain_old RENAME TO plain")
        #expect(try session.inspect(["ti.plain"])[0].digest != before.digest)
    }

    @Test("What can be no table of a route is said")
    func notTables() async throws {
        try await psql("CREATE TABLE ti.books (); CREATE TABLE ti.\"Shelves\" ()")
        let reports = try session.inspect([
            "ti.boks", "ti.shelves", "ti.nothing_like_it", "nowhere.x", "ti.view", "ti.stored", "ti.numbers", "ti.low",
            "ti.child", "ti.plain_pkey", "tag:x", "ti.\"Shelves\"", "ti.books",
        ])
        #expect(
            reports.map { $0.fault?.description ?? "" } == [
                "there is no such table; did you mean 'ti.books'?",
                "there is no such table; did you mean 'ti.Shelves'?", "there is no such table",
                "there is no such table", "it is a view, not a table: name the tables that it reads, or purge a tag",
                "it is a materialized view, not a table: name the tables that it reads, or purge a tag",
                "it is a sequence, not a table: name the tables that it reads, or purge a tag",
                "it is a part of the table 'ti.parts': name that one",
                "it is a part of the table 'ti.plain': name that one",
                "it is an index, not a table: name the tables that it reads, or purge a tag", "there is no such table",
                "it has no triggers", "it has no triggers",
            ]
        )
        try await psql(
            """
            DROP FOREIGN DATA WRAPPER IF EXISTS ti_nowhere CASCADE; CREATE FOREIGN DATA WRAPPER ti_nowhere;
            CREATE SERVER ti_nothing FOREIGN DATA WRAPPER ti_nowhere;
            CREATE FOREIGN TABLE ti.file PARTITION OF ti.parts FOR VALUES FROM (1000) TO (1010) SERVER ti_nothing
            """
        )
        #expect(try session.inspect(["ti.parts"])[0].fault == .foreignPart("ti.file"))
        #expect(try session.inspect([]).isEmpty)
    }
}

@Suite struct TableNameTests {
    @Test(
        "A name is read as SQL has it, without folding",
        arguments: [
            ("users", "public", "users", "users"), ("public.users", "public", "users", "users"),
            (#""users""#, "public", "users", "users"), ("Users", "public", "Users", "Users"),
            (#""Odd Table""#, "public", "Odd Table", #""Odd Table""#), (#"a."B.c""#, "a", "B.c", #"a."B.c""#),
            (#""x""y".z"#, #"x"y"#, "z", #""x""y".z"#), ("Straße", "public", "Straße", "Straße"),
            (#""public"."Größe 1""#, "public", "Größe 1", #""Größe 1""#), ("_a$1", "public", "_a$1", "_a$1"),
            // The quote and the combining mark behind it are one character, and two scalars.
            ("\"x\"\"\u{301}y\"", "public", "x\"\u{301}y", "\"x\"\"\u{301}y\""),
        ]
    )
    func names(_ text: String, _ schema: String, _ relation: String, _ spelling: String) throws {
        let name = try #require(TableName(text))
        #expect(name.schema == schema && name.relation == relation && name.description == spelling)
        #expect(TableName(name.description) == name)
    }

    @Test(
        "Anything else is no name",
        arguments: [
            "", ".", "a.", ".a", "a.b.c", "a b", "1a", "$a", "a-b", #"""#, #""""#, #""a"#, #"a"b""#, #""a"b"#, "tag:x",
            "{}",
            #"a."""#, "a..b",
        ]
    )
    func nonsense(_ text: String) { #expect(TableName(text) == nil) }
}
