import RouteManifest
import RouteModel
import Testing

@Suite struct TargetInvalidationTests {
    /// The routes of manifests by their names, and what a build prints.
    private func read(_ manifests: [String]) -> (routes: [String: ManifestRoute], lines: [String]) {
        let sources = manifests.enumerated().map { index, routes in
            ManifestSet.Source(
                file: "\(index).routes.yaml",
                text: "version: 1\nnamespace: n\(index)\nroutes:\n"
                    + routes.split(separator: "\n").map { "  \($0)\n" }.joined(),
                typeName: "Routes\(index)"
            )
        }
        let set = ManifestSet(sources) { _, _ throws(SQLFileError) in throw .notFound }
        let routes = set.manifests.flatMap(\.routes).map { ($0.name, $0) }
        return (Dictionary(routes) { first, _ in first }, set.diagnostics.map(\.description))
    }

    /// A GET route and a write of these paths, and what they have to do with each other.
    private struct Pair: CustomTestStringConvertible {
        var get: String
        var write: String
        var tags: [TagTemplate]
        var targets: [TargetInvalidation]

        init(_ get: String, _ write: String, _ tags: [TagTemplate], _ targets: TargetInvalidation...) {
            self.get = get
            self.write = write
            self.tags = tags
            self.targets = targets
        }

        var testDescription: String { "\(get) \(write)" }

        /// A line of a manifest: `/users/{id:int}` declares its inputs, too.
        static func route(_ name: String, _ method: String, _ path: String) -> String {
            let inputs = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
            let declared = inputs.map { $0.replacing(":", with: ": ") }.joined(separator: ", ")
            let template = path.replacing(/:[^}]+/, with: "")
            let pathInputs = inputs.isEmpty ? "" : "path: { \(declared) }, "
            return "\(name): { \(method): \"\(template)\", \(pathInputs)handler: swift }"
        }
    }

    private static let pairs = [
        Pair("/u/{id:int}", "/u/{id:int}", ["/u/{id}"], .path("/u/{id}", in: "n0")),
        Pair("/u/{id:int}", "/u/{user:int}", ["/u/{id}"], .path("/u/{user}", in: "n0")),
        Pair("/u/{a:int}/x/{b:uuid}", "/u/{b:int}/x/{a:uuid}", ["/u/{a}/x/{b}"], .path("/u/{b}/x/{a}", in: "n0")),
        Pair("/u", "/u", [], .route("r", in: "n0")),
        Pair("/", "/", [], .route("r", in: "n0")),
        Pair("/u", "/v", []),
        Pair("/u", "/u/{id:int}", []),
        Pair("/u/{id:int}", "/u", []),
        Pair("/u/{id:int}", "/v/{id:int}", []),
        // One has text where the other one has an input.
        Pair("/u/me", "/u/{id:string}", [], .route("r", in: "n0", where: ["id": "me"])),
        Pair("/u/me", "/u/{id:int}", []),
        Pair("/u/007", "/u/{id:int}", [], .route("r", in: "n0", where: ["id": "7"])),
        Pair(
            "/u/me/{x:int}",
            "/u/{id:string}/{x:int}",
            ["/u/me/{x}"],
            .path("/u/me/{x}", in: "n0", where: ["id": "me"])
        ),
        Pair("/u/{id:string}", "/u/me", ["/u/{id}"], .path("/u/me", in: "n0")),
        Pair("/u/{id:int}", "/u/me", []),
        Pair("/u/{id:int}", "/u/007", ["/u/{id}"], .path("/u/7", in: "n0")),
        Pair("/u/{d:timestamp}", "/u/2024-02-29", []),
        Pair("/u/{d:date}", "/u/2024-02-29", ["/u/{d}"], .path("/u/2024-02-29", in: "n0")),
    ]

    @Test("A write purges the answers of the paths it can have, and those are tagged with theirs", arguments: pairs)
    private func pair(_ pair: Pair) throws {
        for method in ["put", "post", "patch", "delete"] {
            for isApart in [false, true] {
                let get = Pair.route("r", "get", pair.get)
                let write = Pair.route("w", method, pair.write)
                let (routes, lines) = read(isApart ? [get, write] : ["\(get)\n\(write)"])
                #expect(lines == [])
                #expect(try #require(routes["r"]?.cache).tags == pair.tags)
                #expect(try #require(routes["w"]?.write).targets == pair.targets)
            }
        }
    }

    @Test("A tag of the path changes the fingerprint, and the token of a route does not")
    func fingerprints() throws {
        func fingerprint(_ routes: String) throws -> String {
            try #require(read([routes]).routes["r"]).signature.fingerprint
        }
        let tagged = "r: { get: '/u/{id}', path: { id: int }, handler: swift"
        let write = "w: { put: '/u/{id}', path: { id: int }, handler: swift"
        let alone = try fingerprint("\(tagged) }")
        let both = try fingerprint("\(tagged) }\n\(write) }")
        #expect(both != alone)
        #expect(try fingerprint("\(tagged) }\n\(write), invalidates-target: false }") == alone)
        // Who has written it out has it already.
        #expect(try fingerprint("\(tagged), cache: { tags: [ '/u/{id}' ] } }\n\(write) }") == both)
        #expect(try fingerprint("\(tagged), cache: { tags: [ '/u/{id}' ] } }") == both)
        let plain = "r: { get: /u, handler: swift }"
        #expect(try fingerprint("\(plain)\nw: { put: /u, handler: swift }") == fingerprint(plain))
    }

    @Test("Routes without stored answers have none, and a write may leave the answers of its path alone")
    func exceptions() throws {
        let routes = read([
            """
            off: { get: '/o/{id}', path: { id: int }, handler: swift, cache: off }
            setOff: { put: '/o/{id}', path: { id: string }, handler: swift }
            kept: { get: '/k/{id}', path: { id: int }, handler: swift }
            setKept: { put: '/k/{id}', path: { id: string }, handler: swift, invalidates-target: false }
            """
        ])
        #expect(routes.lines == [])
        #expect(routes.routes["off"]?.cache == nil)
        #expect(routes.routes["setOff"]?.write?.targets == [])
        #expect(routes.routes["kept"]?.cache?.tags == [])
        #expect(routes.routes["setKept"]?.write?.targets == [])
    }

    @Test("One write purges all routes that its path may be of, and a default turns it off")
    func several() throws {
        let source = """
            one: { get: '/u/{id}', path: { id: string }, handler: swift, cache: { tags: [ u ] } }
            me: { get: /u/me, handler: swift }
            w: { put: '/u/{id}', path: { id: string }, handler: swift }
            """
        let (routes, lines) = read([source, "two: { get: '/u/{name}/', path: { name: string }, handler: swift }"])
        #expect(lines.contains { $0.contains("matches the same requests as 'one'") } && routes.isEmpty)
        let found = read([source]).routes
        #expect(found["one"]?.cache?.tags == ["u", "/u/{id}"])
        #expect(
            found["w"]?.write?.targets
                == [.path("/u/{id}", in: "n0"), .route("me", in: "n0", where: ["id": "me"])]
        )
        let off = parse(
            "version: 1\nnamespace: n\ndefaults: { invalidates-target: false }\nroutes:\n"
                + source.split(separator: "\n").map { "  \($0)\n" }.joined()
        )
        #expect(off.diagnostics == [])
        #expect(off.manifest?.routes.compactMap(\.write?.targets) == [[]])
    }

    @Test("Other types at one place are a warning that 'allow' lifts, at the write's type")
    func types() {
        func warning(_ place: String, _ type: String, _ note: String) -> String {
            "0.routes.yaml:\(place): warning: path input 'id' is \(type) here, and at its place in GET route 'r' stands int: "
                + "where the two write a value of one path differently, as '007' and '7', this write purges nothing of 'r'; write one type in both, or "
                + "'allow: [ target-types ]' [target-types]\n0.routes.yaml:\(note): note: int here"
        }
        for type in ["string", "uuid", "int32", "decimal", "{ type: string, max-length: 3 }"] {
            let get = "r: { get: '/u/{id}', path: { id: int }, handler: swift"
            let write = "w: { put: '/u/{id}', path: { id: \(type) }, handler: swift"
            let name = type.hasPrefix("{") ? "string" : type
            let column = type.hasPrefix("{") ? 44 : 36
            #expect(read(["\(get) }\n\(write) }"]).lines == [warning("5:\(column)", name, "4:36")])
            #expect(read(["\(get), allow: [ target-types ] }\n\(write) }"]).lines == [])
            #expect(read(["\(get) }\n\(write), allow: [ target-types ] }"]).lines == [])
        }
    }

    static let goldens = [
        Golden.route(
            "On a GET route",
            "get: /r\nhandler: swift\ninvalidates-target: false",
            "7:5: error: 'invalidates-target' is for writes, which purge the answers of their own path; leave it out"
        ),
        Golden.route(
            "A value that is none",
            "put: /r\nhandler: swift\ninvalidates-target: off",
            "7:25: error: 'invalidates-target' must be true or false, not 'off' (write 'false')"
        ),
    ]

    @Test("The setting", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }
}
