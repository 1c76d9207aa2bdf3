/// The parts of a document that operations refer to, as far as they do.
struct OpenAPIComponents {
    /// A header field of responses.
    enum Field: String, CaseIterable {
        case age = "Age"
        case cacheControl = "Cache-Control"
        case cacheStatus = "Cache-Status"
        case contentEncoding = "Content-Encoding"
        case entityTag = "ETag"
        case lastModified = "Last-Modified"
        case purge = "Cached-Routes-Purge"
        case retryAfter = "Retry-After"
        case vary = "Vary"
        case challenge = "WWW-Authenticate"

        /// The name among the components, where names of fields may not stand for other parts.
        var name: String { rawValue.filter { $0 != "-" } }

        var header: Document {
            switch self {
            case .age:
                [
                    "description": "The seconds since the response was made.",
                    "schema": ["type": "integer", "minimum": 0],
                ]
            case .cacheControl: text("For how long, and by whom, the response may be kept.")
            case .cacheStatus: text("How the response was found or made (RFC 9211).")
            case .contentEncoding: text("gzip, for clients that accept it.")
            case .entityTag: text("The version of the response, for If-None-Match and If-Match.")
            case .lastModified: text("The time at which the response changed, as far as it is known.")
            case .purge: text("'queued' where what the write purges has not been purged yet.")
            case .retryAfter:
                ["description": "Seconds after which to try again.", "schema": ["type": "integer", "minimum": 0]]
            case .vary: text("The fields of requests on which the response depends.")
            case .challenge: text("The way to authenticate.")
            }
        }

        private func text(_ description: String) -> Document {
            ["description": .string(description), "schema": ["type": "string"]]
        }
    }

    /// The schemas of rows, in the order of the routes.
    var schemas: [Document.Member] = []
    /// Indicates that an operation needs an authenticated request.
    var hasSession = false
    private var enums: [String: Document] = [:]
    private var fields: Set<String> = []
    /// The problem documents that operations refer to, by their names.
    private var problems: [String: (status: Int, response: Document)] = [:]
    private var hasProblem = false

    /// References to fields, by their names.
    mutating func headers(_ headers: [Field]) -> Document {
        fields.formUnion(headers.map(\.rawValue))
        return .object(
            headers.map { .init($0.rawValue, ["$ref": .string("#/components/headers/\($0.name)")]) }
        )
    }

    /// Adds the schema of an enum.
    mutating func addEnum(_ name: String, _ labels: [String]) {
        enums[name] = ["type": "string", "enum": .array(labels.map { .string($0) })]
    }

    /// A reference to the schema of problem documents.
    mutating func problemSchema() -> Document {
        hasProblem = true
        return ["$ref": "#/components/schemas/Problem"]
    }

    /// A response with a problem document; a 401 may have any body.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - messages: the sentences that the manifest has for it.
    ///   - isGeneral: true if the status has other reasons than the messages, too.
    ///   - fields: the header fields that an operation which has been tried may have besides those of the status.
    mutating func problem(
        _ status: Int,
        messages: [String] = [],
        isGeneral: Bool = true,
        fields: [Field] = []
    ) -> Document {
        let general = Self.descriptions[status] ?? "The request can't be fulfilled."
        guard messages.isEmpty else {
            let sentences = (isGeneral ? [general] : []) + messages.map { "'\($0)'" }
            return response(status, sentences.joined(separator: " "), fields)
        }
        let name = Self.name(ofProblem: status, fields)
        if problems[name] == nil { problems[name] = (status, response(status, general, fields)) }
        return ["$ref": .string("#/components/responses/\(name)")]
    }

    private static func name(ofProblem status: Int, _ fields: [Field]) -> String {
        if status == 401 { return "Unauthenticated" }
        if fields.isEmpty { return "Problem\(status)" }
        return fields.contains(.purge) ? "PurgeProblem\(status)" : "WriteProblem\(status)"
    }

    private mutating func response(_ status: Int, _ description: String, _ more: [Field]) -> Document {
        let own: [Field] =
            switch status {
            case 401: [.challenge]
            case 503: [.retryAfter]
            default: []
            }
        let headers = own + more
        return Document.object([.init("description", .string(description))])
            .adding("headers", headers.isEmpty ? nil : self.headers(headers))
            // Most 401 are of the app's own authentication, in a form of its own.
            .adding("content", status == 401 ? nil : ["application/problem+json": ["schema": problemSchema()]])
    }

    /// The reasons for the statuses.
    private static let descriptions: [Int: String] = [
        400: "The request is malformed, or a value is not one that the operation takes; 'errors' says which.",
        401: "The operation needs an authenticated request.",
        403: "The request is not allowed.",
        404: "There is no such resource.",
        408: "The body took too long to arrive.",
        409: "The request contradicts what is stored.",
        412: "A condition of the request does not hold, and nothing was done.",
        413: "The body is too large.",
        415: "The body is not JSON by its Content-Type.",
        428: "The request needs a condition: If-Match, or If-None-Match with '*'.",
        500: "The request could not be answered.",
        503: "The service is overloaded, or the database can't be reached.",
        504: "The request took too long. A write may have taken effect.",
    ]

    var document: Document {
        var schemas = schemas + enums.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
        if hasProblem { schemas.append(.init("Problem", Self.problem)) }
        let headers = Field.allCases.filter { fields.contains($0.rawValue) }
        return Document.object([
            .init("schemas", .object(schemas)),
            .init(
                "responses",
                .object(
                    problems.sorted { ($0.value.status, $0.key) < ($1.value.status, $1.key) }
                        .map { .init($0.key, $0.value.response) }
                )
            ),
            .init("headers", .object(headers.map { .init($0.name, $0.header) })),
        ])
        .adding(
            "securitySchemes",
            hasSession ? ["session": ["type": "http", "scheme": "bearer"]] : nil
        )
    }

    private static let problem: Document = [
        "description": "A problem document (RFC 9457).",
        "type": "object",
        "properties": [
            "type": ["type": "string"],
            "title": ["type": "string", "description": "The reason phrase of the status."],
            "status": ["type": "integer"],
            "detail": ["type": "string", "description": "A sentence for people."],
            "input": [
                "type": "string", "description": "The name of the input that is refused, or of the first of several.",
            ],
            "errors": [
                "type": "array",
                "description": "The inputs that are refused, up to 20 of them.",
                "items": [
                    "type": "object",
                    "properties": [
                        "input": ["type": "string", "description": "The name; absent for the whole body."],
                        "in": ["type": "string", "enum": ["path", "query", "body"]],
                        "detail": [
                            "type": "string", "description": "The rest of a sentence that begins with the name.",
                        ],
                    ],
                    "required": ["in", "detail"],
                ],
            ],
        ],
        "required": ["type", "title", "status", "detail"],
    ]
}
