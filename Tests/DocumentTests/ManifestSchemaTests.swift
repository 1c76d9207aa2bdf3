import Foundation
import Fuzzing
import RouteDocuments
import RouteModel
import Testing

@testable import RouteManifest

@Suite("The schema of manifests")
struct ManifestSchemaTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let schema = ManifestSchema.document()
    private static let validator = SchemaValidator(schema)

    @Test("The schema in Schemas is the one that the tool prints")
    func committed() throws {
        let file = Self.root.appending(path: "Schemas/routes.schema.json")
        let text = JSONPrinter.text(of: Self.schema)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" { try Data(text.utf8).write(to: file) }
        #expect(try String(decoding: Data(contentsOf: file), as: UTF8.self) == text)
    }

    // MARK: - Keys

    private static func properties(_ schema: Document?) -> Set<String> {
        guard case .object(let members)? = schema?["properties"] else { return [] }
        return Set(members.map(\.name))
    }

    /// The schemas of mappings among those that a value may have.
    private static func mappings(_ schema: Document?) -> [Document] {
        guard let schema else { return [] }
        if schema["if"] != nil, schema["type"] == nil {
            return mappings(schema["then"]) + mappings(schema["else"])
        }
        return schema["properties"] == nil ? [] : [schema]
    }

    @Test("The keys of each mapping are those that the reader knows")
    func keys() throws {
        let definitions = Self.schema["definitions"]
        func setting(_ name: String) -> Document? { Self.mappings(definitions?["setting-\(name)"]).first }
        let cache = try #require(setting("cache"))
        func cacheSetting(_ name: String) -> Document? { Self.mappings(cache["properties"]?[name]).first }
        var pairs: [(Document?, MappingKeys)] = [
            (Self.schema, .topLevel), (Self.schema["properties"]?["defaults"], .defaults),
            (definitions?["route"], .route("")), (cache, .cache), (setting("precondition"), .precondition),
            (definitions?["setting-errors"]?["additionalProperties"], .constraint("")),
            (cacheSetting("warm"), .warm(beside: [])), (cacheSetting("tables"), .tables(beside: [])),
        ]
        for group in RouteInput.Group.allCases {
            let inputs = definitions?["\(group.rawValue)-inputs"]?["additionalProperties"]
            let mapping = group == .header ? inputs : Self.mappings(inputs).first
            // Keys that the reader knows and never accepts are among the schema's, with a schema that nothing fits.
            pairs.append((mapping, .input("", group)))
        }
        for (schema, keys) in pairs {
            #expect(Self.properties(schema) == Set(keys.supported), "\(keys.place)")
        }
    }

    @Test("Each setting and each input has a description")
    func descriptions() {
        for setting in RouteSettings.table {
            #expect(
                Self.schema["definitions"]?["setting-\(setting.name)"]?["description"] == .string(setting.documentation)
            )
        }
        #expect(
            RouteSettings.table.allSatisfy { !$0.documentation.contains("](") && $0.documentation.contains("Default") }
        )
    }

    // MARK: - Agreement

    /// Values of all shapes, right and wrong ones.
    private static let values =
        [
            "off", "true", "false", "all", "auto", "on", "yes", "abc", "Off", "\"\"", "~", "0", "1", "2", "100", "101",
            "200", "204",
            "206", "299", "300", "400", "409", "10000", "10001", "-1", "0.5", "0s", "1s", "01s", "60s", "500ms",
            "1500ms", "2000ms",
            "0ms", "1h", "7d", "1w", "1 s", "1S", "s", "0%", "00%", "9%", "99%", "100%", "5 %", "0B", "1B",
            "64KiB", "16MiB",
            "1GiB", "1KB", "1kib", "KiB", "[]", "[ a ]", "[ a, b ]", "[ a, a ]", "[ no-limit ]", "[ no-limit, upsert ]",
            "[ nothing ]", "[ \"user:{id}\" ]", "[ \"{id}:{_a}\" ]", "[ \"{_}\" ]", "[ \"{id\" ]", "[ \"id}\" ]",
            "[ \"a b\" ]",
            "[ \"a*\" ]", "[ \"\" ]", "[ ~ ]", "[ [a] ]", "[ a/b%20+@:~.-_ ]", "[ 7 ]", "{}", "{ every: 30m }",
            "{ every: 0s }", "{ every: 30m, at-start: false }", "{ every: 30m, at-start: 1 }",
            "{ every: 30m, with: [] }",
            "{ every: 30m, with: [ { days: 7 }, { days: [1, 2] }, {} ] }", "{ every: 30m, with: { days: 7 } }",
            "{ at-start: true }", "{ every: 30m, other: 1 }", "{ names: [ a ] }", "{ names: auto }", "{ names: off }",
            "{ names: [ a ], min-interval: 1s }", "{ min-interval: off }", "{ min-interval: 0s }", "{ names: a }",
            "{ route: getUser }", "{ route: getUser, required: true }", "{ required: true }", "{ route: [a] }",
            "{ users_key: { status: 409, message: Taken. } }", "{ k: { status: 405, message: x } }",
            "{ k: { status: 399, message: x } }", "{ k: { status: 600, message: x } }", "{ k: { status: 400 } }",
            "{ k: { message: x } }", "{ k: { status: 422, message: \"\" } }",
            "{ k: { status: 422, message: \"a\\nb\" } }",
            "{ \"\": { status: 422, message: x } }", "{ k: 409 }", "{ ttl: 5s }", "{ ttl: 0s, near: true }",
            "{ ttl: 5s, near: 1s, jitter: 5%, warm: { every: 1m }, tables: auto, tags: [ a ], coalesce: fleet }",
            "{ tll: 5s }",
            "{ max-body: 1KiB, compress: false, client-ttl: 1500ms }", "{ before-router: all, negative-ttl: off }",
        ] + RouteDeclaration.Returns.allCases.map(\.rawValue) + CachePolicy.Coalescing.allCases.map(\.rawValue)
        + RouteDeclaration.UnknownQuery.allCases.map(\.rawValue)
        + RouteDeclaration.RequestDirectives.allCases.map(\.rawValue)
        + RouteDeclaration.ReadPreference.allCases.map(\.rawValue) + WritePolicy.Isolation.allCases.map(\.rawValue)
        + ["[ " + (0...100).map { "t\($0)" }.joined(separator: ", ") + " ]"]

    /// The entry of a mapping with a value.
    private static func entry(_ key: String, _ text: String) throws -> YAMLEntry {
        let source = SourceText("\(key): \(text)", file: "f")
        let root = YAMLDocument.compose(source, keys: MappingKeys.known, reportingTo: Diagnostics())
        return try #require(root?.mapping?.first, "\(text)")
    }

    private static func node(_ text: String) throws -> YAMLNode { try entry("key", text).value }

    /// Tells whether a setting's reader takes a value.
    private static func reads<Settings: SettingsContainer>(
        _ setting: Setting<Settings>,
        of table: [Setting<Settings>],
        _ text: String,
        into settings: Settings
    ) throws -> Bool {
        let diagnostics = Diagnostics()
        var settings = settings
        let entry = try entry(setting.name, text)
        let context = SettingReadingContext(reader: .forManifest(diagnostics), siblings: table.map(\.name))
        setting.read(entry, context, &settings)
        return !diagnostics.hasErrors
    }

    @Test("A setting's reader and its schema take the same values")
    func agreement() throws {
        let caches = Self.mappings(Self.schema["definitions"]?["setting-cache"])
        let cache = try #require(caches.first)
        let cacheValidator = SchemaValidator(["definitions": cache["properties"] ?? .null])
        var taken: [String: Int] = [:]
        for text in Self.values {
            let value = Document(try Self.node(text))
            for setting in RouteSettings.table {
                let isRead = try Self.reads(setting, of: RouteSettings.table, text, into: RouteSettings())
                let isValid = Self.validator.accepts(value, byDefinition: "setting-\(setting.name)")
                #expect(isRead == isValid, "\(setting.name): \(text)")
                if isRead { taken[setting.name, default: 0] += 1 }
            }
            for setting in CacheSettings.table {
                let isRead = try Self.reads(setting, of: CacheSettings.table, text, into: CacheSettings())
                let isValid = cacheValidator.accepts(value, byDefinition: setting.name)
                #expect(isRead == isValid, "cache.\(setting.name): \(text)")
                if isRead { taken["cache.\(setting.name)", default: 0] += 1 }
            }
        }
        #expect(taken.count == RouteSettings.table.count + CacheSettings.table.count)
    }

    @Test("Generated values are taken by the reader and the schema, or by neither")
    func generated() throws {
        for seed in FuzzCases(300) {
            var random = SeededRandom(seed: seed)
            for setting in RouteSettings.table {
                // A value of the setting's own shape, or of another one's.
                let shape = random.oneIn(3) ? random.pick(RouteSettings.table).shape : setting.shape
                let text = Self.value(of: shape, &random)
                let isRead = try Self.reads(setting, of: RouteSettings.table, text, into: RouteSettings())
                let isValid = Self.validator.accepts(
                    Document(try Self.node(text)),
                    byDefinition: "setting-\(setting.name)"
                )
                #expect(isRead == isValid, "seed \(seed), \(setting.name): \(text)")
            }
        }
    }

    /// A value in YAML, which is sometimes one that the shape doesn't have.
    private static func value(of shape: SettingShape, _ random: inout SeededRandom) -> String {
        if random.oneIn(12) { return random.pick(values) }
        switch shape {
        case .duration: return "\(random.pick([0, 1, 999, 1000, 3600]))\(random.pick(["ms", "s", "m", "h", "d", "y"]))"
        case .durationUpToAnHour:
            return random.pick(["0s", "1s", "60m", "61m", "3600s", "3601s", "3600000ms", "3600001ms", "1h", "2h"])
        case .size: return "\(random.below(3))\(random.pick(["B", "KiB", "MiB", "K"]))"
        case .percentage: return "\(random.below(120))%"
        case .bool: return random.pick(["true", "false"])
        case .integer(let range, _): return "\(range.lowerBound + random.below(range.count + 3) - 1)"
        case .choice(let words): return random.pick(words)
        case .text, .name, .line: return random.pick(["a", "two words", "7", "true", "\"\""])
        case .tag: return random.pick(["a", "\"a:{id}\"", "\"{a}{b}\"", "\"a b\"", "\"é\"", "9"])
        case .table: return random.pick(["books", "audit.events", "\"1a\"", "'\"Odd Table\"'", "a.b.c", "7", "\"\""])
        case .list(let element, _, _):
            return "[ " + (0..<random.below(4)).map { _ in value(of: element, &random) }.joined(separator: ", ") + " ]"
        case .mapping(let keys):
            let members = keys.filter { $0.isRequired ? !random.oneIn(8) : random.oneIn(3) }
                .map { "\($0.name): \(value(of: $0.shape, &random))" }
            return "{ " + (members + (random.oneIn(10) ? ["other: 1"] : [])).joined(separator: ", ") + " }"
        case .entries(let element):
            return "{ " + (0..<random.below(3)).map { "k\($0): \(value(of: element, &random))" }.joined(separator: ", ")
                + " }"
        case .inputs: return random.pick(["{}", "{ id: 7 }", "{ id: [ 1, 2 ], name: x }"])
        case .anyOf(let shapes): return value(of: random.pick(shapes), &random)
        }
    }

    // MARK: - Inputs

    private static let inputs = [
        "int", "\"[int]\"", "json", "\"[json]\"", "integer", "{ type: int }",
        "{ type: int, min: 1, max: 5, default: 2 }",
        "{ type: int, min-length: 1 }", "{ type: string, min: 1 }", "{ type: string, min-length: 1, max-length: 5 }",
        "{ one-of: [ a, b ] }", "{ type: string, one-of: [ a ], default: a }", "{ one-of: [] }", "{ one-of: [ a, a ] }",
        "{ type: bool, one-of: [ true ] }", "{ type: bool, default: true }", "{ min: 1 }",
        "{ type: int, optional: true }",
        "{ type: int, optional: false }", "{ type: int, optional: true, default: 1 }", "{ type: int, optional: yes }",
        "{ type: int, nullable: true, optional: true }", "{ type: int, nullable: true }",
        "{ type: int, nullable: false }",
        "{ type: \"[int]\", default: [ 1, 2 ] }", "{ type: \"[int]\", default: 1 }", "{ type: int, default: [ 1 ] }",
        "{ type: \"[string]\", default: [] }", "{ type: int, from: page-size }",
        "{ type: string, from: X-Name, default: x }",
        "{ type: string, from: X-Name, optional: true }", "{ type: string, from: X-Name }",
        "{ type: string, from: \"X Name\", optional: true }",
        "{ type: string, from: \"\", optional: true }", "{ type: date, min: 2024-01-01 }", "{ type: uuid, min: 1 }",
        "{ type: int, unknown: 1 }", "{ type: int, max-length: 1 }", "{ type: string, min-length: -1 }", "~", "7", "{}",
        "{ type: decimal, min: 0, max: 9.99 }", "{ type: json, default: \"{}\" }", "{ type: json, one-of: [ 1 ] }",
        "{ type: int, min: 1.5 }", "{ type: int, max: 1.5 }", "{ type: int, default: twenty }",
        "{ type: int, one-of: [ 1, 2.5 ] }",
        "{ type: int32, max: 2147483647 }", "{ type: int32, max: 2147483648 }", "{ type: int32, default: -2147483649 }",
        "{ type: int, max: 2147483648 }", "{ type: \"[int]\", default: [ 1, a ] }", "{ type: \"[int]\", min: 1.5 }",
        "{ type: double, min: 1.5, default: 2 }", "{ type: double, default: two }", "{ type: decimal, max: many }",
        "{ type: bool, default: 1 }", "{ type: date, min: 1 }", "{ type: uuid, default: 7 }",
        "{ type: string, default: 7 }", "{ type: string, default: true }", "{ one-of: [ 1, true, a ], default: 1 }",
        "{ type: timestamp, max: 5 }", "{ type: \"[string]\", default: [ 7, a ] }",
    ]

    @Test("The reader of inputs and their schema take the same inputs", arguments: RouteInput.Group.allCases)
    func inputs(group: RouteInput.Group) throws {
        for text in Self.inputs {
            for name in ["id", "class", "page-size", "_"] {
                let diagnostics = Diagnostics()
                let node = try Self.node("{ \(name): \(text) }")
                _ = InputDeclarationReader(reader: .forManifest(diagnostics)).read(node, group)
                let isValid = Self.validator.accepts(Document(node), byDefinition: "\(group.rawValue)-inputs")
                #expect(!diagnostics.hasErrors == isValid, "\(group) { \(name): \(text) }: \(diagnostics.sorted)")
            }
        }
    }

    // MARK: - Manifests

    @Test("Each manifest of tests and examples that is valid is valid by the schema")
    func manifests() throws {
        var count = 0
        for folder in ["Examples", "Tests"] {
            let paths = FileManager.default.enumerator(atPath: Self.root.appending(path: folder).path)
            for case let path as String in try #require(paths)
            where path.hasSuffix(".yaml") && !path.contains("/.build") {
                let file = Self.root.appending(path: folder).appending(path: path)
                let text = try String(decoding: Data(contentsOf: file), as: UTF8.self)
                let (manifest, _) = ManifestParser.parse(source: text, file: path, typeName: "Routes") {
                    _ throws(SQLFileError) in "SELECT 1 AS one"
                }
                let usesLock = text.contains("tables: auto") || text.contains("sql-file")
                guard manifest != nil || usesLock && !path.contains("Mistakes") && !path.contains("Faulty") else {
                    continue
                }
                #expect(Self.validator.accepts(try #require(Document(yaml: text))), "\(path)")
                count += 1
            }
        }
        #expect(count > 5)
    }

    @Test(
        "A mistake in a value that has a short form too is told at its key",
        arguments: [
            "{ get: /a, handler: swift, cache: { tll: 60s } }": ["cache/tll"],
            "{ get: /a, handler: swift, cache: { ttl: 60 } }": ["cache/ttl"],
            "{ get: /a, handler: swift, cache: 60 }": ["cache"],
            "{ get: /a, handler: swift, cache: { tables: { names: [ a ], min-intervall: 5s } } }": [
                "cache/tables/min-intervall"
            ],
            "{ get: /a, handler: swift, cache: { tables: [ \"a b\" ] } }": ["cache/tables/0"],
            "{ get: /a, handler: swift, cache: { warm: { every: 5 } } }": ["cache/warm/every"],
            "{ get: /a, handler: swift, query: { city: text } }": ["query/city"],
            "{ get: /a, handler: swift, query: { a: { type: integer } } }": ["query/a/type"],
            "{ get: /a, handler: swift, query: { a: { tpye: int } } }": ["query/a", "query/a/tpye"],
            "{ get: /a, handler: swift, query: { a: { type: int, default: [ 1 ] } } }": ["query/a/default"],
            "{ get: /a, handler: swift, header: { a: { from: X-A, type: int } } }": ["header/a"],
            "{ put: /a, sql: SELECT 1, precondition: { rute: a } }": ["precondition", "precondition/rute"],
            "{ get: /a, handler: swift, sql: SELECT 1 }": ["handler"],
            "{ get: /a, post: /a, handler: swift }": ["post"],
        ]
    )
    func places(text: String, places: [String]) throws {
        let manifest = try #require(Document(yaml: "version: 1\nnamespace: n\nroutes: { r: \(text) }\n"))
        #expect(Self.validator.faults(in: manifest) == Set(places.map { "/routes/r/\($0)" }))
    }

    @Test(
        "What a route can't have is refused by the schema too",
        arguments: [
            "{ get: /a, handler: swift }": true, "{ get: /a/, sql: SELECT 1 AS a }": true,
            "{ get: /, handler: swift }": true,
            "{ get: a, handler: swift }": false, "{ get: /a//b, handler: swift }": false,
            "{ get: /../b, handler: swift }": false,
            "{ get: /..., handler: swift }": true, "{ get: \"/a?b\", handler: swift }": false,
            "{ get: \"/{id}\", path: { id: int }, handler: swift }": true,
            "{ get: /a, post: /a, handler: swift }": false,
            "{ handler: swift }": false, "{ get: /a }": false, "{ get: /a, handler: swift, sql: SELECT 1 AS a }": false,
            "{ get: /a, handler: swift, body: { a: int } }": false,
            "{ post: /a, handler: swift, body: { a: int } }": true,
            "{ get: /a, handler: swift, returns: one }": false, "{ get: /a, handler: swift, read: replica }": false,
            "{ get: /a, sql: SELECT 1 AS a, retries: 1 }": false, "{ post: /a, handler: swift, retries: 1 }": false,
            "{ post: /a, handler: swift, cache: 5s }": false, "{ post: /a, handler: swift, public: true }": false,
            "{ get: /a, handler: swift, cache: off, revision: 2 }": false,
            "{ get: /a, handler: swift, revision: 2 }": true,
            "{ get: /a, sql-file: a.sql }": true, "{ get: /a, sql-file: ../a.sql }": false,
            "{ get: /a, sql-file: a.txt }": false,
            "{ get: /a, handler: php }": false, "{ get: /a, handler: swift, sumary: x }": false,
        ]
    )
    func routes(text: String, isValid: Bool) throws {
        let manifest = "version: 1\nnamespace: n\nroutes: { r: \(text) }\n"
        let (read, diagnostics) = ManifestParser.parse(source: manifest, file: "f", typeName: "Routes") {
            _ throws(SQLFileError) in "SELECT 1 AS one"
        }
        #expect((read != nil) == isValid, "\(diagnostics)")
        #expect(Self.validator.accepts(try #require(Document(yaml: manifest))) == isValid)
    }
}
