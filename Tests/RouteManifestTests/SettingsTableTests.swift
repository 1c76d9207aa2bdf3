import Foundation
import RouteModel
import Testing

@testable import RouteManifest

@Suite struct SettingsTableTests {
    @Test("The manifest reference lists each setting as the tables of settings describe it, in their order")
    func documentation() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let article = root.appending(path: "Sources/CachedRoutes/CachedRoutes.docc/ManifestReference.md")
        let reference = try String(decoding: Data(contentsOf: article), as: UTF8.self)
        let rows = reference.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        let expected =
            RouteSettings.table.map { "| `\($0.name)` | \($0.value) | \($0.standard) |" }
            + CacheSettings.table.map { "| `cache.\($0.name)` | \($0.value) | \($0.standard) |" }
        let first = try #require(rows.firstIndex(of: expected[0]), "the reference has no row '\(expected[0])'")
        for (row, expected) in zip(rows[first...], expected) { #expect(row == expected) }
        #expect(rows.count - first >= expected.count)
    }

    @Test("A setting is a property of what its table is assigned to")
    func owners() {
        func names(_ owners: [Any.Type?]) -> Set<String> { Set(owners.compactMap { $0.map { "\($0)" } }) }
        #expect(names(CacheSettings.table.map(\.owner)) == ["CachePolicy"])
        #expect(names(RouteSettings.table.map(\.owner)) == ["RouteDeclaration", "WritePolicy", "BuildTimeSettings"])
        let routes = Set(RouteSettings.table.map(\.name))
        #expect(routes.isDisjoint(with: CacheSettings.table.map(\.name)))
    }

    @Test("A rule of any table is checked, and a value that it excludes is not assigned", arguments: [false, true])
    func rules(isWrite: Bool) throws {
        let table = [
            Setting<CacheSettings>(
                "jitter",
                \CachePolicy.jitter,
                rules: [.notForWrites("no writes")],
                shape: .percentage,
                value: "",
                default: ""
            ) { $1.reader.percentage($0, named: $2) }
        ]
        let diagnostics = Diagnostics()
        let source = SourceText("{ jitter: 50%, other: 1 }", file: "f")
        let root = try #require(YAMLDocument.compose(source, keys: MappingKeys.known, reportingTo: diagnostics))
        let entries = try #require(root.mapping)
        let scope = SettingApplicabilityTraits(isWrite: isWrite, isHandler: false)
        scope.check(entries, in: table, reportingTo: diagnostics)
        #expect(diagnostics.sorted.map(\.description) == (isWrite ? ["f:1:3: error: no writes"] : []))
        var settings = CacheSettings()
        table.read(entries, in: SettingReadingContext(reader: .forManifest(diagnostics)), into: &settings)
        let policy = try #require(settings.policy(in: scope, warm: nil, tags: [], isPublic: false))
        #expect(policy.jitter == (isWrite ? CachePolicy().jitter : 50))
    }

    @Test("A default that the manifest reference states is that of the type")
    func defaults() throws {
        func value(_ text: String) -> String? {
            let inner = text.dropFirst().dropLast()
            return text.hasPrefix("`") && text.hasSuffix("`") && !inner.contains("`") ? String(inner) : nil
        }
        var checked: [String] = []
        for setting in CacheSettings.table {
            guard let text = value(setting.standard) else { continue }
            let source =
                "version: 1\nnamespace: n\nroutes:\n  r: { get: /r, sql: SELECT 1 LIMIT 1, public: true, cache: { "
            let result = parse(source + "\(setting.name): \(text) } }")
            let manifest = try #require(result.manifest, "\(setting.name): \(result.diagnostics)")
            #expect(manifest.routes[0].cache?.arguments.map(\.label) == [], "\(setting.name)")
            checked.append(setting.name)
        }
        for setting in RouteSettings.table {
            guard let text = value(setting.standard) else { continue }
            let source = "version: 1\nnamespace: n\nroutes:\n  r: { \(setting.name): \(text), "
            let read = parse(source + "get: /r, sql: SELECT 1 LIMIT 1 }")
            let write = parse(source + "post: /r, sql: DELETE FROM t WHERE true RETURNING 1 AS a }")
            let manifest = try #require(read.manifest ?? write.manifest, "\(setting.name): \(read.diagnostics)")
            let route = manifest.routes[0]
            #expect(route.declaration.arguments.isEmpty && route.write?.arguments.isEmpty ?? true, "\(setting.name)")
            checked.append(setting.name)
        }
        #expect(checked.count >= 20)
    }

    @Test("No name stands twice, and other tools' names are none of the settings'")
    func names() {
        for names in [RouteSettings.table.map(\.name), CacheSettings.table.map(\.name)] {
            #expect(Set(names).count == names.count)
        }
        for (name, others) in RouteSettings.table.map({ ($0.name, $0.otherNames) }) {
            #expect(!others.split(separator: " ").contains { $0 == OtherToolKeyNames.folded(name) }, "\(name)")
        }
    }

    @Test("A value that is not the default is an argument of generated code, under the label of its parameter")
    func arguments() {
        let policy = CachePolicy(
            ttl: .seconds(1),
            jitter: 1,
            staleWhileRevalidate: .seconds(1),
            staleIfError: .seconds(1),
            negativeTTL: .seconds(1),
            clientTTL: .seconds(1),
            maxBody: 1,
            coalesce: .fleet,
            compress: false,
            warm: WarmPolicy(every: .seconds(1)),
            tags: ["a"],
            tables: TablePolicy(["a"]),
            near: .life,
            beforeRouter: .all
        )
        #expect(
            policy.arguments.map(\.label) == [
                "ttl", "jitter", "staleWhileRevalidate", "staleIfError", "negativeTTL", "clientTTL", "maxBody",
                "coalesce",
                "compress", "warm", "tags", "tables", "near", "beforeRouter",
            ]
        )
        #expect(Mirror(reflecting: policy).children.map(\.label) == policy.arguments.map(\.label))
        #expect(CachePolicy().arguments.isEmpty)
        let write = WritePolicy(isolation: .serializable, retries: 1, maxRequestBody: 1, invalidates: ["a"])
        #expect(Mirror(reflecting: write).children.map(\.label) == write.arguments.map(\.label) + ["targets"])
        #expect(WritePolicy().arguments.isEmpty)
        let signature = RouteSignature(namespace: "n", fingerprint: "f", method: .get, path: "/", inputs: [])
        #expect(RouteDeclaration("r", signature, .read(.off)).arguments.isEmpty)
        let declaration = RouteDeclaration(
            "r",
            signature,
            .read(.off),
            returns: .one,
            status: 201,
            timeout: .seconds(1),
            isPublic: true,
            unknownQuery: .reject,
            read: .replica,
            concurrency: 1,
            errors: ["c": ConstraintResponse(409, "m")],
            requestDirectives: .honor
        )
        #expect(
            declaration.arguments.map(\.label) == [
                "returns", "status", "timeout", "isPublic", "unknownQuery", "read", "concurrency", "errors",
                "requestDirectives",
            ]
        )
    }
}
