import RouteManifest
import Testing

@testable import RouteCheck

/// A manifest with one route, and what a database says of its statement.
private struct Sample {
    static let text = """
        version: 1
        namespace: n
        routes:
          list:
            get: /list
            query: { state: string, id: int }
            cache: { tables: [ orders ] }
            sql: |
              SELECT id, state, total AS t, more
              FROM orders WHERE state = :state AND id = :id LIMIT 10

        """

    var set = Self.set(Self.text)
    var description = StatementFacts.Description(
        parameters: [Self.type("public.state", labels: ["open", "paid"]), Self.type("bigint")],
        columns: [
            ColumnFact(name: "id", type: Self.type("bigint"), isNotNullColumn: true),
            ColumnFact(name: "state", type: Self.type("public.state", labels: ["open", "paid"])),
            ColumnFact(name: "t", type: Self.type("numeric")), ColumnFact(name: "more", type: Self.type("text")),
        ]
    )

    init() { description.relations = RelationFacts([.init(.table, "orders", mentions: ["orders"])]) }

    static func type(_ name: String, labels: [String]? = nil) -> TypeFact {
        TypeFact(name: name, oid: 1, baseOID: 1, labels: labels)
    }

    static func set(_ text: String) -> ManifestSet {
        ManifestSet([.init(file: "routes.yaml", text: text, typeName: "Routes")], lockUse: .ignored) {
            _,
            _ throws(SQLFileError) in throw .notFound
        }
    }

    /// The lock of this sample.
    var lock: RouteLock {
        var lock = RouteLock(server: "PostgreSQL 15")
        let builder = LockBuilder(schema: SchemaFacts(serverVersion: "15.4"))
        for statement in set.statements {
            lock.routes[statement.route] = [builder.locked(statement, description)]
            lock.enums = builder.enums(description)
        }
        return lock
    }

    static func stored(_ lock: RouteLock) -> StoredLock {
        StoredLock.reading(LockText(file: "routes.lock.json", text: RouteLockWriter.text(lock))).lock
    }

    func found(_ purpose: RouteCheck.Purpose) -> [Diagnostic] {
        RouteCheck.check(
            diagnostics: set.diagnostics,
            statements: set.statements,
            manifests: ["routes.yaml"],
            facts: set.statements.map { _ in StatementFacts(.described(description)) },
            schema: SchemaFacts(serverVersion: "15.4"),
            purpose: purpose
        ).diagnostics
    }
}

/// The place of the first occurrence of a part of a text, as `line:column`.
private func place(of part: String, in text: String) -> String {
    guard let range = text.firstRange(of: part) else { return "none" }
    let before = text[..<range.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
    return "\(before.count):\((before.last ?? "").unicodeScalars.count + 1)"
}

@Suite("Findings about locks")
struct LockFindingsTests {
    @Test("stand at the column, the parameter and the tables that differ, in the SQL and in the lock")
    func places() throws {
        var sample = Sample()
        let lock = sample.lock
        #expect(sample.found(.locked([Sample.stored(lock)])).isEmpty)
        sample.description.parameters[0] = Sample.type("text")
        sample.description.columns[1].type.labels = ["open", "paid", "sent"]
        sample.description.columns[2].type = Sample.type("text")
        sample.description.columns[3].name = "new"
        sample.description.relations?.all.append(.init(.materializedView, "top", mentions: ["top"]))
        let text = RouteLockWriter.text(lock)
        var differing = lock
        differing.routes["list"]?[0].columns[0].isNullable = true
        let differingText = RouteLockWriter.text(differing)
        var expected: [String] = []
        func expect(_ words: String, _ place: String, _ notePlace: String) {
            expected.append("\(words) at \(place), \(notePlace)")
        }
        expect(
            "says ':state' is public.state",
            place(of: ":state", in: Sample.text),
            place(of: "[\"public.state", in: text)
        )
        expect(
            "says the labels of",
            place(of: "state, total", in: Sample.text),
            place(of: "\"public.state\": [", in: text)
        )
        expect("says 't' is numeric", place(of: "total AS", in: Sample.text), place(of: "{ \"name\": \"t\"", in: text))
        let more = place(of: "SELECT", in: Sample.text)
        expect("has the column 'more'", more, place(of: "{ \"name\": \"more\"", in: text))
        expect(
            "lacks the column 'new'",
            place(of: "more\n", in: Sample.text),
            place(of: "{ \"name\": \"id\"", in: text)
        )
        expect("all tables are known", place(of: "tables:", in: Sample.text), place(of: "[\"orders\"]", in: text))
        let found = sample.found(.locked([Sample.stored(lock)])).filter { $0.name == nil }
        #expect(found.count == expected.count, "\(found)")
        for line in expected {
            let isFound = found.contains { diagnostic in
                guard let note = diagnostic.notes.first, note.location.file == "routes.lock.json" else { return false }
                let parts = line.components(around: " at ")
                return diagnostic.message.contains(parts[0])
                    && "\(diagnostic.location.line):\(diagnostic.location.column), \(note.location.line):\(note.location.column)"
                        == parts[1]
            }
            #expect(isFound, "\(line): \(found)")
        }
        let nullable = Sample().found(.locked([Sample.stored(differing)]))
        #expect(
            nullable.map(\.location.description) == ["routes.yaml:" + place(of: "id, state, total", in: Sample.text)]
        )
        let note = "routes.lock.json:" + place(of: "{ \"name\": \"id\"", in: differingText)
        #expect(nullable.first?.notes.map(\.location.description) == [note])
    }

    @Test("say of a lock that can't be read nothing more, and of none that there is none")
    func unreadable() {
        let sample = Sample()
        for purpose in [RouteCheck.Purpose.locked, RouteCheck.Purpose.next] {
            #expect(
                sample.found(purpose([StoredLock.reading(LockText(file: "routes.lock.json", text: "{")).lock])).isEmpty
            )
            let absent = sample.found(purpose([.absent])).map(\.description)
            #expect(absent.count == 1 && absent[0].hasPrefix("routes.yaml:8:5: error: there is no routes.lock.json; "))
            var lock = sample.lock
            lock.routes["list"]?[0].digest = "0"
            let other = sample.found(purpose([Sample.stored(lock)]))
            #expect(other.map(\.notes.first?.message) == ["it is described here"], "\(other)")
            #expect(
                other[0].message.hasPrefix(
                    "routes.lock.json describes an earlier version of route 'list': its SQL, inputs, "
                )
            )
            lock.routes["list"] = nil
            let none = sample.found(purpose([Sample.stored(lock)])).map(\.message)
            #expect(none.count == 1 && none[0].hasPrefix("routes.lock.json has no entry for route 'list'; "))
        }
    }

    @Test("are silent about entries for other routes beside an error, which may stand for such a route")
    func unused() throws {
        var sample = Sample()
        var lock = sample.lock
        lock.routes["other"] = lock.routes["list"]
        let found = sample.found(.locked([Sample.stored(lock)]))
        #expect(
            found.map(\.message) == [
                "routes.lock.json has an entry for 'other', which is no route with SQL; run cached-routes check --write"
            ]
        )
        sample.set = Sample.set(
            Sample.text + "  other: { get: /other, query: { a: integer }, sql: 'SELECT :a AS a LIMIT 1' }\n"
        )
        #expect(sample.set.statements.count == 1)
        let beside = sample.found(.locked([Sample.stored(lock)]))
        #expect(beside.count == 1 && beside[0].message.contains("integer"), "\(beside)")
    }

    @Test("about a coming schema tell of parameters only what breaks the deployed statement")
    func next() {
        var sample = Sample()
        let lock = Sample.stored(sample.lock)
        #expect(sample.found(.next([lock])).isEmpty)
        sample.description.parameters[1] = Sample.type("integer")
        #expect(sample.found(.next([lock])).isEmpty)
        sample.description.parameters[1].mayBeRead = false
        let unreadable = sample.found(.next([lock]))
        #expect(
            unreadable.map(\.description) == [
                "routes.yaml:\(place(of: ":id", in: Sample.text)): error: 'list' does not survive: ':id' is declared as int, and "
                    + "this statement needs integer here, as which no value of it can be read"
            ]
        )
    }

    @Test("about a coming schema tell of further labels only where a response may have them")
    func nextLabels() {
        var sample = Sample()
        let lock = Sample.stored(sample.lock)
        sample.description.columns[1].type.labels = ["open", "paid", "sent"]
        sample.description.parameters[0].labels = ["open", "paid", "sent"]
        let further = sample.found(.next([lock]))
        #expect(further.map(\.severity) == [.warning])
        #expect(further.map(\.location.description) == ["routes.yaml:\(place(of: "state, total", in: Sample.text))"])
        // In a parameter alone.
        sample.description.columns[1].type = Sample.type("text")
        var alone = sample.lock
        alone.enums = ["public.state": ["open", "paid"]]
        #expect(sample.found(.next([Sample.stored(alone)])).isEmpty)
        alone.enums = ["public.state": ["open", "gone"]]
        let gone = sample.found(.next([Sample.stored(alone)]))
        #expect(gone.map(\.severity) == [.error])
        #expect(gone.map(\.location.description) == ["routes.yaml:\(place(of: ":state", in: Sample.text))"])
    }

    @Test("about a coming schema tell that the columns can't be turned into JSON")
    func nextConversion() {
        var sample = Sample()
        let lock = Sample.stored(sample.lock)
        let error = StatementFacts.ServerError(state: "42883", message: "no cast", hint: "Add one.")
        sample.description.conversionError = .init(error, column: 1)
        let found = sample.found(.next([lock]))
        #expect(
            found.count == 1 && found[0].message.hasPrefix("'list' does not survive: PostgreSQL can't turn"),
            "\(found)"
        )
        #expect(found.first?.notes.map(\.message) == ["HINT: Add one."])
    }
}

@Suite("Findings about 'tables: auto'")
struct AutomaticTablesTests {
    private static func found(_ text: String, _ relations: [RelationFacts.Relation]) -> [Diagnostic] {
        var sample = Sample()
        sample.set = Sample.set(text)
        sample.description.relations = RelationFacts(relations)
        return sample.found(.check)
    }

    private static let automatic = Sample.text.replacing("tables: [ orders ]", with: "tables: auto")
    private static let allowing = automatic.replacing("cache:", with: "allow: [ unknown-tables ]\n    cache:")
    private static let known = RelationFacts.Relation(.table, "orders", mentions: ["orders"])
    private static let unknown = RelationFacts.Relation(.function, "peek", mentions: ["orders"])

    @Test("are the errors of the build, unless they are allowed")
    func incomplete() {
        #expect(Self.found(Self.automatic, [Self.known]).isEmpty)
        let found = Self.found(Self.automatic, [Self.known, Self.unknown])
        #expect(found.map(\.severity) == [.error] && found.map(\.name) == [.unknownTables], "\(found)")
        #expect(found.map(\.location.description) == ["routes.yaml:\(place(of: "auto", in: Self.automatic))"])
        #expect(
            found.first?.message.hasPrefix("'tables: auto' can't know all that the SQL of route 'list' reads") == true
        )
        #expect(found.first?.notes.map(\.message) == ["what peek() reads can't be known"])
        #expect(Self.found(Self.allowing, [Self.known, Self.unknown]).isEmpty)
    }

    @Test("can't be allowed where no table is known")
    func empty() {
        for text in [Self.automatic, Self.allowing] {
            let found = Self.found(text, [Self.unknown])
            #expect(found.map(\.severity) == [.error] && found.map(\.name) == [nil], "\(found)")
            #expect(found.first?.message.contains("knows no table that the SQL of route 'list' reads") == true)
        }
        #expect(Self.found(Self.automatic, []).isEmpty)
    }
}

@Suite("Rules about SQL that is read as text")
struct TextRulesTests {
    @Test(
        "know a word behind a number, and names with escapes",
        arguments: [
            "SELECT b.id FROM a JOIN c ON a.x = 1. LEFT JOIN b ON true",
            "SELECT b.id FROM a JOIN c ON a.x = 1LEFT JOIN b ON true",
            "SELECT b.id FROM a JOIN c ON a.x = 1.5full OUTER JOIN b ON true",
            "SELECT id FROM a WHERE x = 1UNION SELECT y FROM c",
            "SELECT id FROM a WHERE x = 1. UNION SELECT y FROM c", "UPDATE t SET a = 1 RETURNING U&\"old\".a",
            "UPDATE t SET a = 1 RETURNING \"old\".a", "UPDATE t SET a = 1RETURNING old.a",
            "SELECT b.id FROM a LEFT/* JOIN */JOIN b ON true", "SELECT b.id FROM a LEFT -- x\n JOIN b ON true",
        ]
    )
    func nullability(_ sql: String) {
        #expect(NullabilityRules.mayAddNull(sql))
    }

    @Test(
        "know bodies that write",
        arguments: [
            "BEGIN UPDATE t SET a = 1; END", "UPDATE ONLY a.t AS x SET a = 1", "UPDATE t * SET a = 1",
            "update t x set a = 1",
            "BEGIN IF a THEN TRUNCATE t; END IF; END", "TRUNCATE TABLE ONLY a.\"T\" RESTART IDENTITY", "TRUNCATE a, b",
            "DECLARE a int; BEGIN TRUNCATE t CASCADE; END", "TRUNCATE t", "INSERT INTO t VALUES (1)",
            "SELECT nextval('s')",
        ]
    )
    func writes(_ body: String) {
        #expect(WriteFindings.writes(body))
    }

    @Test(
        "know bodies that do not",
        arguments: [
            "# update the cached total\nset total 1\nreturn $total", "SELECT a FROM t FOR UPDATE", "SELECT 1",
            "DECLARE truncate int := 1; BEGIN truncate := 2; RETURN truncate; END",
            "DECLARE a int; truncate int; BEGIN RETURN 1; END",
            "BEGIN RETURN truncate(1.5); END", "BEGIN RETURN update; END",
        ]
    )
    func reads(_ body: String) {
        #expect(!WriteFindings.writes(body))
    }
}

extension String {
    /// The text before and the text behind the first occurrence of a part.
    fileprivate func components(around part: String) -> [String] {
        guard let range = firstRange(of: part) else { return [self, ""] }
        return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
    }
}
