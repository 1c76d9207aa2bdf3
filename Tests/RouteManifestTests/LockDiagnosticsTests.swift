import RouteManifest
import RouteModel
import Testing

private let manifest = """
    version: 1
    namespace: n
    routes:
      listOrders:
        get: /orders
        query: { user: int }
        cache: { tables: auto }
        sql: |
          SELECT id, note FROM orders
          WHERE user_id = :user LIMIT 9
      addOrder:
        post: /orders
        body: { note: string }
        returns: none
        sql: INSERT INTO orders (note) VALUES (:note)
      usage: { get: /usage, handler: swift }
    """

private let cure = "run cached-routes check --write, and commit it"

/// Reads a manifest with a lock.
private func read(_ text: String, lock: RouteLock?, use: LockUse = .build) -> ManifestSet {
    read(text, lockText: lock.map(RouteLockWriter.text), use: use)
}

private func read(_ text: String, lockText: String?, use: LockUse = .build) -> ManifestSet {
    ManifestSet(
        [.init(file: "routes.yaml", text: text, typeName: "Routes")],
        locks: { _ in lockText.map { LockText(file: "routes.lock.json", text: $0) } },
        lockUse: use
    ) { _, _ throws(SQLFileError) in throw .notFound }
}

/// The lock that `check --write` would make, where all parameters are `bigint`, and the result is `id` and `note`.
private func lock(for text: String) -> RouteLock {
    var lock = RouteLock(server: "PostgreSQL 15", enums: ["public.e": ["x"]])
    for statement in read(text, lock: nil, use: .ignored).statements {
        lock.routes[statement.route] = [
            LockedStatement(
                digest: statement.digest,
                parameters: statement.statement.names.map { _ in "bigint" },
                columns: [LockedColumn("id", "bigint"), LockedColumn("note", "text", isNullable: true)],
                tables: ["orders", "users"]
            )
        ]
    }
    return lock
}

private func lines(_ set: ManifestSet) -> [String] { set.diagnostics.map(\.description) }

@Suite struct LockDiagnosticsTests {
    @Test("A lock gives a route its types and its tables")
    func fitting() throws {
        let lock = lock(for: manifest)
        let set = read(manifest, lock: lock)
        #expect(lines(set) == [])
        let built = try #require(set.manifests.first)
        #expect(built.enums == ["public.e": ["x"]])
        #expect(built.routes[0].source.locked == lock.routes["listOrders"]?.first)
        #expect(built.routes[0].declaration.cache?.tables == TablePolicy(["orders", "users"]))
        #expect(built.routes[1].source.locked == lock.routes["addOrder"]?.first)
        #expect(built.routes[2].source.locked == nil)
    }

    @Test("A lock of another statement is an error at the statement")
    func stale() {
        let lock = lock(for: manifest)
        let changed = manifest.replacing("LIMIT 9", with: "LIMIT 10")
        #expect(
            lines(read(changed, lock: lock)) == [
                "routes.yaml:8:5: error: routes.lock.json describes an earlier version of route 'listOrders': its SQL, inputs, 'returns' or 'not-null' were others; \(cure)\n"
                    + "routes.lock.json:20:7: note: it is described here"
            ]
        )
        // Comments are sent, and so is the type of an input.
        #expect(lines(read(manifest.replacing("WHERE", with: "/* a */ WHERE"), lock: lock)).count == 1)
        #expect(lines(read(manifest.replacing("user: int", with: "user: int32"), lock: lock)).count == 1)
        #expect(
            lines(read(manifest.replacing("returns: none", with: "returns: none\n    not-null: [ a ]"), lock: lock))
                .count == 1
        )
        // What is not sent does not matter.
        #expect(lines(read(manifest.replacing("get: /orders", with: "get: /all\n    timeout: 1s"), lock: lock)).isEmpty)
    }

    @Test("All that is wrong with a lock is said in one run")
    func several() {
        var lock = lock(for: manifest)
        lock.routes["addOrder"] = nil
        lock.routes["usage"] = []
        lock.routes["gone"] = lock.routes["listOrders"]
        lock.routes["listOrders"]?[0].parameters = []
        let found = lines(read(manifest, lock: lock))
        #expect(
            found == [
                "routes.lock.json:20:7: error: routes.lock.json: there are 0 types for the 1 parameters of route "
                    + "'listOrders'; \(cure)",
                "routes.yaml:15:5: error: routes.lock.json has no entry for route 'addOrder'; \(cure)",
            ]
        )
        lock = RouteLock(server: "s", routes: lock.routes)
        lock.routes["addOrder"] = nil
        let warnings = lines(
            read("version: 1\nnamespace: n\nroutes:\n  usage: { get: /usage, handler: swift }", lock: lock)
        )
        #expect(
            warnings == [
                "routes.lock.json:5:5: warning: this lock has an entry of a route 'gone', and there is none; \(cure)",
                "routes.lock.json:16:5: warning: this lock has an entry of a route 'listOrders', and there is none; \(cure)",
                "routes.lock.json:26:5: warning: this lock has an entry of route 'usage', which has a handler; \(cure)",
            ]
        )
    }

    @Test("Occurrences with types of their own must be those of the statement")
    func occurrences() throws {
        var lock = lock(for: manifest)
        lock.routes["listOrders"]?[0].occurrences = [0]
        #expect(lines(read(manifest, lock: lock)) == [])
        for occurrences in [[], [0, 0], [1]] {
            lock.routes["listOrders"]?[0].occurrences = occurrences
            let found = try #require(lines(read(manifest, lock: lock)).first)
            #expect(found.hasPrefix("routes.lock.json:22:23: error: routes.lock.json: "), "\(found)")
        }
    }

    @Test("A lock that can't be read is an error of its own, and of nothing else")
    func unreadable() {
        for use in [LockUse.build, .tablesOnly] {
            #expect(
                lines(read(manifest, lockText: "{", use: use)) == [
                    "routes.lock.json:1:2: error: this lock ends in the midst of its JSON; \(cure)"
                ]
            )
        }
        let newer = RouteLockWriter.text(lock(for: manifest)).replacing("\"version\": 1", with: "\"version\": 9")
        #expect(lines(read(manifest, lockText: newer)).count == 1)
    }

    @Test("Commands that need tables alone take an entry that no longer fits, and warn")
    func tablesOnly() throws {
        var lock = lock(for: manifest)
        let changed = manifest.replacing("LIMIT 9", with: "LIMIT 10")
        let set = read(changed, lock: lock, use: .tablesOnly)
        #expect(set.diagnostics.map(\.severity) == [.warning])
        let route = try #require(set.manifests.first?.routes.first)
        #expect(route.declaration.cache?.tables?.names == ["orders", "users"])
        #expect(route.source.locked == nil)
        lock.routes["listOrders"] = nil
        #expect(
            lines(read(changed, lock: lock, use: .tablesOnly)) == [
                "routes.yaml:7:22: error: 'tables: auto' of route 'listOrders' needs an entry in routes.lock.json; run "
                    + "cached-routes check --write",
                "routes.yaml:8:5: warning: routes.lock.json has no entry for route 'listOrders'; \(cure)",
            ]
        )
    }

    @Test("Without a lock, only 'tables: auto' needs one, and a check ignores both")
    func without() throws {
        #expect(
            lines(read(manifest, lock: nil)) == [
                "routes.yaml:7:22: error: 'tables: auto' needs a lock, and there is none; run cached-routes check --write, "
                    + "or write 'tables: [ orders ]'"
            ]
        )
        let set = read(manifest, lockText: "{", use: .ignored)
        #expect(lines(set) == [])
        #expect(set.statements.map(\.isAutomatic) == [true, false])
        let route = try #require(set.manifests.first?.routes.first)
        #expect(route.source.locked == nil)
        #expect(route.declaration.cache?.tables == nil)
    }

    @Test("Tables that the database can't tell are an error of 'tables: auto', unless they are allowed")
    func unknownTables() {
        var lock = lock(for: manifest)
        lock.routes["listOrders"]?[0].hasUnknownTables = true
        let found = read(manifest, lock: lock).diagnostics
        #expect(found.map(\.name) == [.unknownTables])
        #expect(found.map(\.severity) == [.error])
        #expect(found.map(\.location.description) == ["routes.yaml:7:22"])
        let allowing = manifest.replacing("cache: {", with: "allow: [ unknown-tables ]\n    cache: {")
        #expect(lines(read(allowing, lock: lock)) == [])
        // If no table is known, nothing would purge the responses.
        lock.routes["listOrders"]?[0].tables = []
        for text in [manifest, allowing] {
            for use in [LockUse.build, .tablesOnly] {
                let found = read(text, lock: lock, use: use).diagnostics
                #expect(found.map(\.severity) == [.error] && found.map(\.name) == [nil], "\(found)")
                #expect(
                    found.first?.message.hasPrefix("'tables: auto' knows no table that the SQL of route 'listOrders'")
                        == true
                )
            }
        }
        // A list says which tables they are.
        let listing = manifest.replacing("tables: auto", with: "tables: [ orders ]")
        #expect(lines(read(listing, lock: lock)) == [])
    }

    @Test("'tables: auto' as a default is for the routes with SQL, and keeps an interval")
    func defaults() throws {
        let text = manifest.replacing(
            "routes:\n",
            with: "defaults: { cache: { tables: { names: auto, min-interval: 2s } } }\nroutes:\n"
        )
        .replacing("tables: auto", with: "ttl: 9s")
        let set = read(text, lock: lock(for: text))
        #expect(lines(set) == [])
        let routes = try #require(set.manifests.first).routes
        let expected = TablePolicy(["orders", "users"], minimumInterval: .seconds(2))
        #expect(routes[0].declaration.cache?.tables == expected)
        #expect(routes[2].declaration.cache?.tables == nil)
        let interval = text.replacing("ttl: 9s", with: "tables: { min-interval: 3s }")
        let own = read(interval, lock: lock(for: interval))
        #expect(lines(own) == [])
        #expect(own.manifests.first?.routes[0].declaration.cache?.tables?.minimumInterval == .seconds(3))
        #expect(own.manifests.first?.routes[0].declaration.cache?.tables?.names == ["orders", "users"])
        let handler = manifest.replacing("handler: swift", with: "handler: swift, cache: { tables: auto }")
        #expect(
            lines(read(handler, lock: lock(for: handler))) == [
                "routes.yaml:16:58: error: 'tables: auto' is about the tables of SQL; write 'tables: [ books, authors ]' "
                    + "with those that the handler reads"
            ]
        )
    }

    @Test("A route's row and response have names that no other route may have")
    func names() {
        let text = manifest.replacing("usage:", with: "ListOrdersRow:")
        #expect(lines(read(text, lock: nil, use: .ignored)) == [])
        #expect(
            lines(read(text, lock: lock(for: text))) == [
                "routes.yaml:16:3: error: routes 'listOrders' and 'ListOrdersRow' would both generate 'ListOrdersRow'; give "
                    + "this one another name\nroutes.yaml:4:3: note: 'listOrders' is here"
            ]
        )
    }

    @Test("Types of columns and parameters are part of the fingerprint; nullability, labels and server are not")
    func fingerprint() throws {
        let base = lock(for: manifest)
        func digits(_ change: (inout RouteLock) -> Void) throws -> String {
            var lock = base
            change(&lock)
            return try #require(read(manifest, lock: lock).manifests.first?.routes.first).signature.fingerprint
        }
        let same = try digits { _ in }
        for change: (inout RouteLock) -> Void in [
            { $0.server = "PostgreSQL 18" },
            { $0.enums = [:] },
            { $0.routes["listOrders"]?[0].columns[0].isNullable = true },
            { $0.routes["addOrder"]?[0].columns = [] },
        ] {
            let found = try digits(change)
            #expect(found == same)
        }
        let without = try #require(read(manifest, lock: nil, use: .ignored).manifests.first?.routes.first)
        var all = [same, without.signature.fingerprint]
        for change: (inout RouteLock) -> Void in [
            { $0.routes["listOrders"]?[0].columns[0].type = "text" },
            { $0.routes["listOrders"]?[0].columns[0].name = "key" },
            { $0.routes["listOrders"]?[0].columns = [] },
            { $0.routes["listOrders"]?[0].parameters = ["text"] },
            { $0.routes["listOrders"]?[0].occurrences = [0] },
            { $0.routes["listOrders"]?[0].tables = ["orders"] },
        ] {
            all.append(try digits(change))
        }
        #expect(Set(all).count == all.count, "\(all)")
    }
}

@Suite struct StatementsToCheckTests {
    private static func statements(_ routes: String) -> [StatementToCheck] {
        read("version: 1\nnamespace: n\nroutes:\n" + routes, lock: nil, use: .ignored).statements
    }

    @Test("A faulty route hides no statement of the others, nor its own if it can be sent")
    func independence() {
        let statements = Self.statements(
            """
              good: { get: /good, sql: SELECT 1 AS a LIMIT 1 }
              badPath: { get: nowhere, sql: SELECT 2 AS a LIMIT 1 }
              badSQL: { get: /sql, sql: SELECT :nope }
              quote: { get: /quote, sql: "SELECT 'a" }
              badInput: { get: /in, query: { a: integer }, sql: SELECT :a AS a LIMIT 1 }
              badSetting: { get: /set, timeout: soon, sql: SELECT 3 AS a LIMIT 1 }
              badReturns: { get: /re, returns: some, sql: SELECT 4 AS a LIMIT 1 }
              twice: { get: /twice, sql: "SELECT 1 AS a, 2 AS a LIMIT 1" }
              writes: { get: /writes, sql: DELETE FROM t WHERE a = 1 }
              handler: { get: /handler, handler: swift }
              unknown: { gett: /x, sql: SELECT 5 }
              file: { get: /file, sql-file: none.sql }
              last: { post: /last, returns: none, sql: DELETE FROM t WHERE b = 1 }
            """
        )
        #expect(
            statements.map(\.route) == [
                "good", "badPath", "badSetting", "badReturns", "twice", "writes", "last",
            ]
        )
        #expect(statements.filter(\.isKnownFaulty).map(\.route) == ["badReturns", "twice", "writes"])
        #expect(statements.filter(\.isRead).count == 6)
    }

    @Test("A statement has the places of all that a finding may be about")
    func places() throws {
        let statement = try #require(
            Self.statements(
                """
                  r:
                    get: /r/{id}
                    path: { id: int }
                    query: { ids: "[uuid]" }
                    returns: one
                    not-null: [ total, "a b" ]
                    allow: [ no-index ]
                    errors: { users_key: { status: 409, message: Taken. } }
                    cache: { tables: [ users, audit.events ] }
                    sql: |
                      SELECT :id AS a,
                        b.*, c FROM b
                      WHERE d = ANY(:ids) AND e = :id
                """
            ).first
        )
        func place(_ line: Int, _ column: Int) -> Location { Location(file: "routes.yaml", line: line, column: column) }
        #expect(statement.manifest == 0)
        #expect(statement.route == "r")
        #expect(statement.sourceLocation == place(13, 5))
        #expect(statement.statement.names == ["id", "ids"])
        #expect(statement.types == [.int, .list(.uuid)])
        #expect(statement.inputLocations == ["id": place(6, 13), "ids": place(7, 14)])
        #expect(statement.returns == .one)
        #expect(statement.returnsLocation == place(8, 14))
        #expect(statement.notNull == [.init("total", at: place(9, 17)), .init("a b", at: place(9, 24))])
        #expect(statement.allowed == [.noIndex])
        #expect(statement.errors == ["users_key": place(11, 15)])
        #expect(statement.tables == ["users": place(12, 24), "audit.events": place(12, 31)])
        #expect(statement.tablesLocation == place(12, 14))
        #expect(statement.columnPlaces == [place(14, 14)])
        let places = statement.statement.occurrences.map { statement.statement.location(ofSentByte: $0.sentByte) }
        #expect(places == [place(14, 14), place(16, 21), place(16, 35)])
        #expect(statement.digest.count == 32)
    }

    @Test("Statements know their manifest")
    func manifests() {
        func source(_ name: String) -> ManifestSet.Source {
            let text = "version: 1\nnamespace: \(name)\nroutes:\n  r: { get: /\(name), sql: SELECT 1 AS a LIMIT 1 }"
            return .init(file: "\(name).routes.yaml", text: text, typeName: "\(name)Routes")
        }
        let set = ManifestSet([source("A"), source("B")]) { _, _ throws(SQLFileError) in throw .notFound }
        #expect(set.statements.map(\.manifest) == [0, 1])
        #expect(set.statements.map(\.sourceLocation.file) == ["A.routes.yaml", "B.routes.yaml"])
        #expect(set.statements[0].digest == set.statements[1].digest)
    }
}
