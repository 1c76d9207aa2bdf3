import Fuzzing
import RouteManifest
import Testing

@Suite struct RouteLockTests {
    static let example = RouteLock(
        server: "PostgreSQL 15",
        enums: ["public.order_state": ["draft", "paid", "sent", "returned"]],
        routes: [
            "touch": [LockedStatement(digest: "00000000000000000000000000000000")],
            "listOrders": [
                LockedStatement(
                    digest: "5d0c7a3e9b1f42868c0de1a7f3b29c44",
                    parameters: ["bigint", "public.order_state"],
                    occurrences: [0, 1, 0],
                    columns: [
                        LockedColumn("id", "bigint"),
                        LockedColumn("note", "text", isNullable: true),
                    ],
                    tables: ["orders"],
                    hasUnknownTables: true
                )
            ],
        ]
    )

    static let text = """
        {
          "version": 1,
          "server": "PostgreSQL 15",
          "enums": {
            "public.order_state": ["draft", "paid", "sent", "returned"]
          },
          "routes": {
            "listOrders": [
              {
                "statement": "5d0c7a3e9b1f42868c0de1a7f3b29c44",
                "parameters": ["bigint", "public.order_state"],
                "occurrences": [0, 1, 0],
                "columns": [
                  { "name": "id", "type": "bigint" },
                  { "name": "note", "type": "text", "nullable": true }
                ],
                "tables": ["orders"],
                "unknownTables": true
              }
            ],
            "touch": [
              {
                "statement": "00000000000000000000000000000000"
              }
            ]
          }
        }

        """

    private static func read(_ text: String) -> (document: RouteLockDocument?, diagnostics: [String]) {
        let (document, diagnostics) = RouteLockReader.read(LockText(file: "app/routes.lock.json", text: text))
        return (document, diagnostics.map(\.description))
    }

    @Test("A lock has one text, which stays the same from version to version")
    func layout() {
        #expect(RouteLockWriter.text(Self.example) == Self.text)
        #expect(Self.read(Self.text).document?.lock == Self.example)
        #expect(
            RouteLockWriter.text(RouteLock(server: "PostgreSQL 15"))
                == "{\n  \"version\": 1,\n  \"server\": \"PostgreSQL 15\",\n  \"routes\": {}\n}\n"
        )
    }

    @Test("The parts of a lock have places, whatever the ends of its lines")
    func places() throws {
        for text in [Self.text, Self.text.replacing("\n", with: "\r\n")] {
            let document = try #require(Self.read(text).document)
            func place(_ line: Int, _ column: Int) -> Location {
                Location(file: "app/routes.lock.json", line: line, column: column)
            }
            #expect(document.fileName == "routes.lock.json")
            #expect(document.enums == ["public.order_state": place(5, 5)])
            #expect(document.routes == ["listOrders": place(8, 5), "touch": place(21, 5)])
            let places = try #require(document.statements["listOrders"]?.first)
            #expect(places.entry == place(9, 7))
            #expect(places.parameters == place(11, 23))
            #expect(places.columns == [place(14, 11), place(15, 11)])
            #expect(places.tables == place(17, 19))
            #expect(document.statements["touch"]?.first?.parameters == place(22, 7))
        }
    }

    @Test("A lock that is written is read again, and its text written again is the same")
    func roundTrips() throws {
        let names = [
            "a", "B", "é", "𝄞", "a b", "a\"b", "a\\b", "a\nb", "a\tb", "\u{1}", "", "public.\"Odd Name\"", "Z", "z",
        ]
        let tables = ["orders", "audit.events", "\"Odd Table\"", "straße"]
        for seed in FuzzCases(500) {
            var random = SeededRandom(seed: seed)
            func some(_ names: [String]) -> [String] { (0..<random.below(4)).map { _ in random.pick(names) } }
            var lock = RouteLock(server: random.pick(["PostgreSQL 15", "PostgreSQL \"16\""]))
            for name in some(names) { lock.enums[name] = some(names) }
            for name in some(names) {
                lock.routes[name] = (0..<random.below(3)).map { _ in
                    LockedStatement(
                        digest: random.pick(["0123", "ffff"]),
                        parameters: some(names),
                        occurrences: random.oneIn(3) ? (0..<random.below(4)).map { _ in random.below(9) } : nil,
                        columns: some(names).map { LockedColumn($0, random.pick(names), isNullable: random.oneIn(2)) },
                        tables: some(tables),
                        hasUnknownTables: random.oneIn(4)
                    )
                }
            }
            let text = RouteLockWriter.text(lock)
            let (document, diagnostics) = Self.read(text)
            #expect(diagnostics.isEmpty, "seed \(seed): \(text)")
            let again = try #require(document, "seed \(seed): \(text)").lock
            #expect(again == lock, "seed \(seed): \(text)")
            #expect(RouteLockWriter.text(again) == text, "seed \(seed)")
        }
    }

    @Test("A lock that can't be read has errors with their places", arguments: faultyTexts)
    func faults(text: String, expected: [String]) {
        let (document, diagnostics) = Self.read(text)
        #expect(document == nil)
        let cure = "run cached-routes check --write, and commit it"
        #expect(diagnostics == expected.map { "app/routes.lock.json:\($0)\(cure)" })
    }

    @Test("A lock stands beside its manifest")
    func files() {
        #expect(LockText.file(of: "Sources/App/routes.yaml") == "Sources/App/routes.lock.json")
        #expect(LockText.file(of: "admin.routes.yml") == "admin.routes.lock.json")
    }

    @Test("The type of a column is that of its JSON")
    func rowTypes() {
        let enums = ["public.state", "public.\"odd[]\""]
        func type(_ name: String) -> RowType { RowType(of: name, enums: enums) }
        #expect(type("smallint") == .int16)
        #expect(type("numeric") == .exactDecimal)
        #expect(type("timestamp with time zone") == .timestamp)
        #expect(type("money") == .text)
        #expect(type("\"char\"[]") == .array(.text))
        #expect(type("public.state[]") == .array(.enumeration("public.state")))
        #expect(type("public.\"odd[]\"") == .enumeration("public.\"odd[]\""))
        #expect(type("jsonb") == .json)
        #expect(type("jsonb[]") == .json)
        #expect(type("public.address") == .json)
        #expect(type("public.citext[]") == .json)
        #expect(type("record") == .json)
    }
}

private let faultyTexts: [(text: String, expected: [String])] = [
    ("", ["1:1: error: this lock ends in the midst of its JSON; "]),
    ("{\n  \"é\": 1,\n  oops }", ["3:3: error: this lock is no JSON from here on; "]),
    ("{ \"version\": 1, \"version\": 1 }", ["1:17: error: this lock has this name twice in one object; "]),
    (
        "{\n  \"version\": 1,\n<<<<<<< HEAD\n  \"a\": 1\n=======\n>>>>>>> b\n}",
        ["3:1: error: this lock has the marks of two versions that were not merged; take either one, then "]
    ),
    ("[]", ["1:1: error: a lock must be an object; "]),
    ("{ \"server\": \"s\", \"routes\": {} }", ["1:1: error: this has no member 'version'; "]),
    (
        "{ \"version\": 2, \"server\": \"s\", \"routes\": {} }",
        ["1:14: error: this lock has version 2 and was made by a newer cached-routes; update the package, or "]
    ),
    ("{ \"version\": \"1\", \"server\": \"s\", \"routes\": {} }", ["1:14: error: 'version' of a lock must be 1; "]),
    (
        "{ \"version\": 1, \"server\": 15, \"routes\": [], \"é\": 1, \"x\": 2 }",
        [
            "1:27: error: 'server' must be a text; ", "1:41: error: 'routes' must be an object; ",
            "1:45: error: a lock has no member 'é'; ", "1:53: error: a lock has no member 'x'; ",
        ]
    ),
    (
        "{ \"version\": 1, \"server\": \"s\", \"enums\": { \"e\": 1 }, \"routes\": {\n\"a\": {},\n\"b\": [ { } ],\n"
            + "\"c\": [ { \"statement\": \"0\", \"columns\": [ { \"name\": \"n\" }, { \"type\": \"t\" } ] } ],\n"
            + "\"d\": [ { \"statement\": \"0\", \"tables\": [ \"public.a\", 1 ], \"unknownTables\": 1 } ],\n"
            + "\"e\": [ { \"statement\": \"0\", \"occurrences\": [ -1 ], \"parameters\": \"int\" } ] } }",
        [
            "1:48: error: the labels of 'e' must be a list; ",
            "2:6: error: the statements of route 'a' must be a list; ",
            "3:8: error: this has no member 'statement'; ",
            "4:41: error: this has no member 'type'; ",
            "4:58: error: this has no member 'name'; ",
            "5:40: error: 'public.a' is no name of a table as a lock has it; ",
            "5:52: error: a table must be a text; ",
            "5:74: error: 'unknownTables' must be true or false; ",
            "6:43: error: 'occurrences' must be a list of numbers; ",
            "6:65: error: 'parameters' must be a list; ",
        ]
    ),
]
