import RouteManifest
import RouteModel

extension OpenAPIWriter {
    /// The parameters of an operation: inputs of the path, the query and header fields, and what makes a request conditional.
    ///
    /// - Parameter pathNames: the names of the path's inputs in the document.
    func parameters(of route: OpenAPIRoute, pathNames: [String]) -> [Document] {
        let order = route.route.signature.path.inputNames
        let path = zip(order, pathNames).compactMap { name, shown in
            route.inputs(.path).first { $0.name == name }.map { parameter(named: shown, in: "path", $0) }
        }
        let query = route.inputs(.query).map { parameter(named: $0.wireName, in: "query", $0) }
        return path + query + conditionParameters(of: route, besides: route.inputs(.query).map(\.wireName))
            + headers(of: route) + conditions(of: route)
    }

    private func parameter(named name: String, in place: String, _ input: RouteInput) -> Document {
        let described = OpenAPIInput(input)
        return Document.object([.init("name", .string(name)), .init("in", .string(place))])
            .adding("description", described.notes.isEmpty ? nil : .string(described.notes.joined(separator: " ")))
            .adding("required", .bool(described.isRequired))
            .adding("schema", described.schema)
    }

    /// The fields that are inputs, each once, then those of the GET route that the conditions of a write speak of. What doesn't fit an
    /// input is its default, so that any text is right.
    private func headers(of route: OpenAPIRoute) -> [Document] {
        var fields: Set<String> = []
        let inputs = route.inputs(.header)
        let read = route.preconditionRoute
        let others = read?.signature.inputs.filter { $0.group == .header } ?? []
        return (inputs + others).enumerated().compactMap { number, input in
            guard !Self.isReservedHeader(input), fields.insert(input.wireName.lowercased()).inserted else { return nil }
            var sentences = number < inputs.count ? [] : read.map { [Self.use(of: $0)] } ?? []
            if !input.oneOf.isEmpty { sentences.append("One of \(input.oneOf.joined(separator: ", ")).") }
            sentences.append("Values that don't fit are ignored.")
            if let text = input.defaultValue?.texts.first { sentences.append("Default: \(text).") }
            return [
                "name": .string(input.wireName), "in": "header",
                "description": .string(sentences.joined(separator: " ")), "required": false,
                "schema": ["type": "string"],
            ]
        }
    }

    /// The query parameters of the GET route that the conditions of a write speak of, which choose its response.
    private func conditionParameters(of route: OpenAPIRoute, besides names: [String]) -> [Document] {
        guard let read = route.preconditionRoute else { return [] }
        return read.signature.inputs.filter { $0.group == .query && !names.contains($0.wireName) }.map { input in
            let described = OpenAPIInput(input)
            return [
                "name": .string(input.wireName), "in": "query",
                "description": .string(([Self.use(of: read)] + described.notes).joined(separator: " ")),
                "required": false,
                "schema": described.schema,
            ]
        }
    }

    /// The use of an input of the GET route that the conditions of a write speak of.
    private static func use(of read: ManifestRoute) -> String {
        "Of \(read.name), whose response If-Match speaks of. Requests without conditions don't need it."
    }

    private func conditions(of route: OpenAPIRoute) -> [Document] {
        func field(_ name: String, _ description: String) -> Document {
            [
                "name": .string(name), "in": "header", "description": .string(description), "required": false,
                "schema": ["type": "string"],
            ]
        }
        guard route.isWrite else {
            return [
                field("If-None-Match", "Entity tags of responses that the client has. One that is current is a 304."),
                field("If-Modified-Since", "A response that is not newer is a 304."),
            ]
                + (route.isHandler
                    ? [field("If-Match", "Where the app names the version of its response, another one is a 412.")]
                    : [])
        }
        guard let read = route.preconditionRoute else { return [] }
        return [
            field("If-Match", "The entity tag of the response of \(read.name) that the request is about."),
            field("If-None-Match", "'*' where \(read.name) must have no response yet."),
        ]
    }

    /// The request body of an operation with body inputs.
    func requestBody(of route: OpenAPIRoute) -> Document? {
        let inputs = route.inputs(.body).map { (input: $0, described: OpenAPIInput($0)) }
        guard !inputs.isEmpty, let write = route.route.write else { return nil }
        let required = inputs.filter(\.described.isRequired).map { Document.string($0.input.wireName) }
        let properties = inputs.map { input, described in
            let notes = described.notes.joined(separator: " ")
            return Document.Member(
                input.wireName,
                notes.isEmpty ? described.schema : described.schema.described(notes)
            )
        }
        let schema = Document.object([.init("type", "object"), .init("properties", .object(properties))])
            .adding("required", required.isEmpty ? nil : .array(required))
            .adding("additionalProperties", false)
        return [
            "description": .string("A JSON object of \(write.maxRequestBody) bytes at most, without a name twice."),
            "required": .bool(!required.isEmpty),
            "content": ["application/json": ["schema": schema]],
        ]
    }
}
