import RouteManifest
import RouteModel
import Testing

@Suite struct ServedLockTests {
    private static let manifest = """
        version: 1
        namespace: n
        routes:
          listOrders:
            get: /orders
            query: { user: int }
            cache: { tables: auto }
            sql: SELECT id, note FROM orders WHERE user_id = :user LIMIT 9

        """

    private static func read(_ text: String, lock: LockText?) -> ManifestSet {
        ManifestSet(
            [.init(file: "routes.yaml", text: text, typeName: "Routes")],
            locks: { _ in lock },
            lockUse: .serving
        ) { _, _ throws(SQLFileError) in throw .notFound }
    }

    /// What a database would say about the statement of a manifest.
    private static func patch(_ text: String, tables: [String]) throws -> LockPatch {
        let statement = try #require(read(text, lock: nil).statements.first)
        let locked = LockedStatement(
            digest: statement.digest,
            parameters: ["bigint"],
            columns: [LockedColumn("id", "bigint"), LockedColumn("note", "public.e")],
            tables: tables
        )
        return LockPatch(server: "PostgreSQL 15", enums: ["public.e": ["x"]], routes: ["listOrders": locked])
    }

    @Test(
        "While a manifest is served, a lock that is missing or outdated is no fault, and tables are open or the old ones"
    )
    func serving() throws {
        let open = Self.read(Self.manifest, lock: nil)
        #expect(open.diagnostics.isEmpty)
        #expect(open.manifests.first?.routes.first?.declaration.cache?.tables == nil)
        let lock = LockText(patching: nil, file: "l", with: try Self.patch(Self.manifest, tables: ["orders"]))
        let changed = Self.read(Self.manifest.replacing("LIMIT 9", with: "LIMIT 10"), lock: lock)
        #expect(changed.diagnostics.isEmpty)
        #expect(changed.manifests.first?.routes.first?.declaration.cache?.tables == TablePolicy(["orders"]))
        #expect(changed.manifests.first?.routes.first?.source.locked == nil)
        let other = Self.read(Self.manifest.replacing("listOrders", with: "allOrders"), lock: lock)
        #expect(other.diagnostics.allSatisfy { $0.severity == .warning })
        #expect(other.manifests.first?.routes.first?.declaration.cache?.tables == nil)
    }

    @Test("A patched lock has the new entries beside the others")
    func patched() throws {
        let first = try Self.patch(Self.manifest, tables: ["orders"])
        let lock = LockText(patching: nil, file: "routes.lock.json", with: first)
        let set = Self.read(Self.manifest, lock: lock)
        #expect(set.diagnostics.isEmpty)
        #expect(set.manifests.first?.routes.first?.source.locked == first.routes["listOrders"])
        #expect(set.manifests.first?.enums == first.enums)
        var second = first
        second.enums = ["public.f": ["y"]]
        second.routes = ["more": LockedStatement(digest: "0123456789abcdef")]
        let both = LockText(patching: lock, file: "routes.lock.json", with: second)
        let document = try #require(RouteLockReader.read(both).document)
        #expect(document.lock.routes.keys.sorted() == ["listOrders", "more"])
        #expect(document.lock.routes["listOrders"] == [try #require(first.routes["listOrders"])])
        #expect(document.lock.enums.keys.sorted() == ["public.e", "public.f"])
    }

    @Test("A lock that can't be read stays as it is, with its errors")
    func unreadable() throws {
        let lock = LockText(file: "routes.lock.json", text: "{")
        let patched = LockText(patching: lock, file: "x", with: try Self.patch(Self.manifest, tables: []))
        #expect(patched == lock)
        #expect(Self.read(Self.manifest, lock: patched).diagnostics.contains { $0.severity == .error })
    }
}
