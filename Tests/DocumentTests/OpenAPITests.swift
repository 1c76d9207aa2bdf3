import Foundation
import RouteDocuments
import RouteManifest
import RouteModel
import Testing

@Suite("OpenAPI")
struct OpenAPITests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "OpenAPI")

    private static func text(_ name: String) throws -> String {
        try String(decoding: Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }

    private static func manifests(_ sources: [(typeName: String, text: String)], lock: String? = nil) throws
        -> [Manifest]
    {
        let set = ManifestSet(
            sources.map { .init(file: "\($0.typeName).yaml", text: $0.text, typeName: $0.typeName) },
            locks: { _ in lock.map { LockText(file: "routes.lock.json", text: $0) } },
            lockUse: .tablesOnly
        ) { _, _ throws(SQLFileError) in "SELECT 1 AS one" }
        try #require(set.diagnostics.filter { $0.severity == .error } == [], "\(set.diagnostics)")
        return set.manifests
    }

    private static func everything() throws -> [Manifest] {
        try manifests([("Routes", text("routes.yaml"))], lock: text("routes.lock.json"))
    }

    @Test("A manifest with each type of inputs and columns is described as the golden document does")
    func golden() throws {
        let document = try OpenAPIWriter.document(
            Self.everything(),
            options: .init(title: "Everything", server: "http://127.0.0.1:8080", hasExtensions: true)
        )
        let text = YAMLPrinter.text(of: document)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Data(text.utf8).write(to: Self.folder.appending(path: "openapi.yaml"))
        }
        #expect(try text.split(separator: "\n") == Self.text("openapi.yaml").split(separator: "\n"))
        #expect(Document(yaml: text) == document)
        let manifest = try Self.everything()[0]
        let types = Set(manifest.routes.flatMap(\.signature.inputs).map(\.type.scalar))
        #expect(types == Set(InputType.Scalar.allCases), "the manifest has inputs of all types")
    }

    private static func manifest(_ namespace: String, _ routes: String) -> String {
        "version: 1\nnamespace: \(namespace)\nroutes:\n"
            + routes.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    private static func document(
        _ sources: (typeName: String, text: String)...,
        options: OpenAPIWriter.Options = .init()
    ) throws -> Document {
        try OpenAPIWriter.document(manifests(sources), options: options)
    }

    private static func operations(_ document: Document) -> [(path: String, method: String, operation: Document)] {
        guard case .object(let paths)? = document["paths"] else { return [] }
        return paths.flatMap { path -> [(path: String, method: String, operation: Document)] in
            guard case .object(let methods) = path.value else { return [] }
            return methods.map { (path.name, $0.name, $0.value) }
        }
    }

    @Test("Names that two manifests have are told apart by the type's name, and paths by their shape alone")
    func names() throws {
        let document = try Self.document(
            (
                "Routes",
                Self.manifest(
                    "a",
                    "item: { get: \"/a/{id}\", path: { id: int }, handler: swift }\nonly: { get: /o, handler: swift }"
                )
            ),
            (
                "AdminRoutes",
                Self.manifest("b", "item: { delete: \"/a/{other}\", path: { other: int }, handler: swift }")
            )
        )
        let operations = Self.operations(document)
        #expect(operations.map { $0.path } == ["/a/{id}", "/a/{id}", "/o"])
        #expect(operations.map { $0.operation["operationId"] } == ["item", "admin_item", "only"])
        let parameter: Document? = [
            "name": "id", "in": "path", "required": true,
            "schema": [
                "type": "integer", "format": "int64", "minimum": .number(Int.min), "maximum": .number(Int.max),
            ],
        ]
        #expect(operations[1].operation["parameters"] == parameter.map { [$0] })
    }

    @Test("Routes of two services for one path are refused")
    func repetition() throws {
        let one = try Self.manifests([("Routes", Self.manifest("a", "r: { get: /a, handler: swift }"))])
        let other = try Self.manifests([("Routes", Self.manifest("b", "r: { get: /a, handler: swift }"))])
        #expect(throws: OpenAPIWriter.RepeatedOperation.self) { try OpenAPIWriter.document(one + other) }
    }

    private static func statuses(_ operation: Document) -> [String] {
        guard case .object(let responses)? = operation["responses"] else { return [] }
        return responses.map(\.name)
    }

    @Test("An operation has the responses that the service may give it")
    func responses() throws {
        let routes = """
            list: { get: /list, sql: SELECT 1 AS one }
            one: { get: /one, sql: SELECT 1 AS one, returns: one, cache: off }
            mine: { get: /mine, context: { user: uuid }, sql: "SELECT 1 AS one WHERE :user::uuid IS NOT NULL" }
            swift: { get: /swift, handler: swift }
            add: { post: /list, body: { a: int }, sql: "INSERT INTO a (a) VALUES (:a)", returns: none, errors: { k: { status: 422, message: No. }, l: { status: 409, message: Taken. } } }
            put: { put: /one, sql: UPDATE a SET a = 1 RETURNING a, returns: one, precondition: { route: one, required: true }, allow: [all-rows] }
            run: { post: /do, handler: swift, status: 202 }
            """
        let document = try Self.document(("Routes", Self.manifest("n", routes)))
        let statuses = Dictionary(
            uniqueKeysWithValues: Self.operations(document).map {
                ("\($0.method) \($0.path)", Self.statuses($0.operation))
            }
        )
        #expect(statuses["get /list"] == ["200", "304", "400", "403", "500", "503", "504"])
        #expect(statuses["get /one"] == ["200", "304", "400", "403", "404", "500", "503", "504"])
        #expect(statuses["get /mine"] == ["200", "304", "400", "401", "403", "500", "503", "504"])
        #expect(statuses["get /swift"] == ["200", "304", "400", "412", "500", "503", "504", "default"])
        #expect(
            statuses["post /list"]
                == ["204", "400", "403", "408", "409", "412", "413", "415", "422", "500", "503", "504"]
        )
        #expect(
            statuses["put /one"] == [
                "200", "400", "403", "404", "408", "409", "412", "413", "428", "500", "503", "504",
            ]
        )
        #expect(statuses["post /do"] == ["202", "400", "408", "412", "413", "500", "503", "504", "default"])
    }

    @Test("Operations with context inputs need an authenticated request, and those below a secured path do")
    func security() throws {
        let routes = """
            mine: { get: /mine, context: { user: uuid }, handler: swift }
            perhaps: { get: /perhaps, context: { user: { type: uuid, optional: true } }, handler: swift }
            admin: { get: /admin/x, handler: swift }
            other: { get: /administration, handler: swift }
            """
        let source = (typeName: "Routes", text: Self.manifest("n", routes))
        let secured = Self.operations(try Self.document(source, options: .init(securedPaths: ["/admin"])))
        #expect(
            secured.map { $0.operation["security"] } == [
                [["session": []]], [["session": []], [:]], [["session": []]], [],
            ]
        )
        #expect(Self.statuses(secured[2].operation).contains("401"))
        // A 401 may be the app's, in a form of its own; all else is the service's.
        let responses = try #require(secured[2].operation["responses"])
        #expect(responses["401"]?["$ref"] == "#/components/responses/Unauthenticated")
        #expect(responses == secured[0].operation["responses"])
        let components = try Self.document(source)["components"]?["responses"]
        #expect(components?["Unauthenticated"]?["headers"] != nil && components?["Unauthenticated"]?["content"] == nil)
        #expect(responses["400"]?["$ref"] == "#/components/responses/Problem400")
        #expect(responses["403"]?["$ref"] == "#/components/responses/Problem403")
        #expect(responses["default"]?["headers"] == nil)
        let open = try Self.document(source, options: .init(hasSecurity: false))
        #expect(Self.operations(open).allSatisfy { $0.operation["security"] == nil })
        #expect(open["components"]?["securitySchemes"] == nil)
    }

    @Test("Failures of writes have the fields of writes, and those that may follow a commit tell of a purge that waits")
    func failures() throws {
        let routes = """
            list: { get: /list, sql: SELECT 1 AS one LIMIT 1 }
            add: { post: /list, body: { a: int }, sql: "INSERT INTO a (a) VALUES (:a)", returns: none, invalidates-target: false, errors: { k: { status: 422, message: No. } } }
            one: { get: /one, sql: SELECT 1 AS one, returns: one }
            put: { put: /one, sql: UPDATE a SET a = 1 RETURNING a, returns: one, precondition: { route: one, required: true }, allow: [all-rows] }
            run: { post: /do, handler: swift, invalidates: [ x ] }
            """
        let document = try Self.document(("Routes", Self.manifest("n", routes)))
        let operations = Self.operations(document)
        func reference(_ index: Int, _ status: String) -> String? {
            guard case .string(let reference)? = operations[index].operation["responses"]?[status]?["$ref"] else {
                return nil
            }
            return reference.split(separator: "/").last.map(String.init)
        }
        func fields(_ response: Document?) -> [String] {
            guard case .object(let headers)? = response?["headers"] else { return [] }
            return headers.map(\.name)
        }
        #expect(operations.map { $0.method } == ["get", "post", "get", "put", "post"])
        #expect(reference(0, "400") == "Problem400" && reference(0, "504") == "Problem504")
        for status in ["400", "403", "409", "412", "500", "503", "504"] {
            #expect(reference(1, status) == "WriteProblem\(status)")
        }
        for status in ["408", "413", "415"] { #expect(reference(1, status) == "Problem\(status)") }
        #expect(fields(operations[1].operation["responses"]?["422"]) == ["Cache-Control", "Cache-Status"])
        for status in ["404", "412", "504"] { #expect(reference(3, status) == "PurgeProblem\(status)") }
        for status in ["400", "409", "500"] { #expect(reference(3, status) == "WriteProblem\(status)") }
        #expect(reference(3, "428") == "Problem428")
        for status in ["400", "412", "500"] { #expect(reference(4, status) == "PurgeProblem\(status)") }
        let purge = ["Cache-Control", "Cache-Status", "Cached-Routes-Purge"]
        #expect(fields(operations[4].operation["responses"]?["default"]) == purge)
        let components = document["components"]?["responses"]
        #expect(fields(components?["PurgeProblem504"]) == purge)
        #expect(fields(components?["WriteProblem503"]) == ["Retry-After", "Cache-Control", "Cache-Status"])
        #expect(fields(components?["Problem503"]) == ["Retry-After"])
    }

    @Test("A write with a precondition has the inputs that choose the response of the GET route")
    func preconditionInputs() throws {
        let routes = """
            one: { get: /one, query: { part: { type: int, default: 1 } }, header: { edition: { type: string, from: X-Edition, default: a }, own: { type: string, from: X-Own, default: b }, kind: { type: string, from: Accept, default: c } }, sql: "SELECT :part::int AS part, :edition::text AS edition, :own::text AS own, :kind::text AS kind", returns: one }
            put: { put: /one, header: { own: { type: string, from: x-own, default: b } }, sql: "UPDATE a SET a = :own RETURNING a", returns: one, precondition: one, allow: [all-rows] }
            """
        let operation = Self.operations(try Self.document(("Routes", Self.manifest("n", routes))))[1].operation
        guard case .array(let parameters)? = operation["parameters"] else {
            Issue.record("\(operation)")
            return
        }
        #expect(parameters.map { $0["name"] } == ["part", "x-own", "X-Edition", "If-Match", "If-None-Match"])
        let use = "Of one, whose response If-Match speaks of. Requests without conditions don't need it."
        #expect(parameters[2]["description"] == .string("\(use) Values that don't fit are ignored. Default: a."))
        #expect(parameters[2]["in"] == "header" && parameters[2]["required"] == false)
        #expect(
            operation["description"]
                == "The response of one that If-Match speaks of depends on the field Accept."
        )
    }

    @Test("A header field is any text, each field once, and fields that OpenAPI reserves are described in words")
    func headers() throws {
        let routes = """
            r: { get: /r, header: { a: { type: int, from: X-A, default: 1 }, b: { type: int, from: x-a, default: 2 }, c: { type: string, from: Accept, default: x } }, handler: swift }
            """
        let operation = Self.operations(try Self.document(("Routes", Self.manifest("n", routes))))[0].operation
        guard case .array(let parameters)? = operation["parameters"] else {
            Issue.record("\(operation)")
            return
        }
        #expect(parameters.map { $0["name"] } == ["X-A", "If-None-Match", "If-Modified-Since", "If-Match"])
        #expect(parameters.allSatisfy { $0["required"] == false && $0["schema"] == ["type": "string"] })
        #expect(operation["description"] == "The response depends on the field Accept.")
    }

    /// All parts of a document.
    private static func parts(_ document: Document) -> [Document] {
        switch document {
        case .object(let members): [document] + members.flatMap { parts($0.value) }
        case .array(let elements): [document] + elements.flatMap { parts($0) }
        default: [document]
        }
    }

    @Test(
        "Generators of Swift clients can read the document: identifiers, no schema of null alone, and references that lead somewhere"
    )
    func generators() throws {
        let document = try OpenAPIWriter.document(Self.everything())
        guard case .object(let schemas)? = document["components"]?["schemas"] else {
            Issue.record("\(document)")
            return
        }
        #expect(schemas.allSatisfy { SwiftIdentifierRules.isIdentifier($0.name) })
        #expect(Set(schemas.map(\.name)).count == schemas.count)
        for part in Self.parts(document) {
            #expect(part["type"] != "null" && part["not"] == nil && part["patternProperties"] == nil)
            guard case .string(let reference)? = part["$ref"] else { continue }
            let target = reference.dropFirst(2).split(separator: "/").reduce(document as Document?) { $0?[String($1)] }
            #expect(target != nil, "\(reference)")
        }
        let identifiers = Self.operations(document).map { $0.operation["operationId"] }
        #expect(Set(identifiers).count == identifiers.count)
    }
}
