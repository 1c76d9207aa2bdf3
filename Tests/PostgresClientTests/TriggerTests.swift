import CPostgres
import NIOCore
import SQLSyntax
import TestServers
import Testing

@testable import PostgresClient

@Suite(.serialized) struct TriggerTests {
    private static let server = PostgresServer.shared
    private static let channel = "trigger_tests"

    /// A session that listens, and says what it has heard.
    private final class Ear {
        private let connection: OpaquePointer

        init(_ url: String, channel: String = TriggerTests.channel) throws {
            connection = try #require(PQconnectdb(url))
            try #require(PQstatus(connection) == CONNECTION_OK)
            run("LISTEN \(SQLIdentifierSyntax.quoted(channel))")
        }

        deinit { PQfinish(connection) }

        private func run(_ sql: String) { PQclear(PQexec(connection, sql)) }

        /// All that was notified before now, in order.
        var notices: [String] {
            run("SELECT 1")
            var notices: [String] = []
            while let notice = PQnotifies(connection) {
                notices.append(String(cString: notice.pointee.extra))
                PQfreemem(notice)
            }
            return notices
        }
    }

    private let ear: Ear
    private let server: PostgresServer

    init() throws {
        server = try Self.server.get()
        ear = try Ear(server.url)
        try server.psql(
            """
            DROP SCHEMA IF EXISTS tt CASCADE; CREATE SCHEMA tt;
            CREATE TABLE tt.plain (id int PRIMARY KEY, v int);
            CREATE TABLE tt.parts (id int, v int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
            CREATE TABLE tt.low PARTITION OF tt.parts FOR VALUES FROM (0) TO (10);
            CREATE TABLE tt.high PARTITION OF tt.parts FOR VALUES FROM (10) TO (100) PARTITION BY RANGE (id);
            CREATE TABLE tt.highest PARTITION OF tt.high FOR VALUES FROM (50) TO (100);
            CREATE TABLE tt."high'er ""x"" y" PARTITION OF tt.high FOR VALUES FROM (10) TO (50);
            CREATE TABLE tt.child () INHERITS (tt.plain);
            """
        )
        try install()
    }

    private func triggers(_ tables: [String] = ["tt.plain", "tt.parts"]) -> TableTriggerSQL {
        TableTriggerSQL(tables: tables, channel: Self.channel)
    }

    private func install(_ tables: [String] = ["tt.plain", "tt.parts"]) throws {
        try server.psql(triggers(tables).installSQL)
        // It tells of what it covers.
        _ = ear.notices
    }

    /// What is heard of SQL, which `psql` runs as one transaction where it has several statements.
    private func heard(_ sql: String) throws -> [String] {
        try server.psql(sql)
        return ear.notices
    }

    @Test func everyKindOfChangeIsHeardOnceForATransaction() throws {
        let statements = [
            "INSERT INTO tt.plain VALUES (1, 1), (2, 2)", "UPDATE tt.plain SET v = v",
            "DELETE FROM tt.plain WHERE id = 1",
            "COPY tt.plain FROM PROGRAM 'echo 7,8' CSV",
            "MERGE INTO tt.plain USING (VALUES (2), (3)) AS s(id) ON plain.id = s.id WHEN MATCHED THEN UPDATE SET v = 9 WHEN NOT MATCHED THEN INSERT VALUES (s.id, 1)",
            "INSERT INTO tt.plain VALUES (2, 2) ON CONFLICT (id) DO UPDATE SET v = 3",
            "WITH gone AS (DELETE FROM tt.plain WHERE id = 2 RETURNING 1) SELECT count(*) FROM gone",
            "TRUNCATE tt.plain", "TRUNCATE tt.plain", "INSERT INTO tt.child VALUES (1, 1)",
            "BEGIN; INSERT INTO tt.plain VALUES (4, 4); UPDATE tt.plain SET v = 5; DELETE FROM tt.plain; COMMIT",
        ]
        for sql in statements { #expect(try heard(sql) == ["tt.plain"], "\(sql)") }
        let both = try heard("BEGIN; INSERT INTO tt.plain VALUES (4, 4); INSERT INTO tt.parts VALUES (4, 4); COMMIT")
        #expect(both == ["tt.plain", "tt.parts"])
    }

    @Test func whatChangesNoRowIsSilent() throws {
        try server.psql("INSERT INTO tt.plain VALUES (1, 1); INSERT INTO tt.parts VALUES (1, 1)")
        _ = ear.notices
        for sql in [
            "UPDATE tt.plain SET v = 1 WHERE id = 99", "DELETE FROM tt.plain WHERE id = 99",
            "INSERT INTO tt.plain SELECT 1, 1 WHERE false", "INSERT INTO tt.plain VALUES (1, 2) ON CONFLICT DO NOTHING",
            "UPDATE tt.parts SET v = 1 WHERE id = 99", "DELETE FROM tt.low WHERE id = 99", "SELECT * FROM tt.plain",
            "BEGIN; DELETE FROM tt.plain; ROLLBACK",
        ] {
            #expect(try heard(sql) == [], "\(sql)")
        }
    }

    @Test func partitionsAreHeardUnderTheNameOfTheirTable() throws {
        for sql in [
            "INSERT INTO tt.parts VALUES (1, 1), (20, 1), (60, 1)", "INSERT INTO tt.low VALUES (2, 2)",
            "INSERT INTO tt.highest VALUES (70, 1)", #"UPDATE tt."high'er ""x"" y" SET v = 2"#,
            "UPDATE tt.high SET v = 3",
            "UPDATE tt.parts SET id = 61 WHERE id = 20", "UPDATE tt.high SET id = 21 WHERE id = 61",
            "DELETE FROM tt.highest", "TRUNCATE tt.low", "TRUNCATE tt.parts",
            "COPY tt.low FROM PROGRAM 'echo 3,4' CSV",
            "BEGIN; INSERT INTO tt.parts VALUES (4, 4); INSERT INTO tt.low VALUES (5, 5); COMMIT",
        ] {
            #expect(try heard(sql) == ["tt.parts"], "\(sql)")
        }
    }

    @Test func installingAgainChangesOnlyWhatIsMissing() throws {
        func state() throws -> String {
            try server.psql(
                """
                SELECT string_agg(tgrelid::regclass || ' ' || tgname || ' ' || oid, ', ' ORDER BY oid)
                FROM pg_trigger WHERE tgname LIKE 'cached_routes%' AND tgfoid = 'tt.cached_routes_notify'::regproc
                """
            )
        }
        let before = try state()
        #expect(before.split(separator: ",").count == 4 * 7)
        try install()
        #expect(try state() == before)
        try server.psql("CREATE TABLE tt.more PARTITION OF tt.parts FOR VALUES FROM (100) TO (200)")
        #expect(try heard("INSERT INTO tt.more VALUES (100, 1)") == [])
        try install()
        #expect(try heard("INSERT INTO tt.more VALUES (101, 1)") == ["tt.parts"])
        let after = try state()
        #expect(after.hasPrefix(before))
        // A table that was known under another name.
        try server.psql("ALTER TABLE tt.plain RENAME TO renamed")
        try install(["tt.renamed"])
        #expect(try heard("INSERT INTO tt.renamed VALUES (9, 9)") == ["tt.renamed"])
    }

    @Test func removingLeavesNothing() throws {
        #expect(try heard(triggers(["tt.plain"]).removeSQL) == ["tt.plain"])
        #expect(try heard("INSERT INTO tt.plain VALUES (1, 1); INSERT INTO tt.low VALUES (1, 1)") == ["tt.parts"])
        #expect(try heard(triggers(["tt.parts", "tt.gone"]).removeSQL) == ["tt.parts"])
        #expect(try heard("INSERT INTO tt.low VALUES (2, 1)") == [])
        let left = try server.psql(
            """
            SELECT count(*) FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
            WHERE relnamespace = 'tt'::regnamespace AND tgname LIKE 'cached\\_routes\\_%'
            """
        )
        #expect(left == "0")
        #expect(try server.psql("SELECT count(*) FROM pg_proc WHERE pronamespace = 'tt'::regnamespace") == "0")
        try server.psql(triggers().removeSQL)
    }

    @Test func whatCanHaveNoTriggersIsNamed() throws {
        try server.psql(
            """
            CREATE VIEW tt.view AS SELECT * FROM tt.plain; CREATE MATERIALIZED VIEW tt.stored AS SELECT 1;
            DROP FOREIGN DATA WRAPPER IF EXISTS tt_nowhere CASCADE; CREATE FOREIGN DATA WRAPPER tt_nowhere;
            CREATE SERVER tt_nothing FOREIGN DATA WRAPPER tt_nowhere;
            CREATE TABLE tt.mixed (id int) PARTITION BY RANGE (id);
            CREATE FOREIGN TABLE tt.file PARTITION OF tt.mixed FOR VALUES FROM (0) TO (10)
                SERVER tt_nothing;
            """
        )
        for (table, words) in [
            ("tt.view", #""tt"."view" is a view, not a table"#), ("tt.absent", #"there is no table "tt"."absent""#),
            ("tt.stored", #""tt"."stored" is a materialized view"#), ("gone.absent", #"there is no table "gone""#),
            ("tt.low", #""tt"."low" is a part of the table tt.parts"#),
            ("tt.child", #""tt"."child" is a part of the table tt.plain"#),
            ("tt.mixed", #""tt"."mixed" has the foreign table tt.file among its parts"#),
        ] {
            do {
                try install([table])
                Issue.record("\(table) has triggers")
            } catch {
                #expect("\(error)".contains(words), "\(error)")
            }
        }
        // All of it at once, and nothing is done.
        do {
            try install(["tt.absent", "tt.plain", "tt.view"])
            Issue.record("there are triggers")
        } catch {
            #expect("\(error)".contains(#""absent"; "tt"."view" is"#), "\(error)")
        }
    }

    @Test func whatIsNewlyCoveredIsPurgedAndNothingElse() throws {
        func heardOfInstalling(after sql: String) throws -> [String] {
            try server.psql(sql)
            _ = ear.notices
            try server.psql(triggers().installSQL)
            return ear.notices.sorted()
        }
        let all = try heardOfInstalling(after: triggers().removeSQL)
        #expect(all == ["tt.parts", "tt.plain"])
        for (sql, expected) in [
            ("SELECT 1", []),
            ("CREATE TABLE tt.more PARTITION OF tt.parts FOR VALUES FROM (100) TO (200)", ["tt.parts"]),
            ("ALTER TABLE tt.plain DISABLE TRIGGER cached_routes_update", ["tt.plain"]),
            ("ALTER TABLE tt.plain ENABLE REPLICA TRIGGER cached_routes_delete", ["tt.plain"]),
            ("ALTER TABLE tt.plain ENABLE ALWAYS TRIGGER cached_routes_insert", []),
            ("DROP TRIGGER cached_routes_truncate ON tt.low", ["tt.parts"]),
            (
                """
                CREATE OR REPLACE TRIGGER cached_routes_update AFTER UPDATE OF v ON tt.plain
                FOR EACH STATEMENT EXECUTE FUNCTION tt.cached_routes_notify('tt.plain')
                """, ["tt.plain"]
            ),
            (
                "CREATE OR REPLACE FUNCTION tt.cached_routes_notify() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                ["tt.parts", "tt.plain"]
            ),
        ] {
            #expect(try heardOfInstalling(after: sql) == expected, "\(sql)")
            #expect(try heard("UPDATE tt.plain SET v = 1; INSERT INTO tt.plain VALUES (1, 1)").isEmpty == false)
            try server.psql("DELETE FROM tt.plain")
        }
        try server.psql(triggers().removeSQL)
        _ = ear.notices
        try server.psql(triggers().removeSQL)
        #expect(ear.notices == [], "there was nothing to remove")
    }

    @Test func oddNamesAreHeardInTheirOneSpelling() throws {
        let names = [
            #""Odd Table""#, #"tt."Weird.Name""#, "Straße", #""a""b'c""#, "tt.Users", #""$cached_routes$; x""#,
            #""2025-01""#, #"tt."Große Öre ☃""#, "\"a'\u{301}b\"", "tt.\"a\"\"\u{301}b\"",
            "\"$cached_routes$\u{301}; x\"",
            "\"a'\u{20D0}'\u{301}\"", #""a\b'\c""#, "\"a\r\n'\r\nb\"",
        ]
        for name in names {
            let table = try #require(TableName(name))
            #expect(table.description == name)
            try server.psql("DROP TABLE IF EXISTS \(table.sql); CREATE TABLE \(table.sql) (id int)")
        }
        try install(names)
        for name in names {
            let table = try #require(TableName(name))
            #expect(try heard("INSERT INTO \(table.sql) VALUES (1)") == [name])
        }
        try server.psql(triggers(names).removeSQL)
        _ = ear.notices
        for name in names {
            let table = try #require(TableName(name))
            #expect(try heard("INSERT INTO \(table.sql) VALUES (1)") == [])
            try server.psql("DROP TABLE \(table.sql)")
        }
    }

    @Test func aChannelOfAnyNameIsNotifiedWhateverAStringsBackslashMeans() throws {
        let table = try #require(TableName("tt.plain"))
        for channel in ["it's", "a'\u{301}", #"a\'b"#, #"\"#, "$cached_routes$\u{301}", "a\r\nb", #"a"b"#] {
            for setting in ["on", "off"] {
                let other = try Ear(server.url, channel: channel)
                let triggers = TableTriggerSQL(tables: ["tt.plain"], channel: channel)
                let conforming = "SET standard_conforming_strings = \(setting);"
                try server.psql("\(conforming) \(triggers.installSQL)")
                _ = other.notices
                try server.psql("\(conforming) \(triggers.installSQL)")
                #expect(other.notices == [], "it is as it should be: \(channel) \(setting)")
                try server.psql("INSERT INTO \(table.sql) VALUES (1, 1)")
                #expect(other.notices == ["tt.plain"], "\(channel) \(setting)")
                try server.psql("DELETE FROM tt.plain; \(conforming) \(triggers.removeSQL)")
            }
        }
        try install()
    }

    @Test func anotherOwnersFunctionThatIsRightIsLeftAlone() throws {
        try server.psql(
            """
            DROP SCHEMA IF EXISTS shared CASCADE; DROP ROLE IF EXISTS keeper_a; DROP ROLE IF EXISTS keeper_b;
            CREATE ROLE keeper_a LOGIN; CREATE ROLE keeper_b LOGIN; CREATE SCHEMA shared;
            GRANT ALL ON SCHEMA shared TO keeper_a, keeper_b;
            CREATE TABLE shared.a (id int); ALTER TABLE shared.a OWNER TO keeper_a;
            CREATE TABLE shared.b (id int); ALTER TABLE shared.b OWNER TO keeper_b;
            """
        )
        for owner in ["a", "b"] {
            let oracle = try Oracle("postgres://keeper_\(owner)@127.0.0.1:\(server.port)/postgres")
            try oracle.value(triggers(["shared.\(owner)"]).installSQL)
            _ = ear.notices
            #expect(try heard("INSERT INTO shared.\(owner) VALUES (1)") == ["shared.\(owner)"])
        }
        try server.psql("DROP SCHEMA shared CASCADE; DROP ROLE keeper_a; DROP ROLE keeper_b")
    }

    @Test func anotherRoleIsToldWhoMayDoIt() throws {
        try server.psql(
            """
            DROP SCHEMA IF EXISTS rights CASCADE; DROP SCHEMA IF EXISTS closed CASCADE;
            DROP ROLE IF EXISTS app; DROP ROLE IF EXISTS "Own er"; DROP ROLE IF EXISTS keeper_c;
            CREATE ROLE app LOGIN; CREATE ROLE "Own er" LOGIN; CREATE ROLE keeper_c LOGIN;
            CREATE SCHEMA rights; GRANT USAGE ON SCHEMA rights TO app, "Own er", keeper_c; CREATE SCHEMA closed;
            CREATE TABLE rights.a (id int); ALTER TABLE rights.a OWNER TO "Own er";
            CREATE TABLE rights.b (id int); ALTER TABLE rights.b OWNER TO keeper_c;
            CREATE TABLE closed.c (id int); ALTER TABLE closed.c OWNER TO keeper_c
            """
        )
        defer {
            _ = try? server.psql(
                """
                DROP SCHEMA rights CASCADE; DROP SCHEMA closed CASCADE; DROP ROLE app; DROP ROLE "Own er";
                DROP ROLE keeper_c
                """
            )
        }
        let tables = ["rights.a", "rights.b", "closed.c"]
        func complaint(_ role: String, _ sql: String) throws -> String {
            let connection = try #require(
                PQconnectdb("host=127.0.0.1 port=\(server.port) dbname=postgres user='\(role)'")
            )
            defer { PQfinish(connection) }
            let result = PQexec(connection, sql)
            defer { PQclear(result) }
            return String(
                cString: PQresultErrorField(result, Int32(UnicodeScalar("M").value)) ?? PQresultErrorMessage(result)
            )
        }
        #expect(
            try complaint("app", triggers(tables).installSQL) == """
                cached-routes triggers: you are app; run it for "rights"."a" as its owner "Own er", who needs CREATE on the \
                schema rights; run it for "rights"."b" as its owner keeper_c, who needs CREATE on the schema rights; run it \
                for "closed"."c" as its owner keeper_c, who needs CREATE on the schema closed
                """
        )
        #expect(
            try complaint("keeper_c", triggers(tables).installSQL) == """
                cached-routes triggers: you are keeper_c; run it for "rights"."a" as its owner "Own er", who needs CREATE on \
                the schema rights; the owner keeper_c of "rights"."b" needs CREATE on the schema rights; the owner keeper_c of \
                "closed"."c" needs CREATE on the schema closed
                """
        )
        try server.psql("GRANT CREATE ON SCHEMA rights TO keeper_c")
        #expect(
            try complaint("app", triggers(["rights.b"]).installSQL) == """
                cached-routes triggers: you are app; run it for "rights"."b" as its owner keeper_c
                """
        )
        #expect(try complaint("keeper_c", triggers(["rights.b"]).installSQL) == "")
        // The function is there now, and what is right needs no rights.
        #expect(
            try complaint("app", triggers(["rights.a", "rights.b"]).installSQL) == """
                cached-routes triggers: you are app; run it for "rights"."a" as its owner "Own er"
                """
        )
        #expect(try complaint("app", triggers(["rights.b"]).installSQL) == "")
        #expect(
            try complaint("app", triggers(["rights.b"]).removeSQL) == """
                cached-routes triggers: you are app; run it for "rights"."b" as its owner keeper_c
                """
        )
        #expect(try complaint("keeper_c", triggers(["rights.b"]).removeSQL) == "")
        _ = ear.notices
    }

    @Test func theOwnerOfTheTablesMayDoIt() throws {
        try server.psql(
            """
            DROP SCHEMA IF EXISTS owned CASCADE; DROP ROLE IF EXISTS keeper; CREATE ROLE keeper LOGIN;
            CREATE SCHEMA owned AUTHORIZATION keeper; SET ROLE keeper; CREATE TABLE owned.t (id int)
            """
        )
        let url = "postgres://keeper@127.0.0.1:\(server.port)/postgres"
        let oracle = try Oracle(url)
        try oracle.value(triggers(["owned.t"]).installSQL)
        #expect(ear.notices == ["owned.t"])
        #expect(try heard("INSERT INTO owned.t VALUES (1)") == ["owned.t"])
        try oracle.value(triggers(["owned.t"]).removeSQL)
        #expect(ear.notices == ["owned.t"])
        #expect(try heard("INSERT INTO owned.t VALUES (1)") == [])
        try server.psql("DROP SCHEMA owned CASCADE; DROP ROLE keeper")
    }

    @Test func aNameWithoutASchemaIsOneOfTheSchemaPublic() throws {
        try server.psql("DROP TABLE IF EXISTS public.tt_public; CREATE TABLE public.tt_public (id int)")
        try install(["tt_public"])
        #expect(try heard("INSERT INTO tt_public VALUES (1)") == ["tt_public"])
        try server.psql(triggers(["tt_public"]).removeSQL)
        try server.psql("DROP TABLE public.tt_public")
    }
}
