import CachedRoutes
import Foundation
import HTTPTypes
import RouteCodegen
import RouteManifest
import Testing

@Suite struct RoutesFileTests {
    @Test(
        "A manifest is generated as its golden file, which is compiled with these tests",
        arguments: Manifests.all.keys.sorted()
    )
    func golden(fileName: String) throws {
        let manifest = try #require(Manifests.all[fileName])
        try Golden.expect(RoutesFile(manifest, fileName: fileName).text, in: "\(manifest.typeName).swift")
    }

    @Test("A generated table has the manifest's routes in their order, with their settings")
    func table() {
        for golden in GoldenTable.all { expect(golden.routes, is: golden.manifest) }
    }

    @Test("A route without a cache says so")
    func uncached() {
        for route in UncachedRoutes(handlers: UncachedHandlers()).routes {
            #expect(route.cache == nil && route.write == nil)
        }
    }

    private func expect(_ routes: [RouteDefinition], is manifest: Manifest) {
        #expect(routes.map(\.name) == manifest.routes.map(\.name))
        for (route, declared) in zip(routes, manifest.routes) {
            var declaration = route.declaration
            declaration.location = nil
            #expect(declaration == declared.declaration)
            #expect(route.status.code == declared.status)
            #expect(route.precondition?.route.name == declared.precondition?.route)
            #expect(route.precondition?.isRequired == declared.precondition?.isRequired)
        }
    }

    @Test("A generated context answers for its inputs by name and for nothing else")
    func context() {
        let id = UUID()
        let context = KindsRoutes.Context(userID: id)
        #expect(context.text(of: "userID") == id.uuidString.lowercased())
        #expect(context.text(of: "since") == nil)
        #expect(KindsRoutes.Context(since: Date(timeIntervalSince1970: 0)).text(of: "since") == "1970-01-01T00:00:00Z")
        let account = AccountRoutes.Context(name: "x")
        #expect(account.text(of: "name") == "x")
        #expect(account.text(of: "userID") == nil)
        #expect(account.text(of: "other") == nil)
    }

    @Test("A manifest's file name can't leave the comment it is written into")
    func fileName() {
        let text = RoutesFile(Manifests.least, fileName: "a\nimport B\r\u{2028}.routes.yaml").text
        #expect(text.hasPrefix("// Generated from a import B .routes.yaml by CachedRoutesPlugin."))
    }

    @Test("The order of constraints in a manifest means nothing, and only files that use a type name it")
    func constraints() throws {
        let text = RoutesFile(Manifests.orders, fileName: "r").text
        let first = try #require(text.firstRange(of: "\"orders_customer_fkey\": ConstraintResponse("))
        let second = try #require(text.firstRange(of: "\"orders_number_key\": ConstraintResponse("))
        #expect(first.lowerBound < second.lowerBound)
        #expect(text.contains("typealias ConstraintResponse"))
        #expect(text.contains("typealias WritePolicy"))
        let writes = RoutesFile(Manifests.writes, fileName: "r").text
        #expect(!writes.contains("ConstraintResponse"))
        #expect(writes.contains("typealias WritePolicy"))
        let users = RoutesFile(Manifests.users, fileName: "r").text
        #expect(!users.contains("ConstraintResponse"))
        #expect(!users.contains("WritePolicy"))
        #expect(!users.contains("WarmPolicy"))
        #expect(!users.contains("TablePolicy"))
        #expect(RoutesFile(Manifests.tagged, fileName: "r").text.contains("package typealias TablePolicy"))
        #expect(RoutesFile(Manifests.cachedAnswers, fileName: "r").text.contains("typealias WarmPolicy"))
    }

    @Test("The inputs of a warmed answer are written by the bytes of their names")
    func warmedInputs() {
        let text = RoutesFile(Manifests.cachedAnswers, fileName: "r").text
        #expect(text.contains(#"["Until": ["2024-02-29"], "days": ["30"], "id": ["2"], "names": ["b", "a"]]"#))
        #expect(text.contains(#"WarmPolicy(every: .milliseconds(500), with: [["days": ["30"]], [:]])"#))
        #expect(text.contains("WarmPolicy(every: .seconds(30))"))
    }

    @Test("What is not named of tags, tables and answers in the process is not written")
    func taggedDefaults() {
        let text = RoutesFile(Manifests.tagged, fileName: "r").text
        #expect(text.contains(#".read(CachePolicy(tables: TablePolicy(["users"], minimumInterval: "#))
        #expect(text.contains(#".write(WritePolicy(invalidates: ["events"]))"#))
        for word in ["tags", "tables", "near", "beforeRouter", "invalidates"] {
            #expect(!RoutesFile(Manifests.orders, fileName: "r").text.contains("\(word):"))
        }
    }

    @Test("What is left out of a handler's nullable inputs is absent")
    func nullable() async throws {
        let absent = PatchesRoutes.PatchUserInput(id: 1, price: "1.50")
        #expect(absent.bio == .absent && absent.tags == .absent && absent.settings == .absent)
        #expect(try await PatchesHandlers().patchUser(absent) == ["old", nil, nil, nil, "1.50"])
        let null = PatchesRoutes.PatchUserInput(id: 1, bio: .null, tags: .value(["a"]), price: "0")
        #expect(try await PatchesHandlers().patchUser(null) == [nil, "a", nil, nil, "0"])
        let others = [Manifests.kinds, Manifests.orders]
        for manifest in others { #expect(!RoutesFile(manifest, fileName: "r").text.contains("NullableInput")) }
    }

    @Test("The order of imports in a manifest means nothing")
    func importOrder() {
        var other = Manifests.kinds
        other.imports.reverse()
        other.imports += other.imports
        #expect(RoutesFile(other, fileName: "r").text == RoutesFile(Manifests.kinds, fileName: "r").text)
    }
}
