import RouteManifest
import RouteModel

extension OpenAPIWriter {
    /// The responses to an operation by their statuses.
    mutating func responses(to route: OpenAPIRoute, isSecured: Bool) -> Document {
        var responses: [Int: Document] = [:]
        for status in statuses(of: route, isSecured: isSecured) {
            responses[status] = components.problem(status, fields: Self.failureFields(of: route, status))
        }
        for (status, messages) in Self.messages(of: route) {
            responses[status] = components.problem(
                status,
                messages: messages,
                isGeneral: responses[status] != nil,
                fields: Self.failureFields(of: route, status)
            )
        }
        if !route.isWrite {
            responses[304] = [
                "description": "The client has the response already.",
                "headers": cachedFields(of: route, isNotModified: true),
            ]
        }
        responses[route.route.status] = success(of: route)
        let members = responses.sorted { $0.key < $1.key }.map { Document.Member("\($0.key)", $0.value) }
        guard route.isHandler else { return .object(members) }
        let fields = Self.failureFields(of: route, 500)
        let other = Document.object([.init("description", "Any other response of the app's.")])
            .adding("headers", fields.isEmpty ? nil : components.headers(fields))
            .adding("content", ["application/problem+json": ["schema": components.problemSchema()]])
        return .object(members + [.init("default", other)])
    }

    /// The header fields of a write that has been tried and has failed, given the status; none for a status that comes before the
    /// trial.
    private static func failureFields(of route: OpenAPIRoute, _ status: Int) -> [OpenAPIComponents.Field] {
        guard route.isWrite, ![401, 408, 413, 415, 428].contains(status) else { return [] }
        // A statement without a result may have been committed, and so may one whose end is not known. A condition that doesn't hold
        // purges the write's own path. Of handlers nobody knows.
        let isPurge =
            switch status {
            case _ where route.isHandler, 404, 504: route.purges
            case 412: route.route.precondition != nil && !(route.route.write?.targets.isEmpty ?? true)
            default: false
            }
        return [.cacheControl, .cacheStatus] + (isPurge ? [.purge] : [])
    }

    /// The statuses of the problems that the service answers an operation with.
    private func statuses(of route: OpenAPIRoute, isSecured: Bool) -> Set<Int> {
        var statuses: Set = [400, 500, 503, 504]
        let returns = route.route.returns
        if isSecured { statuses.formUnion([401, 403]) }
        if !route.isHandler {
            statuses.insert(403)
            if returns == .one || returns == .value { statuses.insert(404) }
            if route.isWrite { statuses.insert(409) }
        } else if !route.isWrite {
            statuses.insert(412)
        }
        if !route.inputs(.context).isEmpty { statuses.insert(403) }
        guard route.isWrite else { return statuses }
        statuses.formUnion([408, 412, 413])
        if !route.inputs(.body).isEmpty { statuses.insert(415) }
        if route.route.precondition?.isRequired ?? false { statuses.insert(428) }
        return statuses
    }

    /// The messages about constraints, by their statuses and in the order of the constraints' names.
    private static func messages(of route: OpenAPIRoute) -> [Int: [String]] {
        route.route.errors.sorted { $0.key < $1.key }.reduce(into: [:]) { messages, entry in
            messages[entry.value.status, default: []].append(entry.value.message)
        }
    }

    private mutating func success(of route: OpenAPIRoute) -> Document {
        let returns = route.route.returns
        let fields = route.isWrite ? writeFields(of: route) : cachedFields(of: route)
        guard route.isHandler || returns != .none else {
            return ["description": "Done.", "headers": fields]
        }
        let description =
            if route.isHandler {
                "The app's response, in JSON unless it says otherwise."
            } else {
                switch returns.kind {
                case .many: "The rows."
                case .one: "The row."
                case .value: "The value."
                case .none: "Done."
                }
            }
        return [
            "description": .string(description), "headers": fields,
            "content": ["application/json": ["schema": route.isHandler ? [:] : rows(of: route)]],
        ]
    }

    /// The header fields of responses that caches may have.
    private mutating func cachedFields(of route: OpenAPIRoute, isNotModified: Bool = false) -> Document {
        var fields: [OpenAPIComponents.Field] = [.entityTag, .cacheControl, .cacheStatus]
        if route.route.cache != nil { fields.append(.age) }
        if !isNotModified || route.isHandler { fields.append(.lastModified) }
        if route.route.cache?.compress ?? false {
            if !isNotModified { fields.append(.contentEncoding) }
        }
        if (route.route.cache?.compress ?? false) || !(route.inputs(.header) + route.inputs(.context)).isEmpty {
            fields.append(.vary)
        }
        return components.headers(fields)
    }

    private mutating func writeFields(of route: OpenAPIRoute) -> Document {
        components.headers([.cacheControl, .cacheStatus] + (route.purges ? [.purge] : []))
    }

    // MARK: - Rows

    /// The schema of a body of rows, whose types the lock has. Without a lock they are any JSON.
    private mutating func rows(of route: OpenAPIRoute) -> Document {
        let row = rowSchema(of: route)
        switch route.route.returns.kind {
        case .many: return ["type": "array", "items": row]
        case .one, .none: return row
        case .value:
            guard let column = route.locked?.columns.first else { return [:] }
            return schema(of: column, route)
        }
    }

    private mutating func rowSchema(of route: OpenAPIRoute) -> Document {
        guard let locked = route.locked else { return ["type": "object"] }
        guard let name = names.row(route) else { return [:] }
        let properties = locked.columns.map { Document.Member($0.name, schema(of: $0, route)) }
        components.schemas.append(
            .init(
                name,
                [
                    "type": "object", "properties": .object(properties),
                    "required": .array(locked.columns.map { .string($0.name) }),
                ]
            )
        )
        return ["$ref": .string("#/components/schemas/\(name)")]
    }

    private mutating func schema(of column: LockedColumn, _ route: OpenAPIRoute) -> Document {
        let type = RowType(of: column.type, enums: route.manifest.enums.keys)
        return schema(of: type, named: column.type, isNullable: column.isNullable, route)
    }

    private mutating func schema(
        of type: RowType,
        named name: String,
        isNullable: Bool,
        _ route: OpenAPIRoute
    ) -> Document {
        func of(_ type: String, format: String? = nil) -> Document {
            Document.object([.init("type", isNullable ? [.string(type), "null"] : .string(type))])
                .adding("format", format.map { .string($0) })
        }
        switch type {
        case .int16:
            return of("integer").adding("minimum", .number(Int16.min)).adding("maximum", .number(Int16.max))
        case .int32: return of("integer", format: "int32")
        case .int: return of("integer", format: "int64")
        case .exactDecimal: return of("number").described("An exact decimal. NaN and the infinities are strings.")
        case .float: return of("number", format: "float").described("NaN and the infinities are strings.")
        case .double: return of("number", format: "double").described("NaN and the infinities are strings.")
        case .bool: return of("boolean")
        case .uuid: return of("string", format: "uuid")
        case .timestamp where name.hasPrefix("timestamp with time zone"):
            return of("string", format: "date-time").described(
                "With up to six digits of a second. Infinity and years before Christ are spelled as PostgreSQL does."
            )
        case .timestamp: return of("string").described("A time without a zone, such as 2024-02-29T12:30:00.5.")
        case .bytes: return of("string").adding("pattern", #"^\\x([0-9a-f]{2})*$"#)
        case .text where name.hasPrefix("date") && !name.contains("range"): return of("string", format: "date")
        case .text: return of("string")
        case .enumeration(let name):
            let labels = route.manifest.enums[name] ?? []
            // A reference that may be null would need a schema of null alone, which not all generators have.
            guard !isNullable, let schema = names.enumeration(name, route) else {
                return of("string").adding("enum", .array(labels.map { .string($0) } + (isNullable ? [.null] : [])))
            }
            components.addEnum(schema, labels)
            return ["$ref": .string("#/components/schemas/\(schema)")]
        case .array(let element):
            let items = schema(of: element, named: name, isNullable: true, route)
            return of("array").adding("items", items).described(
                "Elements of arrays with several dimensions are arrays."
            )
        case .json: return [:]
        }
    }
}
