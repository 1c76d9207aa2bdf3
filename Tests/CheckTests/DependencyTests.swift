import PostgresClient
import RouteCheck
import RouteManifest
import TestServers
import Testing

@Suite("The tables that a statement reads")
struct DependencyTests {
    private static let schema = """
        CREATE TABLE a (id int NOT NULL);
        CREATE VIEW va AS SELECT id FROM a;
        CREATE VIEW vva AS SELECT id FROM va WHERE id > 0;
        CREATE TABLE secret (id int);
        CREATE TABLE doc (id int);
        ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON doc USING (id IN (SELECT id FROM secret));
        CREATE TABLE event (id int NOT NULL) PARTITION BY LIST (id);
        CREATE TABLE event_rest PARTITION OF event DEFAULT;
        CREATE FUNCTION standard() RETURNS bigint LANGUAGE sql STABLE RETURN (SELECT count(*) FROM a);
        CREATE FUNCTION textual() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM a';
        CREATE FUNCTION constant() RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';
        CREATE FUNCTION same(int, int) RETURNS bool LANGUAGE sql STABLE RETURN $1 = $2 AND EXISTS (SELECT FROM secret);
        CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same);
        CREATE SCHEMA audit;
        CREATE TABLE audit."Odd T" (id int);
        CREATE MATERIALIZED VIEW m AS SELECT id FROM a;
        CREATE FUNCTION idle() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
        CREATE SEQUENCE numbers;
        CREATE VIEW vx AS SELECT query_to_xml('SELECT 1', true, false, '')::text AS x;
        CREATE FUNCTION atom() RETURNS text LANGUAGE sql STABLE
            BEGIN ATOMIC SELECT query_to_xml('SELECT 1', true, false, '')::text; END;
        CREATE VIEW vn AS SELECT nextval('numbers') AS n;
        CREATE TABLE guarded (id int);
        ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON guarded FOR INSERT WITH CHECK (EXISTS (SELECT FROM secret));
        CREATE SCHEMA other;
        CREATE FUNCTION other.nextval(int) RETURNS int LANGUAGE sql STABLE RETURN $1 + 1;
        """
    private static let database = Result { try CheckDatabase("check_dependencies", schema) }

    private static let cases: [(sql: String, tables: [String], isUnknown: Bool)] = [
        ("SELECT id FROM a", ["a"], false), ("SELECT id FROM va", ["a"], false),
        ("SELECT id FROM vva", ["a"], false),
        ("SELECT id FROM doc", ["doc", "secret"], false), ("SELECT id FROM event", ["event"], false),
        ("SELECT id FROM event_rest", ["event"], false), ("SELECT standard() AS n", ["a"], false),
        ("SELECT textual() AS n", [], true), ("SELECT constant() AS n", [], false), ("SELECT id FROM m", [], true),
        ("SELECT id FROM a WHERE id === 1", ["a", "secret"], false),
        ("SELECT x.id FROM audit.\"Odd T\" AS x JOIN va USING (id)", ["a", "audit.\"Odd T\""], false),
        ("WITH q AS (SELECT id FROM va) SELECT id FROM q UNION SELECT id FROM secret", ["a", "secret"], false),
        ("SELECT id FROM a LIMIT :n", ["a"], false),
        ("SELECT id, :n + 1 AS m FROM a ORDER BY :n + id", ["a"], false),
        ("SELECT 1 AS one", [], false), ("SELECT relname FROM pg_class", [], false),
        ("SELECT last_value FROM numbers", [], true), ("SELECT x FROM vx", [], true), ("SELECT atom() AS x", [], true),
        ("SELECT id FROM guarded", ["guarded"], false), ("SELECT other.nextval(1) AS n", [], false),
        ("SELECT query_to_xml('SELECT 1', true, true, '') AS x", [], true), ("SHOW server_version", [], true),
    ]

    @Test("are found through views, functions, operators and policies", arguments: cases)
    func tables(_ sql: String, _ tables: [String], _ isUnknown: Bool) async throws {
        let text = """
            version: 1
            namespace: n
            routes:
              r:
                get: /r
                query: { n: int }
                allow: [ no-limit, unused-input, constant-key ]
                sql: |
                  \(sql)
            """
        let result = try await blocking { try Self.database.get().check(text) }
        let statement = try #require(result.locks[0]?.routes["r"]?.first, "\(result.diagnostics)")
        #expect(statement.tables == tables && statement.hasUnknownTables == isUnknown, "\(statement)")
    }

    @Test("and what writes are found in the views of a statement too")
    func writes() async throws {
        let text = """
            version: 1
            namespace: n
            routes:
              view:
                get: /view
                allow: [ no-limit ]
                sql: SELECT n FROM vn
            """
        let result = try await blocking { try Self.database.get().check(text) }
        #expect(
            result.diagnostics.map { "\($0.location.column) \($0.message)" } == [
                "24 nextval() writes, and a GET route runs READ ONLY; make the route a 'post', 'put', 'patch' or 'delete'"
            ]
        )
    }

    @Test("are those of 'tables', or a warning says which")
    func findings() async throws {
        let text = """
            version: 1
            namespace: n
            routes:
              gone:
                get: /gone
                allow: [ no-limit ]
                cache: { tables: [ nowhere, va ] }
                sql: SELECT id FROM va
              idle:
                get: /idle
                allow: [ no-limit, non-deterministic ]
                sql: SELECT idle() AS i
              policy:
                get: /policy
                allow: [ no-limit, no-triggers ]
                cache: { tables: [ doc ] }
                sql: SELECT id FROM doc
            """
        let result = try await blocking { try Self.database.get().check(text) }
        let found = result.diagnostics.map { "\($0.location.line):\($0.location.column) \($0.message)" }
        #expect(
            found == [
                "7:24 changes of 'nowhere' can't be announced: there is no such table",
                "7:33 changes of 'va' can't be announced: it is a view, not a table: name the tables that it reads, or purge a tag",
                "8:25 this statement reads 'a', which 'tables' does not name: changes of it purge nothing; add it, or write "
                    + "'tables: auto'",
                "12:17 idle() may write, and a GET route runs READ ONLY; make the route a write, or declare the function STABLE",
                "17:25 this statement reads 'secret', which 'tables' does not name: changes of it purge nothing; add it, or write "
                    + "'tables: auto'",
            ],
            "\(found.joined(separator: "\n"))"
        )
        #expect(result.diagnostics.map(\.severity) == [.error, .error, .warning, .warning, .warning])
    }
}
