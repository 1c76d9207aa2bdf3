import Logging
import PostgresClient
import TestServers
import Testing

/// Code points that Swift's `Character` and `String` take together and PostgreSQL does not.
@Suite struct CharacterTests {
    @Test(
        arguments: [
            "SELECT 1 AS \"a\"\"\u{301}\"", "SELECT ROW(1) AS \"a\"\"\u{301}\"",
            "SELECT ROW(1) AS \"\"\"\u{200d}\"\"\u{20e3}\"",
            "SELECT ROW(1) AS \"\u{301}\", '\"\u{301}' AS \"\"\"\"", "SELECT ROW('\"\u{301}', '\\\u{301}') AS \"\r\n\"",
            "SELECT ARRAY['\"\u{301}', '\\\u{301}', ',\u{301}', '{\u{301}}\u{301}'] AS v", "SELECT ROW(1) AS v -- \r\n",
            "SELECT ROW('\u{301}') AS v /*\u{301} *\u{301}/ */\r\n",
        ])
    func combiningMarksHideNothing(sql: String) async throws {
        let url = try PostgresServer.shared.get().url
        let answer = try await withClient(url) { try await $0.body(sql) }
        let expected = try Oracle(url).rows(sql)
        #expect(answer == expected)
    }

    @Test func namesThatOnlyLookEqualAreTwo() async throws {
        let url = try PostgresServer.shared.get().url
        for sql in ["SELECT 1 AS \"\u{e9}\", 2 AS \"e\u{301}\"", "SELECT ROW(1) AS \"\u{212b}\", 2 AS \"\u{c5}\""] {
            let answer = try await withClient(url) { try await $0.body(sql) }
            let expected = try Oracle(url).rows(sql)
            // By bytes, for the same reason.
            #expect(answer.map { Array($0.utf8) == Array(expected.utf8) } == true)
        }
    }

    @Test(arguments: ["postgres://u:\u{301}secret%zz@h/db", "postgres://u:secret%zz\u{301}@h/db"])
    func noPasswordIsToldForItsFirstCharacter(url: String) throws {
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let error = #expect(throws: PostgresError.self) {
            try PostgresClient(configuration: PostgresConfiguration(url: url), logger: quiet)
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }
}
