import Testing

@testable import RouteCheckPostgres

@Suite("Messages of psql")
struct PsqlMessageTests {
    private static let words = #"""
        psql:/a: b/s.sql:2: ERROR:  42704: unrecognized configuration parameter "x"
        LOCATION:  find_option, guc.c:5734
        psql:/a: b/s.sql:2: STATEMENT:  SET x
          = 1;
        psql:/a: b/s.sql:3: NOTICE:  00000: psql: ERROR:  hello
        LOCATION:  exec_stmt_raise, pl_exec.c:3891
        psql:/a: b/s.sql:4: ERROR:  42703: column "foo" does not exist
        LINE 1: SELECT foo
                       ^
        psql:/a: b/s.sql:4: STATEMENT:  SELECT foo;
        psql:/a: b/s.sql:5: error: invalid command \restrict
        psql: error: connection to server failed: FATAL:  no
        psql:s.sql:6: ERROR:  22023: role "a"b" does not exist
        psql:s.sql:7: ERROR:  42710: role "late" already exists
        """#

    @Test("are read with their statements")
    func reading() {
        let messages = PsqlMessage.all(in: Self.words)
        #expect(messages.map(\.severity) == ["ERROR", "NOTICE", "ERROR", "error", "error", "ERROR", "ERROR"])
        #expect(messages.map(\.isError) == [true, false, true, true, true, true, true])
        #expect(messages.map(\.state) == ["42704", "00000", "42703", nil, nil, "22023", "42710"])
        #expect(messages[0].statement == "SET x\n  = 1;" && messages[0].place == "/a: b/s.sql:2")
        #expect(
            messages[2].text
                == "/a: b/s.sql:4: ERROR:  42703: column \"foo\" does not exist\nLINE 1: SELECT foo\n               ^"
        )
        #expect(messages[4].text == "error: connection to server failed: FATAL:  no")
        #expect(messages.compactMap(\.missingRole) == ["a\"b"])
        #expect(
            messages.map { $0.isHarmless(besides: ["late"]) } == [true, false, false, true, false, false, true]
        )
        #expect(!messages[6].isHarmless(besides: ["other"]))
    }

    @Test(
        "about an unknown setting take nothing from a schema only if the statement sets it and nothing else",
        arguments: [
            ("SET x = 1", true), ("-- new\nset local x to 1", true), ("RESET x", true),
            ("SELECT pg_catalog.set_config('x', '', false)", true), ("select set_config('x', '', false)", true),
            ("ALTER ROLE a SET x = 1", true), ("ALTER DATABASE d SET x = 1", true),
            ("CREATE FUNCTION f() RETURNS int SET x = 1 RETURN 1", false), ("SELECT current_setting('x')", false),
            ("ALTER FUNCTION f SET x = 1", false), ("", false),
        ]
    )
    func settings(_ statement: String, _ isHarmless: Bool) {
        let message = PsqlMessage(
            place: "s.sql:1",
            severity: "ERROR",
            state: "42704",
            message: "unrecognized configuration parameter \"x\"",
            statement: statement
        )
        #expect(message.isHarmless(besides: []) == isHarmless)
    }
}
