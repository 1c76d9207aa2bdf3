import RouteManifest

/// A route with one fault. The place of its finding is the word in `⟨⟩`.
struct FaultyRoute {
    var number: Int
    var method = "get"
    /// Lines of the route beside `sql`.
    var settings: [String] = []
    var sql: String
    /// The name of the finding; `nil` for an error without one.
    var name: DiagnosticName?
    var severity = Diagnostic.Severity.error
    /// A part of the message.
    var words: String
    /// A part of a note.
    var note: String?
    /// The checks that the route allows.
    var allowed = ["no-limit"]
}

extension FaultyRoute {
    static let schema = """
        CREATE TYPE user_state AS ENUM ('active', 'blocked');
        CREATE TABLE users (
            id int PRIMARY KEY, email text NOT NULL CONSTRAINT users_email_key UNIQUE, name text, state user_state NOT NULL,
            balance numeric NOT NULL, ratio real, code varchar NOT NULL, joined timestamptz NOT NULL, tags text[], doc jsonb
        );
        CREATE INDEX ON users (code);
        CREATE SEQUENCE orders_id_seq;
        CREATE TABLE orders (id bigint PRIMARY KEY, user_id int NOT NULL, total numeric NOT NULL, note text);
        INSERT INTO orders SELECT n, n % 100, n, 'note ' || n FROM generate_series(1, 50000) AS n;
        ANALYZE orders;
        CREATE TABLE audit (at timestamptz);
        CREATE VIEW order_totals AS
            SELECT u.id AS user_id, sum(o.total) AS total FROM orders o JOIN users u ON u.id = o.user_id GROUP BY u.id;
        CREATE MATERIALIZED VIEW top AS SELECT id FROM orders ORDER BY total DESC LIMIT 5;
        CREATE FUNCTION touch() RETURNS int LANGUAGE plpgsql VOLATILE AS $$
            BEGIN INSERT INTO audit VALUES (now()); RETURN 1; END $$;
        CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM audit';
        """

    static let all = [
        FaultyRoute(
            number: 1,
            sql: "SELECT ⟨emial⟩ FROM users",
            words: #"PostgreSQL can't prepare this: column "emial" does not exist [42703]"#,
            note: #"HINT: Perhaps you meant to reference the column "users.email"."#
        ),
        FaultyRoute(number: 2, sql: "SELECT id FROM ⟨usres⟩", words: #"relation "usres" does not exist [42P01]"#),
        FaultyRoute(
            number: 3,
            sql: "SELECT ⟨lenght⟩(name) AS n FROM users",
            words: "function lenght(text) does not exist [42883]",
            note: "HINT: No function matches"
        ),
        FaultyRoute(
            number: 4,
            settings: ["query: { id: int }"],
            sql: "SELECT id FROM users WHERE ⟨u⟩.id = :id",
            words: #"missing FROM-clause entry for table "u" [42P01]"#
        ),
        FaultyRoute(
            number: 5,
            settings: ["query: { id: int }"],
            sql: "SELECT id FROM users WHER ⟨id⟩ = :id",
            words: #"syntax error at or near "id" [42601]"#
        ),
        // The build finds these two.
        FaultyRoute(number: 6, sql: "SELECT id⟨,⟩ FROM users", words: "a ',' stands before FROM"),
        FaultyRoute(number: 7, sql: "SELECT ⟨(⟩id FROM users", words: "this '(' is never closed"),
        FaultyRoute(
            number: 8,
            sql: "SELECT ⟨name⟩, count(*) AS n FROM users",
            words:
                #"column "users.name" must appear in the GROUP BY clause or be used in an aggregate function [42803]"#
        ),
        FaultyRoute(
            number: 9,
            sql: "SELECT ⟨id⟩ FROM users JOIN orders ON user_id = users.id",
            words: #"column reference "id" is ambiguous [42702]"#
        ),
        FaultyRoute(
            number: 10,
            sql: "SELECT name ⟨+⟩ 1 AS b FROM users",
            words: "operator does not exist: text + integer [42883]"
        ),
        FaultyRoute(
            number: 11,
            settings: ["query: { flag: bool }"],
            sql: "SELECT id FROM users WHERE joined = ⟨:flag⟩",
            words: "':flag' is declared as bool, and this statement needs timestamp with time zone here"
        ),
        FaultyRoute(
            number: 12,
            settings: ["query: { key: uuid }"],
            sql: "SELECT id FROM users WHERE id = ⟨:key⟩",
            words: "':key' is declared as uuid, and this statement needs integer here"
        ),
        FaultyRoute(
            number: 13,
            sql: "SELECT id FROM users WHERE state = ⟨'actve'⟩",
            words: #"invalid input value for enum user_state: "actve" [22P02]"#
        ),
        FaultyRoute(number: 14, sql: "SELECT id, ⟨name⟩ AS id FROM users", words: "two columns are called 'id'"),
        FaultyRoute(
            number: 15,
            sql: "⟨SELECT⟩ u.*, o.* FROM users u JOIN orders o ON o.user_id = u.id",
            words: "two columns are called 'id'"
        ),
        FaultyRoute(
            number: 16,
            settings: ["returns: ⟨value⟩"],
            sql: "SELECT * FROM users",
            words: "'returns: value' is for one column, and this statement has 10"
        ),
        FaultyRoute(
            number: 17,
            method: "post",
            settings: ["body: { n: string, id: int }", "returns: one"],
            sql: "⟨UPDATE⟩ users SET name = :n WHERE id = :id",
            words: "RETURNING"
        ),
        FaultyRoute(
            number: 18,
            settings: ["not-null: [ ⟨idd⟩ ]"],
            sql: "SELECT id FROM users",
            words: "'not-null' names 'idd', which is no column (did you mean 'id'?)"
        ),
        FaultyRoute(
            number: 19,
            sql: "SELECT ⟨touch⟩() AS t",
            name: .mayWrite,
            words: "touch() may write, and a GET route runs READ ONLY"
        ),
        FaultyRoute(
            number: 20,
            sql: "SELECT ⟨nextval⟩('orders_id_seq') AS n",
            words: "a GET route cannot write: 'nextval'",
            allowed: ["no-limit", "non-deterministic"]
        ),
        FaultyRoute(
            number: 21,
            settings: ["cache: { tables: [ ⟨orders⟩ ] }"],
            sql: "SELECT id FROM orders",
            name: .noTriggers,
            severity: .warning,
            words: "changes of table 'orders' are not announced: it has no triggers; run cached-routes triggers"
        ),
        FaultyRoute(
            number: 22,
            settings: ["cache: { tables: [ orders ] }"],
            sql: "SELECT user_id FROM ⟨order_totals⟩",
            name: .undeclaredTable,
            severity: .warning,
            words: "this statement reads 'users', which 'tables' does not name",
            allowed: ["no-limit", "no-triggers"]
        ),
        FaultyRoute(
            number: 23,
            settings: ["cache: { tables: [ users ] }"],
            sql: "SELECT ⟨peek⟩() AS p",
            name: .unknownTables,
            severity: .warning,
            words: "what peek() reads can't be known",
            allowed: ["no-limit", "no-triggers"]
        ),
        FaultyRoute(
            number: 24,
            settings: ["cache: { tables: [ users ] }"],
            sql: "SELECT id FROM ⟨top⟩",
            name: .unknownTables,
            severity: .warning,
            words: "what the materialized view 'top' reads can't be known",
            allowed: ["no-limit", "no-triggers"]
        ),
        FaultyRoute(
            number: 25,
            settings: ["query: { id: decimal }", "returns: one"],
            sql: "SELECT name FROM users WHERE id = ⟨:id⟩",
            name: .noIndex,
            severity: .warning,
            words: "'id' is of type integer and is compared as numeric, so its index is not used; declare ':id' as int"
        ),
        FaultyRoute(
            number: 26,
            settings: ["query: { r: double }"],
            sql: "SELECT id FROM users WHERE ratio = ⟨:r⟩",
            name: .real,
            severity: .warning,
            words: "'ratio' is a real: 0.1 as a double precision equals none of its values; write ':r::real'"
        ),
        FaultyRoute(
            number: 27,
            settings: ["query: { note: string }"],
            sql: "SELECT id FROM ⟨orders⟩ WHERE note = :note",
            name: .seqScan,
            severity: .warning,
            words: "each request reads all of 'orders' (50,000 rows): no index fits '(orders.note = :note)'"
        ),
        FaultyRoute(
            number: 28,
            method: "post",
            settings: ["returns: none", "errors: { ⟨users_emial_key⟩: { status: 409, message: Taken. } }"],
            sql: "INSERT INTO users VALUES (1, 'a', 'b', 'active', 0, 1, 'c', now())",
            name: .unknownConstraint,
            severity: .warning,
            words: "no constraint of this database is called 'users_emial_key' (did you mean 'users_email_key'?)"
        ),
        FaultyRoute(
            number: 29,
            method: "post",
            settings: ["returns: none"],
            sql: "INSERT INTO users (email, ⟨nme⟩) VALUES ('a', 'b')",
            words: #"column "nme" of relation "users" does not exist [42703]"#
        ),
        FaultyRoute(
            number: 30,
            settings: ["query: { ids: int }"],
            sql: "SELECT id FROM users WHERE id = ANY(⟨:ids⟩)",
            words: "':ids' is declared as int, and this statement needs integer[] here"
        ),
        FaultyRoute(
            number: 31,
            sql: "SELECT ⟨lo_create⟩(0) AS n",
            name: .mayWrite,
            words: "lo_create() writes, and a GET route runs READ ONLY"
        ),
        FaultyRoute(
            number: 32,
            sql: "SELECT id FROM users ORDER ⟨id⟩",
            words: #"syntax error at or near "id" [42601]"#
        ),
        FaultyRoute(
            number: 33,
            sql: "SELECT id FROM users WHERE⟨⟩",
            words: "syntax error at end of input [42601]"
        ),
        // The first occurrences get other types, so that the third one has another number where it is sent.
        FaultyRoute(
            number: 34,
            settings: ["query: { n: string }"],
            sql: "SELECT id FROM users WHERE name = :n AND id = ⟨length⟩(:n, 1, 2) AND left(name, :n::int) = 'ä'",
            words: "integer, integer) does not exist [42883]"
        ),
    ]
}

/// Ways to write a statement.
enum StatementStyle: String, CaseIterable, Sendable {
    case block, indentedBlock, file, folded, quoted
}

/// Manifests with faulty routes, and the places of the faults.
struct FaultyManifest {
    private(set) var manifests: [String: String] = [:]
    private(set) var files: [String: String] = [:]
    private(set) var places: [Int: Location] = [:]

    /// Writes routes.
    ///
    /// - Parameters:
    ///   - routes: the routes.
    ///   - style: the way to write their statements.
    ///   - allowing: tells that each route allows its own finding.
    ///   - split: the number of routes in the first of two manifests; `nil` for one manifest.
    init(_ routes: [FaultyRoute], _ style: StatementStyle, allowing: Bool = false, split: Int? = nil) {
        let split = split ?? routes.count
        write(routes.prefix(split), "routes.yaml", style, allowing)
        if split < routes.count { write(routes.dropFirst(split), "other.routes.yaml", style, allowing) }
    }

    private mutating func write(
        _ routes: ArraySlice<FaultyRoute>,
        _ file: String,
        _ style: StatementStyle,
        _ allowing: Bool
    ) {
        var text = "version: 1\nnamespace: n\nroutes:\n"
        for route in routes {
            let allowed = route.allowed + (allowing ? [route.name?.rawValue].compactMap { $0 } : [])
            var lines = ["  r\(route.number):", "    \(route.method): /r\(route.number)"]
            lines += route.settings.map { "    \($0)" }
            lines.append("    allow: [ \(allowed.joined(separator: ", ")) ]")
            // Characters of several bytes, and one that editors show in several columns, stand before the place.
            let sql = route.sql
            let remark = "/* ä€😀\t*/ "
            switch style {
            case .block: lines += ["    sql: |", "      -- ä", "      \(remark)\(sql)"]
            case .indentedBlock: lines += ["    sql: |2", "            -- ä", "          \(remark)\(sql)"]
            case .folded: lines += ["    sql: >", "      \(remark)", "      \(sql)"]
            case .quoted:
                let escaped = sql.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                lines += ["    sql: \"/* \\u00e4\\t */ \(escaped)\""]
            case .file:
                let name = "r\(route.number).sql"
                lines.append("    sql-file: sql/\(name)")
                files["sql/\(name)"] = mark(
                    "-- ä\r\n\(remark)\(sql)\r\n",
                    in: "sql/\(name)",
                    from: 1,
                    route.number
                )
            }
            let line = text.count { $0 == "\n" } + 1
            text += mark(lines.joined(separator: "\n") + "\n", in: file, from: line, route.number)
        }
        manifests[file] = text
    }

    /// Removes the marks from a text, and remembers their place.
    private mutating func mark(_ text: String, in file: String, from line: Int, _ number: Int) -> String {
        var clean = String.UnicodeScalarView()
        var line = line
        var column = 1
        for scalar in text.unicodeScalars {
            switch scalar {
            case "⟨": places[number] = Location(file: file, line: line, column: column)
            case "⟩": continue
            case "\n":
                clean.append(scalar)
                line += 1
                column = 1
            default:
                clean.append(scalar)
                column += 1
            }
        }
        return String(clean)
    }
}
