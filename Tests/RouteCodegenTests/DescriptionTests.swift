import CachedRoutes
import CachedRoutesCore
import RouteManifest
import RouteServing
import Testing

@Suite struct DescriptionTests {
    @Test("Routes that are made from descriptions are those of the code that is generated from the same manifest")
    func compared() throws {
        #expect(GoldenTable.all.map(\.manifest.typeName).sorted() == Manifests.all.values.map(\.typeName).sorted())
        for (fileName, manifest) in Manifests.all {
            let golden = try #require(GoldenTable.all.first { $0.manifest == manifest }, "\(fileName)")
            let descriptions = manifest.descriptions(path: fileName)
            let routes = RouteDefinition.routes(of: descriptions) { _ in { _ in HandlerResponse(status: 200) } }
            #expect(routes.count == golden.routes.count, "\(fileName)")
            for (made, compiled) in zip(routes, golden.routes) {
                #expect(made.parts == compiled.parts, "\(fileName): \(compiled.name)")
                #expect(made.status == compiled.status && made.beforeRouter == compiled.beforeRouter)
                #expect(made.precondition?.route.parts == compiled.precondition?.route.parts)
            }
        }
    }

    @Test("Parts differ where something of a route does")
    func parts() throws {
        let descriptions = Manifests.conditions.descriptions(path: "a.yaml")
        func parts(_ change: (inout RouteDescription) -> Void) -> RouteDefinition.Parts {
            var changed = descriptions
            change(&changed[0])
            return RouteDefinition.routes(of: changed) { _ in { _ in HandlerResponse(status: 200) } }[0].parts
        }
        func sql(_ change: (inout SQLDescription) -> Void) -> RouteDefinition.Parts {
            parts { description in
                guard case .sql(var statement) = description.source else { return }
                change(&statement)
                description.source = .sql(statement)
            }
        }
        let different = [
            parts { _ in }, parts { $0.declaration.timeout = .seconds(7) }, parts { $0.declaration.location = "b:1" },
            parts { $0.precondition?.isRequired = false }, parts { $0.precondition = nil },
            sql { $0.sql += " " }, sql { $0.binding.reverse() },
            sql { $0.locked = LockDescription(parameters: ["bigint"], columns: []) },
            sql { $0.locked = LockDescription(parameters: ["bigint"], columns: [.init("id", "bigint")]) },
        ]
        #expect(Set(different).count == different.count)
        #expect(parts { _ in } == different[0])
    }

    @Test("A location is the path that messages use, with the line in the manifest")
    func location() {
        let descriptions = Manifests.located.descriptions(path: "Sources/App/located.routes.yaml")
        #expect(descriptions.map(\.location) == [4, 9, 12].map { "Sources/App/located.routes.yaml:\($0)" })
        #expect(Manifests.least.descriptions(path: "r.yaml").map(\.location) == [nil])
    }

    @Test("Each property of a declaration and of its policies differs from its default in some golden")
    func properties() {
        // So that a property which is served and not generated makes a difference above.
        var expected: Set<String> = []
        var found: Set<String> = []
        func note<Value>(_ value: Value, unlike standard: Value, except names: Set<String> = []) {
            for (child, usual) in zip(Mirror(reflecting: value).children, Mirror(reflecting: standard).children) {
                guard let label = child.label, !names.contains(label) else { continue }
                expected.insert("\(Value.self).\(label)")
                if child.value as? AnyHashable != usual.value as? AnyHashable { found.insert("\(Value.self).\(label)") }
            }
        }
        for manifest in Manifests.all.values {
            for route in manifest.descriptions(path: "routes.yaml") {
                let declaration = route.declaration
                let kind: RouteDeclaration.Kind = declaration.write == nil ? .read(nil) : .write(WritePolicy())
                let standard = RouteDeclaration(declaration.name, declaration.signature, kind)
                note(declaration, unlike: standard, except: ["name", "signature", "kind"])
                if let cache = declaration.cache {
                    note(cache, unlike: CachePolicy())
                    if let tables = cache.tables { note(tables, unlike: TablePolicy([])) }
                    if let warm = cache.warm { note(warm, unlike: WarmPolicy(every: .seconds(3599))) }
                }
                if let write = declaration.write { note(write, unlike: WritePolicy()) }
                for input in declaration.signature.inputs {
                    let standard = RouteInput(input.group, input.name, input.type)
                    note(
                        input,
                        unlike: standard,
                        // The last ones are worked out from others.
                        except: [
                            "group", "name", "type", "minimumBound", "maximumBound", "oneOfDecimals", "nameBytes",
                            "wireNameBytes",
                        ]
                    )
                }
            }
        }
        #expect(expected.count > 40)
        #expect(expected.subtracting(found) == [])
    }
}
