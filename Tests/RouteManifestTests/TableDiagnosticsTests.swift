import RouteManifest
import Testing

/// A manifest whose route has the tables of the text, which begins at 8:22.
private func tables(_ name: String, _ text: String, _ expected: String...) -> Golden {
    var golden = Golden(name, oneRoute("get: /r\nsql: SELECT 1\nreturns: one\ncache: { tables: \(text) }"))
    golden.expected = expected.map { "8:\($0)" }
    return golden
}

private let auto = "'tables: auto' needs a lock, and there is none; run cached-routes check --write, or write"
private let spelling = "write a table's name such as 'books', or schema and name such as 'audit.events'"
private let quotes = "if this is its name, write it in double quotes"

@Suite struct TableDiagnosticsTests {
    static let goldens = [
        tables("Tables of the lock file", "auto", "22: error: \(auto) 'tables: [ books, authors ]'"),
        tables(
            "Tables of the lock file, by name",
            "{ names: auto, min-interval: 1s }",
            "31: error: \(auto) 'names: [ books, authors ]'"
        ),
        tables(
            "One table that is no list",
            "users",
            "22: error: 'tables' must be a list of tables, not a single value; write 'tables: [ users ]'"
        ),
        tables(
            "False",
            "false",
            "22: error: 'tables' must be a list of tables, not a single value; write 'tables: off'"
        ),
        tables("Nothing", "~", "22: error: 'tables' must be a list of tables, not empty; write 'tables: off'"),
        tables(
            "Names that are no list",
            "{ names: users }",
            "31: error: 'names' must be a list of tables, not a single value; write 'names: [ users ]'"
        ),
        tables(
            "Names that are none",
            #"[ "", users., .users, a.b.c, 1a, $a, a-b, "a b", '"a"b', "Users;", a.1, [a], {a: b}, ~, a1_$.$b ]"#,
            "24: error: '' is not a table: \(spelling)",
            "28: error: 'users.' is not a table: \(spelling)",
            "36: error: '.users' is not a table: \(spelling)",
            "44: error: 'a.b.c' is not a table: write the table without its column: 'a.b'",
            #"51: error: '1a' is not a table: \#(quotes): '"1a"'"#,
            #"55: error: '$a' is not a table: \#(quotes): '"$a"'"#,
            #"59: error: 'a-b' is not a table: \#(quotes): '"a-b"'"#,
            "64: error: 'a b' is not a table: write the table's name without its alias: 'a'",
            #"71: error: '"a"b' is not a table: \#(spelling)"#,
            #"79: error: 'Users;' is not a table: \#(quotes): '"Users;"'"#,
            #"89: error: 'a.1' is not a table: \#(quotes): 'a."1"'"#,
            "94: error: a table of 'tables' must be a single value, not a list; write 'a'",
            "99: error: a table of 'tables' must be a single value, not a mapping",
            "107: error: a table of 'tables' has no value; put '~' in quotes if it is meant as text",
            #"110: error: 'a1_$.$b' is not a table: \#(quotes): 'a1_$."$b"'"#
        ),
        tables("Quoted names", #"[ '"Odd Table"', 'audit."Weird.Name"', Straße, '"a""b"', '"Users"', '"$x".é' ]"#),
        tables(
            "Quoted names that are none",
            #"[ '""', '"a', 'a."', "\"a\0b\"", '"a".', '."a"', 'a"b"', '"a"."b"."c"' ]"#,
            #"24: error: '""' is not a table: a name in double quotes is empty; write the table's name in them"#,
            #"30: error: '"a' is not a table: a double quote is not closed; write one behind the name too"#,
            #"36: error: 'a."' is not a table: a double quote is not closed; write one behind the name too"#,
            "43: error: '\"a\u{0}b\"' is not a table: PostgreSQL keeps no NUL in a name",
            #"55: error: '"a".' is not a table: \#(spelling)"#,
            #"63: error: '."a"' is not a table: \#(spelling)"#,
            #"71: error: 'a"b"' is not a table: \#(spelling)"#,
            #"79: error: '"a"."b"."c"' is not a table: \#(spelling)"#
        ),
        tables(
            "Names that PostgreSQL cuts",
            "[ \(String(repeating: "a", count: 63)), \(String(repeating: "é", count: 32)) ]",
            "89: error: '\(String(repeating: "é", count: 32))' is not a table: a name has at most 63 bytes in PostgreSQL, "
                + "and '\(String(repeating: "é", count: 32))' has 64"
        ),
        tables(
            "One table in several spellings",
            #"[ users, '"users"', '"public".users', '"Odd"', Odd, 'a."b"', '"a".b', '"A".b' ]"#,
            "31: error: 'tables' has the table 'users' twice; remove one",
            "24: note: first here",
            "42: error: 'tables' has the table 'users' twice; remove one",
            "24: note: first here",
            "69: error: 'tables' has the table 'Odd' twice; remove one",
            "60: note: first here",
            "83: error: 'tables' has the table 'a.b' twice; remove one",
            "74: note: first here"
        ),
        tables(
            "One table twice",
            "{ names: [ users, audit.users, Users, public.users, audit.users ] }",
            "60: error: 'names' has the table 'users' twice; remove one",
            "33: note: first here",
            "74: error: 'names' has the table 'audit.users' twice; remove one",
            "40: note: first here"
        ),
        tables(
            "An interval alone",
            "{ min-interval: 1s }",
            "14: error: 'tables' has no 'names'; write tables: { names: [ books ], min-interval: 1s }"
        ),
        tables("Nothing in it", "{}", "14: error: 'tables' has no 'names'; write tables: { names: [ books ] }"),
        tables(
            "Unknown keys, and keys of other places",
            "{ nmes: [a], names: [a], ttl: 5s, tables: off, min-interval: 0s }",
            "24: error: unknown key 'nmes' in 'tables' (did you mean 'names'?)",
            "47: error: 'ttl' belongs beside 'tables', not in it",
            "56: error: unknown key 'tables' in 'tables' (write 'names')",
            "83: error: 'min-interval' must be longer than zero, such as '1s'"
        ),
        tables("An hour", "{ names: [a], min-interval: 60m }"),
        tables(
            "More than an hour",
            "{ names: [a], min-interval: 3601s }",
            "50: error: 'min-interval' must be at most 1h; write '1h' or less"
        ),
        tables(
            "Another spelling of an interval",
            "{ names: [a], min-interval: 1 sec }",
            "50: error: '1 sec' is not a duration (write '1s')"
        ),
        tables(
            "An interval that is a list",
            "{ names: [a], min-interval: [1s] }",
            "50: error: 'min-interval' must be a duration, not a list; write 'min-interval: 1s'"
        ),
        Golden.route(
            "Settings of tables in other places",
            """
            get: /r
            sql: SELECT 1
            returns: one
            min-interval: 1s
            tables: [a]
            cache: { min-interval: 1s, names: [a], warm: { every: 1s, tables: [a] } }
            """,
            "8:5: error: 'min-interval' belongs under 'tables', which belongs under 'cache'",
            "9:5: error: 'tables' belongs under 'cache'",
            "10:14: error: 'min-interval' belongs under 'tables'",
            "10:32: error: 'names' belongs under 'tables'",
            "10:63: error: 'tables' belongs beside 'warm', not in it"
        ),
        Golden(
            "Defaults",
            """
            version: 1
            namespace: n
            defaults: { returns: one, min-interval: 1s, cache: { tables: { names: [ 1 ], min-interval: 2h } } }
            routes:
              a: { get: /a, sql: SELECT 1 }
              b: { get: /b, sql: SELECT 1, cache: { tables: { min-interval: 1s } } }
            """,
            "3:27: error: 'min-interval' belongs under 'tables', which belongs under 'cache'",
            #"3:73: error: '1' is not a table: \#(quotes): '"1"'"#,
            "3:92: error: 'min-interval' must be at most 1h; write '1h' or less"
        ),
        Golden(
            "An interval by default, which names no tables",
            """
            version: 1
            namespace: n
            defaults: { returns: one, cache: { tables: { min-interval: 1s } } }
            routes:
              a: { get: /a, sql: SELECT 1 }
              b: { get: /b, sql: SELECT 1, cache: { tables: { min-interval: 1s } } }
            """,
            "6:41: error: 'tables' has no 'names'; write tables: { names: [ books ], min-interval: 1s }"
        ),
        Golden(
            "The name of a generated type",
            "version: 1\nnamespace: n\nroutes:\n  TablePolicy: { get: /, sql: SELECT 1 }\n",
            "4:3: error: a route cannot be called 'TablePolicy': generated code uses that name; call it something else, such as 'tablePolicyRoute'"
        ),
        Golden.route(
            "Tables of a write",
            "post: /r\nsql: DELETE FROM t WHERE true\nreturns: none\ncache: { tables: [a] }",
            "8:5: error: a write has no 'cache', since its answers are never cached; leave it out: the tables' triggers see what it changes"
        ),
    ]

    @Test("What is wrong with a route's tables is reported at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }
}

@Suite struct UnknownTableTests {
    /// The columns of warnings of a table that the SQL names nearly.
    private func lines(_ sql: String, _ table: String) -> [String] {
        RouteManifestTests.lines(oneRoute("get: /r\nsql: \(sql)\ncache: { tables: [ \(table) ] }"))
    }

    @Test func aTableThatTheSQLNamesNearlyIsReported() {
        for (sql, table, closest) in [
            ("SELECT 1 FROM users LIMIT 1", "user", "users"), ("SELECT 1 FROM orders o LIMIT 1", "order", "orders"),
            ("SELECT 1 FROM a JOIN order_items i ON true LIMIT 1", "order_item", "order_items"),
        ] {
            #expect(
                lines(sql, table) == [
                    "7:24: warning: the SQL of route 'r' does not name the table '\(table)' (did you mean '\(closest)'?) "
                        + "[unknown-table]"
                ]
            )
        }
    }

    @Test(
        arguments: [
            ("SELECT 1 FROM orders_v LIMIT 1", "orders"), ("SELECT 1 FROM v_orders LIMIT 1", "orders"),
            ("SELECT 1 FROM orders_2 LIMIT 1", "orders"), ("SELECT 1 FROM totals LIMIT 1", "orders"),
            ("WITH user AS (SELECT 1) SELECT 1 FROM user LIMIT 1", "users"),
            ("WITH a AS (SELECT 1), userz (x) AS NOT MATERIALIZED (SELECT 1) SELECT 1 FROM userz LIMIT 1", "users"),
        ]
    )
    func viewsAndQueriesReadTablesThatAreNotNamed(_ sql: String, _ table: String) {
        #expect(lines(sql, table) == [])
    }
}
