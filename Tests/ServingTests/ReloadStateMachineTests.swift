import NIOCore
import RouteManifest
import RouteModel
import RouteServing
import Testing

@testable import CachedRoutesCore

/// A machine, with files that a test changes, and what an owner would have done.
private struct Reload {
    private(set) var machine: ReloadStateMachine
    private var files: [String: String] = [:]
    private var watched: Set<String> = []
    private(set) var served: ServedTable?
    let handlers = CannedHandlers()
    private(set) var refusals: [BrokenManifest] = []
    private(set) var reports: [ReloadStateMachine.Report] = []
    private(set) var asked: [(statements: [ManifestReading.Statement], generation: Int)] = []
    private(set) var checked: [(routes: [String], generation: Int)] = []
    private var manifests: Set<String> = ["App/routes.yaml"]
    /// Returns the reasons why a table can't be served.
    var problems: (ServedTable) -> [RouteProblem] = { _ in [] }

    init(cannedFrom folder: String? = nil) {
        let handlers = handlers
        machine = ReloadStateMachine(ServedManifests(targets: [["App/routes.yaml"]]), cannedFrom: folder) {
            handlers.handler(of: $0)
        }
        watched = ["App/routes.yaml"]
    }

    /// Changes files, and does all that takes no time.
    mutating func save(_ changes: [String: String?]) {
        for (path, text) in changes { files[path] = text }
        deliver()
    }

    mutating func save(_ manifest: String) { save(["App/routes.yaml": manifest]) }

    private mutating func deliver() {
        let contents = FileContents(
            uniqueKeysWithValues: watched.map { path in
                let names = files.keys.filter { $0.hasPrefix("\(path)/") }.map {
                    String($0.dropFirst(path.utf8.count + 1))
                }
                guard names.isEmpty else { return (path, .folder(names.sorted())) }
                return (path, files[path].map { .bytes(Array($0.utf8)) } ?? .absent)
            }
        )
        handle(.changed(contents))
    }

    /// Serves these manifests of one target from now on.
    mutating func find(_ manifests: String...) { find(targets: [manifests]) }

    /// Serves these manifests from now on.
    mutating func find(targets: [[String]]) {
        manifests = Set(targets.joined())
        watched = manifests
        handle(.found(ServedManifests(targets: targets)))
        deliver()
    }

    /// The response of a route's handler.
    func response(_ index: Int = 0) async throws -> HandlerResponse {
        guard case .handler(let handler)? = served?.routes[index].route.source else { throw CancellationError() }
        return try await handler(InputValues(count: 0))
    }

    mutating func handle(_ event: ReloadStateMachine.Event) {
        for action in machine.handle(event) {
            switch action {
            case .watch(let others):
                let paths = others.union(manifests)
                let isNew = !paths.isSubset(of: watched)
                watched = paths.union(watched)
                if isNew { return deliver() }
            case .ask(let statements, let generation): asked.append((statements, generation))
            case .check(let statements, let generation):
                checked.append((statements.map(\.statement.route), generation))
            case .use(let canned): handlers.use(canned)
            case .exchange(let table, let generation):
                table.locate()
                let problems = problems(table)
                if problems.isEmpty { served = table }
                handle(.exchanged(problems: problems, generation: generation))
            case .refuse(let broken): refusals.append(broken)
            case .report(let report): reports.append(report)
            }
        }
    }

    /// What a database says about the statements that were asked for last.
    func answer(tables: [String]) -> [String: LockPatch] {
        var patches: [String: LockPatch] = [:]
        for one in asked.last?.statements ?? [] {
            patches[one.manifest, default: LockPatch(server: "PostgreSQL 15")].routes[one.statement.route] =
                LockedStatement(
                    digest: one.statement.digest,
                    columns: [LockedColumn("x", "integer")],
                    tables: tables
                )
        }
        return patches
    }
}

@Suite struct ReloadStateMachineTests {
    private static func manifest(_ routes: String...) -> String {
        "version: 1\nnamespace: n\nroutes:\n" + routes.map { "  \($0)\n" }.joined()
    }

    private static let a = "a: { get: /a, sql: SELECT 1 AS x LIMIT 1 }"
    private static let b = "b: { get: /b, sql-file: b.sql }"
    private static let auto = "t: { get: /t, sql: SELECT x FROM t LIMIT 1, cache: { tables: auto } }"

    private static func plan(_ table: ServedTable?, _ index: Int) -> ObjectIdentifier? {
        table.map { ObjectIdentifier($0.routes[index].plan) }
    }

    @Test("The first routes are served when all files that the manifest names are known")
    func start() throws {
        var reload = Reload()
        reload.save(["App/routes.yaml": Self.manifest(Self.a, Self.b), "App/b.sql": "SELECT 2 AS y LIMIT 1"])
        let table = try #require(reload.served)
        #expect(table.routes.map(\.route.name) == ["a", "b"])
        #expect(table.routes.map(\.route.location) == ["App/routes.yaml:4", "App/routes.yaml:5"])
        #expect(reload.reports.count == 1 && reload.refusals.isEmpty)
        guard case .served(let changes, endsErrors: false) = reload.reports[0] else {
            Issue.record("\(reload.reports)")
            return
        }
        #expect(changes.words == "added a, b")
    }

    @Test("A changed statement makes another route of it, and all others stay what they are")
    func change() throws {
        var reload = Reload()
        reload.save(["App/routes.yaml": Self.manifest(Self.a, Self.b), "App/b.sql": "SELECT 2 AS y LIMIT 1"])
        let before = reload.served
        reload.save(["App/b.sql": "SELECT 3 AS y LIMIT 1"])
        #expect(Self.plan(reload.served, 0) == Self.plan(before, 0))
        #expect(Self.plan(reload.served, 1) != Self.plan(before, 1))
        let fingerprints = [before, reload.served].map { $0?.routes[1].route.signature.fingerprint }
        #expect(fingerprints[0] != fingerprints[1])
        #expect(
            reload.reports.last
                == .served(
                    RouteChanges(from: before?.descriptions ?? [], to: reload.served?.descriptions ?? []),
                    endsErrors: false
                )
        )
        reload.save(Self.manifest(Self.b, "c: { get: /c, sql: SELECT 4 AS z LIMIT 1 }"))
        guard case .served(let changes, endsErrors: false) = reload.reports.last else {
            Issue.record("\(reload.reports)")
            return
        }
        #expect(changes.words == "added c; removed a")
    }

    @Test("Comments change nothing, and a route that moves is the same to people")
    func moves() {
        var reload = Reload()
        reload.save(Self.manifest(Self.a))
        reload.save(Self.manifest(Self.a) + "# a comment\n")
        #expect(reload.reports.last == .unchanged)
        reload.save(Self.manifest("# a comment", Self.a))
        guard case .served(let changes, endsErrors: false) = reload.reports.last else {
            Issue.record("\(reload.reports)")
            return
        }
        #expect(changes.isEmpty && changes.words == "")
        #expect(reload.served?.routes[0].route.location == "App/routes.yaml:5")
    }

    @Test("Lines that are inserted above routes cost nothing: they stay what they are, and know their new places")
    func insertions() {
        let get =
            "get:\n    get: /r/{id}\n    path: { id: int }\n    returns: one\n"
            + "    sql: \"SELECT 1 AS x FROM r WHERE id = :id\""
        let remove =
            "remove:\n    delete: /r/{id}\n    path: { id: int }\n    returns: none\n    precondition: get\n"
            + "    sql: \"DELETE FROM r WHERE id = :id\""
        var reload = Reload()
        reload.save(Self.manifest(Self.a, get, remove))
        let before = reload.served
        #expect(before?.routes.count == 3, "\(reload.refusals)")
        reload.handle(.checked([], generation: reload.checked[0].generation))
        reload.save(Self.manifest("# one", "# two", "c: { get: /c, sql: SELECT 3 AS z LIMIT 1 }", Self.a, get, remove))
        let after = reload.served
        for index in 0..<3 { #expect(Self.plan(after, index + 1) == Self.plan(before, index)) }
        #expect(after?.routes.map(\.route.location) == [6, 7, 8, 13].map { "App/routes.yaml:\($0)" })
        let statements = after?.routes.dropFirst().flatMap(\.route.statements).map(\.location)
        #expect(statements == [7, 8, 13, 8].map { "App/routes.yaml:\($0)" })
        #expect(reload.checked.last?.routes == ["c"])
    }

    @Test("A copy of a manifest makes other routes, which can't be served beside the first ones")
    func copies() {
        var reload = Reload()
        reload.save(Self.manifest(Self.a))
        let before = reload.served
        reload.find(targets: [["App/admin.routes.yaml"], ["App/routes.yaml"]])
        reload.save(["App/admin.routes.yaml": Self.manifest(Self.a)])
        let plans = [Self.plan(reload.served, 0), Self.plan(reload.served, 1)]
        #expect(plans[0] == Self.plan(before, 0) && plans[1] != plans[0])
        #expect(reload.served?.routes.map(\.route.location) == ["App/admin.routes.yaml:4", "App/routes.yaml:4"])
    }

    @Test("A write whose precondition is about a changed route is changed with it")
    func preconditions() {
        func manifest(_ column: Int) -> String {
            Self.manifest(
                "get:\n    get: /r/{id}\n    path: { id: int }\n    returns: one\n"
                    + "    sql: \"SELECT \(column) AS x FROM r WHERE id = :id\"",
                "remove:\n    delete: /r/{id}\n    path: { id: int }\n    returns: none\n    precondition: get\n"
                    + "    sql: \"DELETE FROM r WHERE id = :id\"",
                Self.a
            )
        }
        var reload = Reload()
        reload.save(manifest(1))
        let before = reload.served
        #expect(before?.routes.count == 3, "\(reload.refusals)")
        reload.save(manifest(2))
        #expect(Self.plan(reload.served, 0) != Self.plan(before, 0))
        #expect(Self.plan(reload.served, 1) != Self.plan(before, 1))
        #expect(Self.plan(reload.served, 2) == Self.plan(before, 2))
        let table = reload.served
        #expect(table?.routes[1].route.precondition?.route.parts == table?.routes[0].route.parts)
    }

    @Test("While there are errors all requests get them, and the routes from before are there again at once")
    func broken() throws {
        var reload = Reload()
        reload.save(Self.manifest(Self.a))
        let before = reload.served
        reload.save(Self.manifest("a: { get: /a, sql: SELECT 1 AS x LIMIT 1, ttll: 5 }", "b: 7"))
        #expect(Self.plan(reload.served, 0) == Self.plan(before, 0))
        let refusal = try #require(reload.refusals.last)
        #expect(reload.refusals.count == 1 && refusal.diagnostics.count == 2)
        #expect(refusal.document.contains(#"{"file":"App/routes.yaml","line":4,"column":"#))
        #expect(refusal.document.contains(#""detail":"There are 2 errors; the first: App/routes.yaml:4:"#))
        #expect(reload.reports.last == .broken(refusal.diagnostics))
        reload.save(Self.manifest(Self.a))
        #expect(Self.plan(reload.served, 0) == Self.plan(before, 0))
        guard case .served(let changes, endsErrors: true) = reload.reports.last else {
            Issue.record("\(reload.reports)")
            return
        }
        #expect(changes.isEmpty)
    }

    @Test("A manifest that is gone or no text, or that names a file that is not there, is an error with its place")
    func unreadable() {
        var reload = Reload()
        reload.save(Self.manifest(Self.b))
        #expect(reload.refusals.last?.diagnostics.first?.message.contains("'b.sql' does not exist") ?? false)
        reload.save(["App/b.sql": "SELECT 1 AS x LIMIT 1"])
        #expect(reload.served != nil)
        reload.save(["App/routes.yaml": nil])
        #expect(
            reload.refusals.last?.diagnostics.map(\.description) == [
                "App/routes.yaml:1:1: error: the manifest cannot be read: the file does not exist"
            ]
        )
        reload.handle(.changed(["App/routes.yaml": .bytes([0xFF]), "App/routes.lock.json": .absent]))
        #expect(reload.refusals.last?.diagnostics.first?.message.hasSuffix("it is not UTF-8") ?? false)
    }

    @Test("The response of a handler is none that could be stored")
    func handlers() async throws {
        var reload = Reload()
        reload.save(Self.manifest("usage: { get: /usage, handler: swift, cache: { ttl: 1h } }"))
        let route = try #require(reload.served?.routes.first?.route, "\(reload.refusals)")
        #expect(route.cache == nil)
        guard case .handler(let handler) = route.source else {
            Issue.record("the route has no handler")
            return
        }
        let error = await #expect(throws: HandlerError.self) { try await handler(InputValues(count: 0)) }
        #expect(error?.status == 501 && error?.message.contains("'usage'") ?? false)
    }

    @Test("A canned response is that of its file, and changes with it")
    func canned() async throws {
        var reload = Reload(cannedFrom: "canned")
        let usage = "usage: { get: /usage, handler: swift, cache: { ttl: 1h } }"
        reload.save(["App/routes.yaml": Self.manifest(usage, Self.a), "canned/.hidden": ""])
        #expect(reload.served?.routes.first?.route.cache == nil)
        await #expect(throws: HandlerError.self) { try await reload.response() }
        reload.save(["canned/usage.json": "[1]"])
        #expect(reload.reports.last == .canned)
        var response = try await reload.response()
        #expect(response.body.readableBytesView.elementsEqual("[1]".utf8) && response.contentType == "application/json")
        #expect(response.status == nil)
        let before = reload.served
        reload.save(["canned/usage.json": nil, "canned/usage.202.txt": "ü"])
        response = try await reload.response()
        #expect(response.status == 202 && response.contentType == "text/plain; charset=utf-8")
        #expect(Self.plan(reload.served, 0) == Self.plan(before, 0))
        reload.save(["canned/usage.json": "x"])
        let error = try #require(reload.refusals.last?.diagnostics.first)
        #expect(error.location.file.hasPrefix("canned/usage."))
        reload.save(["canned/usage.json": nil])
        guard case .served(_, endsErrors: true) = reload.reports.last else {
            Issue.record("\(reload.reports)")
            return
        }
        // Copies of editors, and names that were meant otherwise.
        let refusals = reload.refusals.count
        for name in [
            "a.json", "usage", "usage.2.json", "usage.20x.json", "usage.200.1.json", "usage.json~", "usage.json.bak",
            "usage.+202.json", "usage.0200.json", "usage.204.json", "usage.206.json", "usage.",
            "usage (copy).json",
        ] {
            reload.save(["canned/\(name)": "x"])
            #expect(
                reload.reports.contains {
                    if case .warnings(let all) = $0 {
                        all.contains { $0.location.file == "canned/\(name)" }
                    } else {
                        false
                    }
                },
                "\(name)"
            )
            reload.save(["canned/\(name)": nil])
        }
        #expect(reload.refusals.count == refusals)
        response = try await reload.response()
        #expect(response.status == 202)
        reload.save(["canned/usage.202.txt": nil])
        await #expect(throws: HandlerError.self) { try await reload.response() }
    }

    @Test("Canned responses that change together with a manifest are those of its routes, at once")
    func cannedWithManifest() async throws {
        var reload = Reload(cannedFrom: "canned")
        let usage = "usage: { get: /usage, handler: swift }"
        reload.save(["App/routes.yaml": Self.manifest(usage), "canned/usage.json": "[1]"])
        let before = reload.served
        #expect(try await reload.response().body.readableBytesView.elementsEqual("[1]".utf8))
        reload.save(["App/routes.yaml": Self.manifest(usage, Self.a), "canned/usage.json": "[2]"])
        #expect(try await reload.response().body.readableBytesView.elementsEqual("[2]".utf8))
        #expect(Self.plan(reload.served, 0) == Self.plan(before, 0))
        guard case .served(let changes, endsErrors: false) = reload.reports.last else {
            Issue.record("\(reload.reports)")
            return
        }
        #expect(changes.words == "added a" && !reload.reports.contains(.canned))
        // The file of a route that comes with it, in place of one that goes.
        reload.save([
            "App/routes.yaml": Self.manifest("report: { get: /report, handler: swift }"), "canned/usage.json": nil,
            "canned/report.json": "[3]",
        ])
        #expect(try await reload.response().body.readableBytesView.elementsEqual("[3]".utf8))
        #expect(reload.served?.routes.map(\.route.name) == ["report"] && reload.refusals.isEmpty)
    }

    @Test("Routes that can't be served beside each other are errors, at the places of the routes")
    func clash() {
        var reload = Reload()
        reload.save(Self.manifest(Self.a))
        reload.problems = { [RouteProblem("they clash", of: $0.routes[1].route), RouteProblem("no place")] }
        reload.save(Self.manifest(Self.a, "# between", "b: { get: /health, sql: SELECT 1 AS x LIMIT 1 }"))
        #expect(
            reload.refusals.last?.diagnostics.map(\.description) == [
                "App/routes.yaml:6:3: error: they clash", "App/routes.yaml:1:1: error: no place",
            ]
        )
        let document = reload.refusals.last?.document
        #expect(document?.contains(#""diagnostics":[{"file":"App/routes.yaml","line":6,"column":3,"#) ?? false)
        reload.problems = { _ in [] }
        reload.save(Self.manifest(Self.a))
        guard case .served(let changes, endsErrors: true) = reload.reports.last else {
            Issue.record("\(reload.reports)")
            return
        }
        #expect(changes.isEmpty)
    }

    @Test("A route whose tables nobody knows yet waits for the database, and is not cached without it")
    func automaticTables() throws {
        var reload = Reload()
        reload.save(Self.manifest(Self.auto))
        #expect(reload.served == nil && reload.asked.count == 1)
        let asked = try #require(reload.asked.first)
        #expect(asked.statements.map(\.statement.route) == ["t"])
        reload.handle(.late(generation: asked.generation))
        #expect(reload.served?.routes.first?.route.declaration.kind == .read(nil))
        reload.handle(.described(reload.answer(tables: ["t"]), generation: asked.generation))
        #expect(reload.served?.routes.first?.route.cache?.tables?.names == ["t"])
        #expect(
            reload.reports.contains(.outdatedLock(file: "App/routes.lock.json", routes: ["t"]))
        )
        #expect(reload.reports.count { if case .outdatedLock = $0 { true } else { false } } == 1)
        // What is known is not asked again.
        reload.save(Self.manifest(Self.auto, Self.a))
        #expect(reload.asked.count == 1 && reload.served?.routes.count == 2)
        #expect(reload.served?.routes.first?.route.cache?.tables?.names == ["t"])
    }

    @Test("Answers to earlier contents are kept, and exchange nothing")
    func generations() throws {
        var reload = Reload()
        reload.save(Self.manifest(Self.auto))
        let first = try #require(reload.asked.first)
        let answer = reload.answer(tables: ["t"])
        reload.save(Self.manifest(Self.auto, "u: { get: /u, sql: SELECT y FROM u LIMIT 1, cache: { tables: auto } }"))
        #expect(reload.asked.count == 2)
        reload.handle(.late(generation: first.generation))
        reload.handle(.described(answer, generation: first.generation))
        #expect(reload.served == nil)
        let second = try #require(reload.asked.last)
        reload.handle(.late(generation: second.generation))
        #expect(reload.served?.routes.map { $0.route.cache?.tables?.names } == [["t"], nil])
        reload.handle(.late(generation: second.generation))
        #expect(reload.reports.count { if case .served = $0 { true } else { false } } == 1)
        // Asked again at the next change, which nobody waits for.
        reload.save(
            Self.manifest(
                Self.auto,
                "u: { get: /u, sql: SELECT y FROM u LIMIT 1, timeout: 3s, cache: { tables: auto } }"
            )
        )
        #expect(reload.asked.count == 3)
        #expect(reload.served?.routes.last?.route.timeout == .seconds(3))
    }

    @Test(
        "Statements that are new or changed are checked once they are served, those of a former check that is not answered too"
    )
    func checks() {
        var reload = Reload()
        let finding = Diagnostic(.error, "column x does not exist", at: Location(file: "a", line: 1, column: 2))
        func findings() -> Int { reload.reports.count { $0 == .findings([finding]) } }
        reload.save(Self.manifest(Self.a, "c: { get: /c, sql: SELECT 3 AS z LIMIT 1 }"))
        #expect(reload.checked.map(\.routes) == [["a", "c"]])
        reload.handle(.checked([finding], generation: reload.checked[0].generation))
        reload.handle(.checked([finding], generation: reload.checked[0].generation))
        #expect(findings() == 1)
        reload.save(Self.manifest(Self.a, "c: { get: /c, sql: SELECT 4 AS z LIMIT 1 }"))
        #expect(reload.checked.last?.routes == ["c"])
        // Before the answer.
        reload.save(
            Self.manifest("a: { get: /a, sql: SELECT 2 AS x LIMIT 1 }", "c: { get: /c, sql: SELECT 4 AS z LIMIT 1 }")
        )
        #expect(reload.checked.last?.routes == ["a", "c"])
        reload.handle(.checked([finding], generation: reload.checked[1].generation))
        #expect(findings() == 1)
        reload.handle(.checked([finding], generation: reload.checked[2].generation))
        #expect(findings() == 2)
        reload.handle(.checked([], generation: reload.checked[2].generation))
        // A route that moves is no matter of the database.
        reload.save(Self.manifest("# moved", "a: { get: /a, sql: SELECT 2 AS x LIMIT 1 }"))
        #expect(reload.checked.count == 3)
    }

    @Test("Manifests that are found later are served, and those that are gone are not missed")
    func found() {
        var reload = Reload()
        reload.save(Self.manifest(Self.a))
        reload.find("App/routes.yaml", "App/admin.routes.yaml")
        #expect(reload.refusals.count == 1, "the new one is not written yet")
        let admin = "version: 1\nnamespace: m\nroutes: { b: { get: /b, sql: SELECT 1 AS x LIMIT 1 } }\n"
        reload.save(["App/admin.routes.yaml": admin])
        #expect(reload.served?.routes.map(\.route.name) == ["a", "b"])
        reload.find("App/admin.routes.yaml")
        #expect(reload.served?.routes.map(\.route.name) == ["b"])
    }

    @Test("A lock that is there and current is used as a build uses it, and the database is not asked")
    func locked() throws {
        var reload = Reload()
        reload.save(Self.manifest(Self.auto))
        var lock = RouteLock(server: "PostgreSQL 15")
        let patch = try #require(reload.answer(tables: ["audit.t", "t"])["App/routes.yaml"])
        lock.routes = patch.routes.mapValues { [$0] }
        var other = Reload()
        other.save(["App/routes.yaml": Self.manifest(Self.auto), "App/routes.lock.json": RouteLockWriter.text(lock)])
        #expect(other.asked.isEmpty, "\(other.refusals)")
        #expect(other.served?.routes.first?.route.cache?.tables?.names == ["audit.t", "t"])
        #expect(other.served?.routes.first?.route.statements.first?.locked?.columns.map(\.name) == ["x"])
        // Another statement: the entry is that of the former one.
        other.save(Self.manifest("t: { get: /t, sql: SELECT x + 1 AS x FROM t LIMIT 1, cache: { tables: auto } }"))
        #expect(other.asked.count == 1)
        other.handle(.described(other.answer(tables: ["t"]), generation: other.asked[0].generation))
        #expect(other.served?.routes.first?.route.cache?.tables?.names == ["t"])
        #expect(other.reports.contains(.outdatedLock(file: "App/routes.lock.json", routes: ["t"])))
    }
}
