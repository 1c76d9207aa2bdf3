import RouteManifest
import RouteModel

extension RouteListing {
    /// All of the routes that a script may need: their requests, keys and settings.
    ///
    /// Members whose value is `null` say that a route has no such thing; inputs and settings have only what differs from the
    /// defaults.
    ///
    /// - Parameter routes: the routes in the order of the list.
    package static func document(of routes: [ListedRoute]) -> Document {
        ["routes": .array(routes.map(document))]
    }

    private static func document(of route: ListedRoute) -> Document {
        let declaration = route.declaration
        let signature = declaration.signature
        return .object([
            .init("name", .string(declaration.name)),
            .init("method", .string(route.method)),
            .init("path", .string(signature.path.description)),
            .init("location", declaration.location.map { .string($0) } ?? .null),
            .init("source", route.isHandler ? "handler" : "sql"),
            .init("namespace", .string(signature.namespace)),
            .init("fingerprint", .string(signature.fingerprint)),
            .init("key", declaration.cache == nil ? .null : .string(signature.keyPattern)),
            .init("inputs", .array(signature.inputs.map(document))),
            .init("returns", .string("\(declaration.returns)")),
            .init("status", .number(declaration.status)),
            .init("public", .bool(declaration.isPublic)),
            .init("cache", declaration.cache.map { document(of: $0, route) } ?? .null),
            .init("purges", declaration.write == nil ? .null : .array(route.purges.map { .string($0) })),
            .init("precondition", route.description.precondition.map { document(of: $0) } ?? .null),
            .init("settings", .object(settings(of: declaration))),
        ])
    }

    /// The settings of a route beside `cache` that differ from the defaults.
    private static func settings(of declaration: RouteDeclaration) -> [Document.Member] {
        ManifestSpelling.members(
            declaration.arguments + (declaration.write?.arguments ?? []),
            of: declaration.signature.inputs
        )
    }

    /// The settings under `cache` that differ from the defaults, with the ttl in any case.
    private static func document(of cache: CachePolicy, _ route: ListedRoute) -> Document {
        var members = ManifestSpelling.members(cache.arguments, of: route.declaration.signature.inputs)
        if members.first?.name != "ttl" { members.insert(.init("ttl", ManifestSpelling.duration(cache.ttl)), at: 0) }
        if route.hasUnknownTables { members.append(.init("tables", "auto")) }
        return .object(members)
    }

    private static func document(of precondition: ManifestPreconditionPolicy) -> Document {
        ["route": .string(precondition.route), "required": .bool(precondition.isRequired)]
    }

    private static func document(of input: RouteInput) -> Document {
        func texts(_ texts: [String]) -> Document { .array(texts.map { .string($0) }) }
        var members: [Document.Member] = [
            .init("name", .string(input.name)),
            .init("in", .string("\(input.group)")),
            .init("type", .string(input.type.description)),
        ]
        if input.wireName != input.name { members.append(.init("from", .string(input.wireName))) }
        if input.isOptional { members.append(.init("optional", true)) }
        if input.isNullable { members.append(.init("nullable", true)) }
        if let value = input.defaultValue {
            members.append(.init("default", input.type.isList ? texts(value.texts) : .string(value.texts[0])))
        }
        if let minimum = input.minimum { members.append(.init("min", .string(minimum))) }
        if let maximum = input.maximum { members.append(.init("max", .string(maximum))) }
        if let length = input.minimumLength { members.append(.init("min-length", .number(length))) }
        if let length = input.maximumLength { members.append(.init("max-length", .number(length))) }
        if !input.oneOf.isEmpty { members.append(.init("one-of", texts(input.oneOf))) }
        return .object(members)
    }
}
