import RouteManifest
import Testing

/// Every `:zz` in a manifest is an unknown input, so that the diagnostics show which places the parser finds; the test finds
/// them in the manifest's own text.
@Suite struct SQLPlacesTests {
    static let statements: [(name: String, text: String)] = [
        ("plain", "SELECT :zz, 'é', :zz"),
        ("plain, several lines", "SELECT :zz,\n  :zz\n\n    , :zz"),
        ("single-quoted", "'SELECT ''a'':zz, ''é''  , :zz'"),
        ("single-quoted, several lines", "'SELECT  :zz,  \n\n   ''x'' :zz,\n  :zz '"),
        ("double-quoted", #""SELECT \"a\" :zz, 'a\tb\x41\u00e9\U0001F600\\' :zz \/ :zz""#),
        ("double-quoted, several lines", "\"SELECT :zz,\\\n    \\  :zz,\n\n  'é' :zz, \\\n\n  :zz\\n:zz\""),
        ("literal", "|\n  SELECT :zz,\n    'é' :zz\n\n  , :zz\n\n"),
        ("literal, stripped, with a comment", "|- # a :zy comment\n  SELECT :zz\n  , :zz"),
        ("literal, kept", "|+\n\n  SELECT :zz\n\n  , :zz\n\n"),
        ("literal, with its indentation named", "|2\n    SELECT :zz\n   , :zz"),
        ("literal, with blank lines of blanks", "|\n  SELECT :zz\n \n     \n  , :zz"),
        ("folded", ">\n  SELECT :zz,\n  :zz\n\n  , :zz\n\n\n  , :zz\n"),
        ("folded, with deeper lines", ">-\n  SELECT :zz\n    , :zz\n\n     , :zz\n  , :zz,\n  :zz"),
        ("folded, with blank lines first", ">\n\n\n  SELECT :zz\n  , :zz"),
        ("with an anchor and a tag", "&a !!str\n  SELECT :zz\n  , :zz"),
        ("literal, with an anchor", "&a |\n  SELECT :zz\n  , :zz"),
    ]

    @Test("Places in a statement are those in the file, whatever the style", arguments: statements, ["\n", "\r\n"])
    func places(statement: (name: String, text: String), lineEnd: String) {
        let text = "get: /r\nsql: \(statement.text)\nsummary: x"
        let source = oneRoute(text).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd)
        var expected: [String] = []
        for (row, line) in source.split(separator: Character(lineEnd), omittingEmptySubsequences: false).enumerated() {
            let scalars = Array(line.unicodeScalars)
            for column in scalars.indices where scalars[column...].starts(with: ":zz".unicodeScalars) {
                expected.append(
                    "\(row + 1):\(column + 1): error: SQL uses ':zz', which is not an input of this route; declare it, for instance under 'query'"
                )
            }
        }
        #expect(expected.count >= 2)
        #expect(lines(source) == expected, "\(source)")
    }

    @Test("A statement in a flow mapping has its places too")
    func flow() {
        let source = "version: 1\nnamespace: n\nroutes: { r: { get: /r, sql: SELECT aaa\n  + :zz, sql2: x } }\n"
        #expect(
            lines(source) == [
                "4:5: error: SQL uses ':zz', which is not an input of this route; declare it, for instance under 'query'",
                "4:10: error: unknown key 'sql2' in route 'r' (did you mean 'sql'?)",
            ]
        )
    }
}
