import Foundation
import NIOCore
import TestServers
import Testing

@testable import PostgresClient

/// The parameter that an error is said to be about, where the server says which one it was reading and where it does not.
@Suite struct ParameterErrorContextTests {
    /// The outermost line for reading a parameter, and for running with parameters, as servers say it in their languages.
    private static let languages: [(reading: String, running: String)] = [
        ("unnamed portal parameter $#", "unnamed portal with parameters: @"),
        ("unbenanntes Portal Parameter $#", "unbenanntes Portal mit Parametern: @"),
        ("portal sin nombre, parámetro #", "portal sin nombre con parámetros: @"),
        ("paramètre de portail non nommé $#", "portail non nommé avec les paramètres : « @ »"),
        ("parametro portale senza nome $#", "portale senza nome con parametri: @"),
        ("無名ポータルパラメータ $#", "パラメータを持つ無名ポータル: @"),
        ("უსახელო პორტალის პარამეტრი $#", "უსახელო პორტალი პარამეტრებით: @"),
        ("이름없는 포탈 $# 매개 변수", "이름 없는 포탈의 매개 변수: @"),
        ("неименованный портал, параметр $#", "неименованный портал с параметрами: @"),
        ("ej namngiven portalparameter $#", "ej namngiven portal med parametrar: @"),
        ("параметр порталу без назви $#", "портал без імені з параметрами: @"),
        ("某参数 $#", "某参数：@"),
    ]

    /// Values that look like what stands around them.
    static let values =
        ["0", "x", "", "'", "''", "a'", "'a", " = ", "$2", "a\nb", "a\r\nb", "\n", "a...", "', $2 = '", "' »", "NULL"]
        + ["", "'", "x", "',\n"].flatMap { before in
            ["\n", "\r", "\r\n", "\u{2028}", "\u{85}"].flatMap { line in
                ["", " = 'y'", " = '"].map { "\(before)\(line)unnamed portal parameter $1\($0)" }
            }
        }

    private static let innerLines = [
        "", "JSON data, line 1: [x\n", "PL/pgSQL function f(text) line 3 at RAISE\n",
        "SQL statement \"SELECT '\nunnamed portal parameter $7'::int\"\n",
    ]

    private func quoted(_ value: String) -> String {
        "'" + value.unicodeScalars.reduce(into: "") { $0 += $1 == "'" ? "''" : String($1) } + "'"
    }

    private func parameter(_ context: String) -> Int? { PostgresError.unreadParameter(context: context) }

    /// The outermost line behind what the server was doing inside, which is another one for each number.
    private func context(_ number: Int, _ line: String) -> String {
        Self.innerLines[number % Self.innerLines.count] + line
    }

    @Test func theParameterThatWasBeingReadIsFoundInEveryLanguage() {
        var wrong: [String] = []
        for (language, (reading, _)) in Self.languages.enumerated() {
            for number in [1, 3, 12] {
                let line = reading.replacing("#", with: "\(number)")
                let lines = [line] + Self.values.map { "\(line) = \(quoted($0))" }
                let contexts = lines.enumerated().map { context(language + $0.offset, $0.element) }
                wrong += contexts.filter { parameter($0) != number - 1 }
            }
        }
        #expect(wrong == [])
    }

    @Test func theParametersOfAStatementThatRanAreNotTakenForOneThatWasBeingRead() {
        var wrong: [String] = []
        for (language, (_, running)) in Self.languages.enumerated() {
            for (index, value) in Self.values.map(quoted).enumerated() {
                let lists = [
                    "$1 = \(value)", "$1 = \(value), $2 = '0'", "$1 = '0', $2 = \(value)", "$1 = \(value), $2 = NULL",
                    "$1 = NULL, $2 = \(value)", "$1 = \(value), $2 = \(value), $3 = NULL", "$1 = NULL",
                ]
                let contexts = lists.map { context(language + index, running.replacing("@", with: $0)) }
                wrong += contexts.filter { parameter($0) != nil }
            }
        }
        #expect(wrong == [])
    }

    @Test(
        arguments: [
            "", "\n", "$1", "SQL function \"$1\" statement 1", "SQL function \"f\" statement 1",
            "PL/pgSQL function f(text) line 3 at RAISE", "while updating tuple (0,1) in relation \"t\"",
            "JSON data, line 1: $1", "JSON data, line 1: [\u{2028}unnamed portal parameter $1",
            "JSON data, line 1: [\"\runnamed portal parameter $1", "SQL-Anweisung »SELECT\n$1«",
            "SQL statement \"SELECT 1/0 --\nunnamed portal parameter $1\"",
            "unnamed portal parameter $1\nCOPY t, line 1",
            "unnamed portal parameter $0", "unnamed portal parameter $",
            "unnamed portal parameter $99999999999999999999",
            "x $1 = y", "x $1 $2", "unnamed portal parameter $1 = 'a", "while doing 3",
        ])
    func anotherContextNamesNoParameter(context: String) {
        #expect(parameter(context) == nil)
    }
}

/// The same against a server that adds the values to what it says of errors, and one that does not.
@Suite(.timeLimit(.minutes(2))) struct ParameterErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let sql: String
        let values: [String?]
        let sqlState: String
        let parameter: Int?

        init(_ sql: String, _ values: [String?], _ sqlState: String, _ parameter: Int?) {
            self.sql = sql
            self.values = values
            self.sqlState = sqlState
            self.parameter = parameter
        }

        var testDescription: String { "\(sql) \(values)" }
    }

    private static let cases: [Case] =
        [
            Case("SELECT 1 / $1::int AS a", ["0"], "22012", nil),
            Case("SELECT $1::text AS t, 1 / $2::int AS a", ["x", "0"], "22012", nil),
            Case("SELECT to_tsquery('simple', $1)::text AS a", ["a b"], "42601", nil),
            Case("SELECT to_tsquery('simple', $1::text)::text AS a, $2::int AS b", ["a b", "1"], "42601", nil),
            Case("SELECT $1::text::int AS a", ["x"], "22P02", nil),
            Case("SELECT $1::text::json AS a", ["[\u{2028}\"unnamed portal parameter $1\", x"], "22P02", nil),
            Case("SELECT $1::text::json AS a", ["[\r\"unnamed portal parameter $1\", x"], "22P02", nil),
            Case("SELECT $1::json AS a", ["[\n\"unnamed portal parameter $3\", x"], "22P02", 0),
            Case(
                "SELECT $2::text AS t, $1::json AS a",
                ["[\u{2028}\"unnamed portal parameter $2\", x", "1"],
                "22P02",
                0
            ),
            Case("SELECT * FROM ts_stat($1)", ["SELECT 1 / 0 --\nunnamed portal parameter $1"], "42601", nil),
            Case(
                "SELECT * FROM ts_stat($1)",
                ["SELECT to_tsvector((1 / 0)::text || '\nunnamed portal parameter $1')"],
                "22012",
                nil
            ),
            Case("SELECT $1::int AS a", ["x"], "22P02", 0),
            Case("SELECT $1::int AS a, $2::int AS b", ["99999999999", "x"], "22003", 0),
            Case("SELECT $1::text AS t, $2::date AS b, $3::text AS c", ["x", "2024-02-30", nil], "22008", 1),
            Case("SELECT $1::int AS a, $2::text AS b, 1 / $3::int AS c", [nil, "x", "0"], "22012", nil),
            Case("SELECT 1 / $1::int AS a, $2::text AS b", ["0", nil], "22012", nil),
        ]
        + ParameterErrorContextTests.values.enumerated().filter { $0.offset < 16 || $0.offset % 5 == 0 }.flatMap {
            _,
            value in
            [
                Case("SELECT $1::text AS t, 1 / $2::int AS a", [value, "0"], "22012", nil),
                Case("SELECT 1 / $1::int AS a, $2::text AS t", ["0", value], "22012", nil),
                Case("SELECT 1 / (length($1::text) * 0) AS a", [value], "22012", nil),
                Case("SELECT $1::text AS t, $2::uuid AS a", ["y", value], "22P02", 1),
                Case("SELECT $2::text AS t, $1::uuid AS a", [value, "y"], "22P02", 0),
            ]
        }

    @Test(arguments: [-1, 0, 5], [PostgresConfiguration.Statements.named, .unnamed])
    func onlyAParameterThatWasBeingReadIsNamed(shown: Int, statements: PostgresConfiguration.Statements) async throws {
        let server = try PostgresServer.shared.get()
        let role = "pe_\(shown + 1)_\(statements == .named)"
        _ = try await blocking {
            try server.psql(
                """
                DO $$ BEGIN CREATE ROLE \(role) LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                ALTER ROLE \(role) SET log_parameter_max_length_on_error = \(shown);
                """
            )
        }
        try await withClient("postgres://\(role)@127.0.0.1:\(server.port)/postgres") {
            $0.statements = statements
        } _: { client in
            for test in Self.cases {
                let error = await client.failure(test.sql, test.values)
                #expect(error?.sqlState == test.sqlState, "\(test)")
                #expect(error?.parameter == test.parameter, "\(test)")
                // Twice: now it is prepared.
                let again = await client.failure(test.sql, test.values)
                #expect(again?.parameter == test.parameter, "\(test)")
            }
        }
    }
}
