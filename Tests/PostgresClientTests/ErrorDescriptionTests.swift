import NIOCore
import TestServers
import Testing

@testable import PostgresClient

@Suite("Descriptions of errors", .timeLimit(.minutes(2)))
struct ErrorDescriptionTests {
    /// A value that must not be read in a log.
    private static let value = "tom@example.org"

    private static let schema = """
        DROP SCHEMA IF EXISTS private_words CASCADE;
        CREATE SCHEMA private_words;
        SET search_path = private_words;
        CREATE DOMAIN mail AS text CONSTRAINT mail_check CHECK (value NOT LIKE 'tom%');
        CREATE TYPE mood AS ENUM ('ok');
        CREATE TABLE people (email text UNIQUE CHECK (length(email) < 20), name text NOT NULL DEFAULT '', parent text \
        REFERENCES people (email), during int4range, EXCLUDE USING gist (during WITH &&));
        CREATE TABLE parts (email text) PARTITION BY LIST (email);
        INSERT INTO people VALUES ('tom@example.org');
        CREATE FUNCTION refuse(text, text) RETURNS int LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'no place for %', $1 USING ERRCODE = $2, HINT = $1, DETAIL = $1; END $$;
        RESET search_path
        """

    /// Statements that fail over the value, and what is told of the failure all the same. PostgreSQL 18 may say of a
    /// schema that is missing that what would be in it is: then there are two words.
    private static let cases: [(sql: String, told: [String])] = [
        ("INSERT INTO private_words.people VALUES ($1)", ["23505", "people_email_key", "people"]),
        ("INSERT INTO private_words.people VALUES ($1 || 'xxxxxxxxxxxxxx')", ["23514", "people_email_check"]),
        ("INSERT INTO private_words.people (email, name) VALUES ($1 || 'y', NULL)", ["23502", "column: name"]),
        ("INSERT INTO private_words.people (email, parent) VALUES ('a', $1 || 'z')", ["23503", "people_parent_fkey"]),
        ("INSERT INTO private_words.parts VALUES ($1)", ["23514", "parts"]),
        ("SELECT $1::text::private_words.mail", ["23514", "mail_check"]),
        ("SELECT $1::text::private_words.mood", ["22P02"]), ("SELECT $1::text::int", ["22P02"]),
        ("SELECT $1::int", ["22P02"]), ("SELECT $1::uuid", ["22P02"]), ("SELECT $1::date", ["22007"]),
        ("SELECT $1::text::json", ["22P02"]), ("SELECT to_tsquery($1 || ' ''tom')", ["42601"]),
        ("SELECT 'x' ~ ($1 || '(')", ["2201B"]), ("SELECT $1::text::regclass", ["3F000"]),
        ("SELECT nextval($1)", ["3F000|42P01"]),
        ("SELECT to_tsvector($1::text::regconfig, 'a')", ["3F000|42704"]),
        ("SELECT set_config($1, 'x', true)", ["42602"]), ("SELECT set_config('timezone', $1, true)", ["22023"]),
        ("SELECT private_words.refuse($1, 'P0001')", ["P0001"]),
        ("SELECT private_words.refuse($1, '23505')", ["23505"]),
        ("SELECT private_words.refuse($1, '40001')", ["40001"]),
        ("SELECT private_words.refuse($1, '55P03')", ["55P03"]),
        ("SELECT private_words.refuse($1, '42501')", ["42501"]),
        ("SELECT private_words.refuse($1, 'XX000')", ["XX000"]),
    ]

    @Test("have the SQLSTATE and names of the schema, and values only where they are asked for")
    func values() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.schema)
        try await withClient(url) { client async throws in
            for (sql, told) in Self.cases {
                var parameters = PostgresParameters()
                parameters.append(Self.value)
                let error = await #expect(throws: PostgresError.self, "\(sql)") {
                    _ = try await client.write(
                        PostgresStatement(sql: sql, shape: .none),
                        parameters,
                        deadline: .seconds(20)
                    )
                }
                let description = error?.description ?? ""
                #expect(!description.contains("tom"), "\(sql): \(description)")
                for word in told { #expect(Self.tells(description, word), "\(sql): \(description)") }
                if error?.fullDescription.contains("tom") == true { #expect(error?.hasUntoldValues == true, "\(sql)") }
                let outer = PostgresError(.connectionLost, "gone", underlying: error)
                #expect(!outer.description.contains("tom") && Self.tells(outer.description, told[0]))
                #expect(outer.hasUntoldValues == error?.hasUntoldValues)
            }
        }
        try oracle.value("DROP SCHEMA private_words CASCADE")
    }

    /// Indicates that one of the words is there, which are separated by bars.
    private static func tells(_ description: String, _ words: String) -> Bool {
        words.split(separator: "|").contains { description.contains($0) }
    }

    @Test("have the words of the server where no value can be in them")
    func words() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(url) { client async throws in
            for (sql, words) in [
                ("SELECT * FROM missing_table", #"relation "missing_table" does not exist"#),
                ("SELECT missing($1::int)", "No function matches"), ("SELEC 1", "syntax error"),
            ] {
                let error = await client.failure(sql, sql.contains("$1") ? ["1"] : [])
                #expect(error?.description.contains(words) == true, "\(sql): \(error?.description ?? "")")
            }
        }
        for (state, hasContext, function, isPlain) in [
            ("42501", false, "aclcheck_error", true), ("42501", false, "ExecWithCheckOptions", true),
            ("42501", false, "check_role", false), ("42501", true, "aclcheck_error", false),
            ("40001", false, "heap_update", true), ("40001", true, "exec_stmt_raise", false),
            ("22P02", false, "int4in", false), ("", false, nil, false),
        ] as [(String, Bool, String?, Bool)] {
            #expect(
                PostgresError.isPlainMessage(sqlState: state, hasContext: hasContext, sourceFunction: function)
                    == isPlain,
                "\(state)"
            )
        }
    }
}
