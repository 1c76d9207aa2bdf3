import NIOCore
import PostgresClient
import TestServers
import Testing

@Suite struct StatementTests {
    private func client<Result: Sendable>(
        connections: Int = 1,
        _ body: @Sendable @escaping (PostgresClient) async throws -> Result
    ) async throws -> Result {
        try await withClient(
            try PostgresServer.shared.get().url,
            configure: { $0.maximumConnections = connections },
            body
        )
    }

    @Test func eachShapeHasItsBody() async throws {
        try await client { client async throws in
            let rows = "SELECT n AS id, 'x' || n AS name FROM generate_series(1, 3) AS n"
            #expect(try await client.body(rows) == #"[{"id":1,"name":"x1"},{"id":2,"name":"x2"},{"id":3,"name":"x3"}]"#)
            #expect(try await client.body(rows, shape: .one) == #"{"id":1,"name":"x1"}"#)
            #expect(try await client.body(rows, shape: .none) == nil)
            #expect(try await client.body("SELECT 'a\"b'", shape: .value) == #""a\"b""#)
            #expect(try await client.body("SELECT '{\"a\" : 1}'::json", shape: .value) == #"{"a" : 1}"#)
            #expect(try await client.body("SELECT NULL::int", shape: .value) == "null")
            #expect(try await client.body("SELECT 1 AS x WHERE false") == "[]")
            #expect(try await client.body("SELECT 1 AS x WHERE false", shape: .one) == nil)
            #expect(try await client.body("SELECT 1 AS x WHERE false", shape: .value) == nil)
            let counted = PostgresStatement(sql: rows, shape: .none)
            #expect(try await client.query(counted, deadline: .seconds(5)).rowCount == 3)
        }
    }

    @Test func columnsThatMakeNoObjectAreRefused() async throws {
        try await client { client async throws in
            #expect(await client.failure("SELECT 1 AS a, 2 AS a")?.code == .invalidStatement)
            #expect(await client.failure("SELECT 1, 'x'")?.code == .invalidStatement)
            #expect(await client.failure("SELECT FROM generate_series(1, 3)")?.code == .invalidStatement)
            #expect(try await client.body("SELECT 1") == #"[{"?column?":1}]"#)
            #expect(await client.failure("SELECT 1 AS a, 2 AS b", shape: .value)?.code == .invalidStatement)
            #expect(await client.failure("SET work_mem = '8MB'")?.code == .invalidStatement)
            #expect(await client.failure("")?.code == .invalidStatement)
            #expect(await client.failure("COPY (SELECT 1) TO STDOUT", shape: .none)?.code == .invalidStatement)
            #expect(try await client.body("SELECT 1 AS a") == #"[{"a":1}]"#)
        }
    }

    @Test func serverErrorsCarryWhatTheServerSays() async throws {
        try await client { client async throws in
            let error = await client.failure("SELECT nothing AS a FROM nowhere")
            #expect(error?.code == .server(sqlState: "42P01"))
            #expect(error?.position == 26)
            #expect(await client.failure("SELECT 1/$1::int AS a", ["0"])?.sqlState == "22012")
            #expect(await client.failure("SELECT $1::int AS a", ["x"])?.sqlState == "22P02")
        }
    }

    @Test func writingIsRefused() async throws {
        let url = try PostgresServer.shared.get().url
        try Oracle(url).value("CREATE TABLE IF NOT EXISTS written (id int)")
        try await client { client async throws in
            #expect(await client.failure("INSERT INTO written VALUES (1)", shape: .none)?.sqlState == "25006")
            #expect(
                await client.failure("WITH w AS (DELETE FROM written RETURNING id) SELECT id FROM w")?.sqlState
                    == "25006"
            )
            #expect(await client.failure("CREATE TABLE other (id int)", shape: .none)?.sqlState == "25006")
        }
    }

    @Test func parametersBindWithoutCasts() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(TypeTests.types)
        try oracle.value(
            """
            CREATE TABLE IF NOT EXISTS bound AS
            SELECT n AS id, 'n' || n AS name, (ARRAY['happy', 'sad'])[n % 2 + 1]::test_mood AS mood,
                md5(n::text)::uuid AS code
            FROM generate_series(1, 10) AS n
            """
        )
        try await client { client async throws in
            let code = try oracle.value("SELECT md5('3')::uuid")
            #expect(
                try await client.body("SELECT id FROM bound WHERE mood = $1 ORDER BY id LIMIT 1", ["sad"])
                    == #"[{"id":1}]"#
            )
            #expect(try await client.body("SELECT id FROM bound WHERE code = $1", [code]) == #"[{"id":3}]"#)
            #expect(
                try await client.body("SELECT id FROM bound ORDER BY id LIMIT $1 OFFSET $2", ["2", "3"])
                    == #"[{"id":4},{"id":5}]"#
            )
            #expect(
                try await client.body("SELECT id FROM bound WHERE id = ANY($1) ORDER BY id", ["{2,7}"])
                    == #"[{"id":2},{"id":7}]"#
            )
            #expect(
                try await client.body("SELECT $1::text AS a, $2::int AS b", [nil, nil]) == #"[{"a":null,"b":null}]"#
            )
            #expect(
                try await client.body("SELECT $1::timestamptz AS t", ["2024-02-03T04:05:06-05:00"])
                    == #"[{"t":"2024-02-03T09:05:06+00:00"}]"#
            )
            #expect(try await client.body("SELECT '' || $1 AS t", ["ä\"\\\n€"]) == #"[{"t":"ä\"\\\n€"}]"#)
        }
    }

    @Test func typesTheServerCannotInferFallBackToTheDeclaredOnes() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(
            "CREATE TABLE IF NOT EXISTS named AS SELECT n AS id, 'n' || n AS name FROM generate_series(1, 3) AS n"
        )
        try await client { client async throws in
            let optional = PostgresStatement(
                sql: "SELECT id FROM named WHERE ($1 IS NULL OR name = $1) AND ($2 IS NULL OR id > $3) ORDER BY id",
                parameterTypes: [.text, .int4, .int4],
                shape: .many
            )
            #expect(try await client.answer(optional, ["n2", nil, nil]) == #"[{"id":2}]"#)
            #expect(try await client.answer(optional, [nil, nil, nil]) == #"[{"id":1},{"id":2},{"id":3}]"#)
            #expect(try await client.answer(optional, [nil, "1", "2"]) == #"[{"id":3}]"#)
            let sum = PostgresStatement(sql: "SELECT $1 + $2 AS sum", parameterTypes: [.int8, .int8], shape: .many)
            #expect(try await client.answer(sum, ["40", "2"]) == #"[{"sum":42}]"#)
            #expect(await client.failure("SELECT id FROM named WHERE $1 IS NULL", [nil])?.sqlState == "42P18")
        }
    }

    @Test func arraysOfAnyTextBind() async throws {
        try await client { client async throws in
            let statement = PostgresStatement(sql: "SELECT $1::text[] AS list", shape: .value)
            var parameters = PostgresParameters()
            let elements: [[UInt8]?] =
                ["a b", "q\"q", "back\\slash", "NULL", "", "{},", "ä€"].map { Array($0.utf8) } + [nil]
            parameters.appendArray(elements)
            let answer = try await client.query(statement, parameters, deadline: .seconds(5))
            #expect(
                answer.body.map { String(buffer: $0) } == #"["a b","q\"q","back\\slash","NULL","","{},","ä€",null]"#
            )
            var empty = PostgresParameters()
            empty.appendArray([[UInt8]?]())
            #expect(
                try await client.query(statement, empty, deadline: .seconds(5)).body.map { String(buffer: $0) } == "[]"
            )
        }
    }

    @Test func parametersThatCannotBeSentAreRefused() async throws {
        try await client { client async throws in
            #expect(await client.failure("SELECT $1::text AS a", ["a\0b"])?.code == .invalidParameter)
            var parameters = PostgresParameters()
            parameters.appendArray([Array("a\0b".utf8) as [UInt8]?])
            await #expect(throws: PostgresError.self) {
                try await client.query(
                    PostgresStatement(sql: "SELECT $1::text[] AS a", shape: .many),
                    parameters,
                    deadline: .seconds(5)
                )
            }
            let statement = PostgresStatement(sql: "SELECT $1::int AS a", shape: .many)
            await #expect(throws: PostgresError.self) { try await client.answer(statement, []) }
            #expect(try await client.answer(statement, ["1"]) == #"[{"a":1}]"#)
            await #expect(throws: PostgresError.self) { try await client.answer(statement, ["1", "2"]) }
        }
    }

    @Test(
        arguments: [
            "WITH w AS (SELECT ROW(1, 'x') AS r) SELECT r FROM w", "SELECT ROW(1, 'x') AS r;",
            "SELECT ROW(1, 'x') AS r -- ; end",
            "SELECT ROW(1, 'x') AS r ; /* a ; /* b */ ; */ -- c", "SELECT ROW(1, 'x') AS r;;\n",
            "SELECT ROW(1, $tag$x$tag$) AS r;", "VALUES (ROW(1, 'x'))", "SELECT ROW(1, E'x') AS r -- it's",
        ])
    func statementsOfEveryFormAreWrapped(sql: String) async throws {
        try await client { client async throws in
            let body = try await client.body(sql, shape: .value)
            #expect(body == #"{"f1":1,"f2":"x"}"#)
        }
    }

    @Test(
        arguments: [
            "WITH RECURSIVE r(id, p) AS (SELECT 1, ROW(1, 'x') UNION ALL SELECT id % 3 + 1, p FROM r) "
                + "CYCLE id SET is_cycle USING cyc SELECT * FROM r",
            "WITH RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r WHERE id < 5) "
                + "SEARCH BREADTH FIRST BY id SET o SELECT id, o FROM r ORDER BY o",
            "WITH RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r WHERE id < 5) "
                + "SEARCH DEPTH FIRST BY id SET o CYCLE id SET c TO 'y' DEFAULT 'n' USING path SELECT o, c, path FROM r",
            "WITH a AS (SELECT 1 AS n), b(p) AS MATERIALIZED (SELECT ROW(n) FROM a) TABLE b",
            "WITH a AS (WITH b AS (SELECT ROW(1) AS p) SELECT p FROM b) SELECT p FROM a UNION ALL SELECT p FROM a",
        ])
    func statementsWithNamedQueriesAreWrapped(sql: String) async throws {
        let oracle = try Oracle(try PostgresServer.shared.get().url)
        try await client { client async throws in
            let expected = try oracle.rows(sql)
            #expect(try await client.body(sql) == expected)
        }
    }

    @Test(
        arguments: [
            "INSERT INTO ruled (n, p) VALUES ($1, ROW(1, 'a')) RETURNING *",
            "INSERT INTO ruled (n, p) VALUES ($1, ROW(1, 'a')) RETURNING ruled.*",
            "INSERT INTO ruled AS r (n, p) VALUES ($1, ROW(1, 'a')) RETURNING r.p, r.n AS p_n, (r.p).f2 AS \"q \"\"x\"",
            "INSERT INTO ruled (n, p) VALUES ($1, ROW(1, 'a')) RETURNING p AS pair, m mood, n + 1 AS next, m::text AS t",
            "INSERT INTO ruled (n, p) VALUES ($1, ROW(1, 'a')) RETURNING ROW(n, 'b') AS \"returning\" -- , *",
        ])
    func writesToTablesWithRulesHaveTheirColumnsConverted(sql: String) async throws {
        let oracle = try Oracle(try PostgresServer.shared.get().url)
        try oracle.value(
            """
            DO $$ BEGIN
                PERFORM pg_advisory_xact_lock(6);
                IF to_regclass('ruled') IS NULL THEN
                    CREATE TYPE pair AS (f1 int, f2 text);
                    CREATE TYPE ruled_mood AS ENUM ('happy', 'sad');
                    CREATE TABLE ruled (n int, p pair, m ruled_mood DEFAULT 'sad');
                    CREATE TABLE ruled_log (n int);
                    CREATE RULE also AS ON INSERT TO ruled DO ALSO INSERT INTO ruled_log VALUES (NEW.n);
                END IF;
            END $$
            """
        )
        try await client { client async throws in
            let statement = PostgresStatement(sql: sql, parameters: [.init([.int8, .int4, nil])], shape: .one)
            var seven = PostgresParameters()
            seven.append("7")
            let answer = try await client.write(statement, seven, deadline: .seconds(5))
            let expected = [
                #"{"n":7,"p":{"f1":1,"f2":"a"},"m":"sad"}"#, #"{"p":{"f1":1,"f2":"a"},"p_n":7,"q \"x":"a"}"#,
                #"{"pair":{"f1":1,"f2":"a"},"mood":"sad","next":8,"t":"sad"}"#, #"{"returning":{"f1":7,"f2":"b"}}"#,
            ]
            let body = answer.body.map { String(buffer: $0) } ?? ""
            #expect(expected.contains(body), "\(sql): \(body)")
        }
    }

    @Test func aWrappedStatementKeepsItsOrderAndItsParameters() async throws {
        try await client { client async throws in
            let sql =
                "SELECT n AS id, ROW(n) AS \"r \"\"q\"\"\" FROM generate_series(1, $1) AS n ORDER BY n DESC LIMIT $2;"
            let body = try await client.body(sql, ["9", "2"])
            #expect(body == #"[{"id":9,"r \"q\"":{"f1":9}},{"id":8,"r \"q\"":{"f1":8}}]"#)
        }
    }

    @Test func changesOfTablesUnderARunningServiceHeal() async throws {
        let oracle = try Oracle(try PostgresServer.shared.get().url)
        try oracle.value(TypeTests.types)
        try oracle.value("DROP TABLE IF EXISTS changing")
        try oracle.value("CREATE TABLE changing AS SELECT 1 AS id")
        // Also with a column that the server converts, where the statement that is prepared is another one.
        for column in ["", ", 'happy'::test_mood AS mood", ", ROW(1) AS pair"] {
            try await client { client async throws in
                let statement = PostgresStatement(sql: "SELECT *\(column) FROM changing", shape: .many)
                let check = {
                    let answer = try await client.answer(statement)
                    let expected = try oracle.rows(statement.sql)
                    #expect(answer == expected)
                }
                try await check()
                for change in [
                    "ALTER TABLE changing ADD COLUMN name text DEFAULT 'n'",
                    "ALTER TABLE changing ALTER COLUMN id TYPE text",
                    "ALTER TABLE changing RENAME COLUMN name TO label", "ALTER TABLE changing DROP COLUMN label",
                    "ALTER TABLE changing ADD COLUMN extra test_mood DEFAULT 'sad'",
                    "ALTER TABLE changing DROP COLUMN extra",
                    "DROP TABLE changing; CREATE TABLE changing AS SELECT 1 AS id",
                ] {
                    try oracle.value(change)
                    try await check()
                }
                #expect(try await client.body("SELECT count(*) FROM pg_prepared_statements", shape: .value) != "0")
            }
        }
    }

    @Test func parametersWhoseTypeChangesUnderARunningServiceHeal() async throws {
        let oracle = try Oracle(try PostgresServer.shared.get().url)
        try oracle.value(TypeTests.types)
        try oracle.value("DROP TABLE IF EXISTS retyped")
        try oracle.value("CREATE TABLE retyped AS SELECT 1 AS id")
        try await client { client async throws in
            let statement = PostgresStatement(sql: "SELECT id FROM retyped WHERE id = $1", shape: .many)
            #expect(try await client.answer(statement, ["1"]) == #"[{"id":1}]"#)
            let error = await #expect(throws: PostgresError.self) { try await client.answer(statement, ["3000000000"]) }
            #expect(error?.sqlState == "22003")
            try oracle.value("ALTER TABLE retyped ALTER COLUMN id TYPE bigint")
            #expect(try await client.answer(statement, ["3000000000"]) == "[]")
            try oracle.value("ALTER TABLE retyped ALTER COLUMN id TYPE text")
            #expect(try await client.answer(statement, ["1"]) == #"[{"id":"1"}]"#)
            try oracle.value("ALTER TABLE retyped ALTER COLUMN id TYPE test_mood USING 'happy'")
            #expect(try await client.answer(statement, ["happy"]) == #"[{"id":"happy"}]"#)
        }
    }

    @Test func preparedStatementsAreBoundedAndDroppedOnesArePreparedAgain() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(
            url,
            configure: {
                $0.maximumConnections = 1
                $0.maximumPreparedStatements = 3
            }
        ) { client async throws in
            let statements = (0..<10).map { PostgresStatement(sql: "SELECT \($0) AS n", shape: .value) }
            for round in 0..<3 {
                for (number, statement) in statements.enumerated() {
                    #expect(try await client.answer(statement) == "\(number)", "round \(round)")
                }
            }
            let count = try await client.body("SELECT count(*) FROM pg_prepared_statements", shape: .value) ?? ""
            #expect((1...5).contains(Int(count) ?? 0))
            _ = try await client.body("DEALLOCATE ALL", shape: .none)
            for (number, statement) in statements.enumerated() {
                #expect(try await client.answer(statement) == "\(number)")
            }
        }
    }

    @Test func preparedStatementsHaveAnotherNameInEverySession() async throws {
        let names = PostgresStatement(sql: "SELECT name FROM pg_prepared_statements", shape: .value)
        let first = try await client { client async throws in try await client.answer(names) }
        let second = try await client { client async throws in try await client.answer(names) }
        #expect(first != nil && second != nil && first != second)
    }

    @Test func aStatementThatOnceFailedIsTriedAgain() async throws {
        let oracle = try Oracle(try PostgresServer.shared.get().url)
        try oracle.value("DROP TABLE IF EXISTS later")
        try await client { client async throws in
            let statement = PostgresStatement(sql: "SELECT id FROM later", shape: .many)
            await #expect(throws: PostgresError.self) { try await client.answer(statement) }
            try oracle.value("CREATE TABLE later AS SELECT 7 AS id")
            #expect(try await client.answer(statement) == #"[{"id":7}]"#)
        }
    }

    @Test func aTransactionLeftOpenIsRolledBackAndChangedSettingsEndTheSession() async throws {
        try await client { client async throws in
            let backend = "SELECT pg_backend_pid()"
            let first = try await client.body(backend, shape: .value)
            _ = try await client.body("BEGIN", shape: .none)
            // Asked by another session, after this one has answered again.
            #expect(try await client.body("SELECT 1", shape: .value) == "1")
            let state = "SELECT state FROM pg_stat_activity WHERE pid = \(first ?? "")"
            #expect(try Oracle(PostgresServer.shared.get().url).value(state) == "idle")
            #expect(try await client.body(backend, shape: .value) == first)
            _ = try await client.body("SELECT set_config('TimeZone', 'Asia/Tokyo', false) AS zone")
            #expect(
                try await client.body("SELECT '2024-01-01 00:00Z'::timestamptz", shape: .value)
                    == #""2024-01-01T00:00:00+00:00""#
            )
            #expect(try await client.body(backend, shape: .value) != first)
        }
    }
}
