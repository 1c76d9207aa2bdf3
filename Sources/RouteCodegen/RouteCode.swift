import RouteManifest
import RouteModel

/// The Swift of a route.
struct RouteCode {
    let route: ManifestRoute
    let names: SwiftNames.RouteNames
    let access: String
    /// The static members of the manifest's routes, by their names in the manifest.
    var members: [String: String] = [:]
    /// The manifest as messages at run time name it.
    let path: String

    var isHandler: Bool { route.source == .handler }

    /// The inputs in the order of their values.
    var inputs: [InputCode] { route.signature.inputs.map(InputCode.init) }

    /// `GET /users`: List users.
    var documentation: String {
        let request = "`\(route.signature.method.rawValue.uppercased()) \(route.signature.path)`"
        guard let summary = route.summary.map(SourceWriter.comment), !summary.isEmpty else { return request }
        return "\(request): \(summary)"
    }

    /// The element of the initializer's list of routes.
    var reference: SwiftExpression {
        .text(isHandler ? "Self.\(names.member)(handlers)" : "Self.\(names.member)")
    }

    /// Writes the route's static member.
    func writeMember(to writer: inout SourceWriter) {
        writer.documentation(documentation)
        guard isHandler else {
            writer.expression(.call("Route", arguments), after: "\(access)static let \(names.member) = ")
            return
        }
        writer.block("\(access)static func \(names.member)(_ handlers: some Handlers) -> Route") {
            $0.expression(.call("Route", arguments), before: " { \(inputs.isEmpty ? "_" : "values") in")
            $0.indented { body in
                if inputs.isEmpty {
                    body.line("try await HandlerAnswer(encoding: handlers.\(names.member)())")
                } else {
                    let values = inputs.enumerated().map { index, input in
                        SwiftExpression.Argument(input.label, .text(input.reading(index)))
                    }
                    body.expression(.call(names.inputType, values), after: "let input = ")
                    body.line("return try await HandlerAnswer(encoding: handlers.\(names.member)(input))")
                }
            }
            $0.line("}")
        }
    }

    /// Writes what the handlers protocol requires for the route.
    func writeRequirement(to writer: inout SourceWriter) {
        writer.documentation(
            "What `\(names.plainMember)` answers: any `Encodable`, or a `HandlerAnswer` for ready bytes."
        )
        writer.line("associatedtype \(names.outputType): Encodable & Sendable")
        writer.documentation(documentation)
        let parameters = inputs.isEmpty ? "" : "_ input: \(names.inputType)"
        writer.line("func \(names.member)(\(parameters)) async throws -> \(names.outputType)")
    }

    /// Writes the struct of a handler's inputs.
    func writeInputType(to writer: inout SourceWriter) {
        writer.documentation("The inputs of `\(names.plainMember)`.")
        writer.block("\(access)struct \(names.inputType): Sendable") {
            for input in inputs {
                $0.documentation("From the \(input.source).")
                // An optional has its `nil` by itself.
                let value = input.input.isNullable ? " = .absent" : ""
                $0.line("\(access)var \(input.property): \(input.type)\(value)")
            }
            $0.memberwiseInitializer(inputs.map { ($0.property, $0.type, $0.absence) }, access: access)
        }
    }

    private var arguments: [SwiftExpression.Argument] {
        var arguments: [SwiftExpression.Argument] = [
            .init(nil, .text(SwiftLiteral.string(route.name))),
            .init(nil, signature),
        ]
        switch route.kind {
        case .read(let policy): arguments.append(.init("cache", policy?.expression ?? .text(".off")))
        case .write(let policy):
            arguments.append(.init("write", policy.expression))
            if let precondition = policy.precondition {
                arguments.append(.init("precondition", expression(of: precondition)))
            }
        }
        func add(_ label: String, _ value: String, unless isDefault: Bool) {
            if !isDefault { arguments.append(.init(label, .text(value))) }
        }
        add("isPublic", "true", unless: !route.isPublic)
        add("timeout", SwiftLiteral.duration(route.timeout), unless: route.timeout == RuntimeDefaults.timeout)
        add("unknownQuery", ".\(route.unknownQuery)", unless: route.unknownQuery == RuntimeDefaults.unknownQuery)
        let directives = route.requestDirectives
        add("requestDirectives", ".\(directives)", unless: directives == RuntimeDefaults.requestDirectives)
        add("read", ".\(route.read)", unless: route.read == RuntimeDefaults.read)
        if let concurrency = route.concurrency { add("concurrency", "\(concurrency)", unless: false) }
        if !isHandler { arguments.append(.init("returns", .text(".\(route.returns)"))) }
        let status = RuntimeDefaults.status(isHandler ? .many : route.returns)
        add("status", "\(route.status)", unless: route.status == status)
        if !route.errors.isEmpty { arguments.append(.init("errors", errors)) }
        if let location = route.location {
            arguments.append(.init("location", .text(SwiftLiteral.string("\(path):\(location.line)"))))
        }
        if case .sql(let statement) = route.source {
            arguments.append(.init("sql", .string(statement.sql)))
            if !statement.parameters.isEmpty {
                let names = statement.parameters.map { $0.name(in: route.signature.inputs) }
                arguments.append(.init("binding", .strings(names)))
            }
        }
        return arguments
    }

    /// `WritePrecondition(Self.getUser, required: true)`.
    private func expression(of precondition: ManifestPrecondition) -> SwiftExpression {
        let member = members[precondition.route] ?? precondition.route
        let required = precondition.isRequired ? [SwiftExpression.Argument("required", .text("true"))] : []
        return .call("WritePrecondition", [.init(nil, .text("Self.\(member)"))] + required)
    }

    private var signature: SwiftExpression {
        let signature = route.signature
        return .call(
            "RouteSignature",
            [
                .init("namespace", .text(SwiftLiteral.string(signature.namespace))),
                .init("fingerprint", .text(SwiftLiteral.string(signature.fingerprint))),
                .init("method", .text(".\(signature.method)")),
                .init("path", .text(SwiftLiteral.string(signature.path.description))),
                .init("inputs", .array(inputs.map(\.descriptor))),
            ]
        )
    }

    /// The answers by the bytes of the constraints' names, whatever their order in the manifest.
    private var errors: SwiftExpression {
        let sorted = route.errors.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .dictionary(
            sorted.map { name, answer in
                let arguments: [SwiftExpression.Argument] = [
                    .init(nil, .text("\(answer.status)")), .init(nil, .text(SwiftLiteral.string(answer.message))),
                ]
                return .init(SwiftLiteral.string(name), .call("ConstraintAnswer", arguments))
            }
        )
    }
}

extension InputCode {
    /// Where the value comes from, in words.
    fileprivate var source: String {
        let group = input.group.rawValue
        let wireName = SourceWriter.comment(input.wireName)
        let isRenamed = !input.wireName.utf8.elementsEqual(input.name.utf8)
        return switch input.group {
        case .path, .query, .context, .body: isRenamed ? "\(group)'s `\(wireName)`" : group
        case .header: "`\(input.field ?? input.name)` header"
        }
    }
}

extension SourceWriter {
    /// Writes an initializer of all properties where the compiler's own would not be seen: it makes an internal one.
    mutating func memberwiseInitializer(
        _ properties: [(name: String, type: String, absence: String?)],
        access: String
    ) {
        guard !access.isEmpty else { return }
        separate()
        documentation("All values; what is left out is absent.")
        let parameters = properties.map { property in
            SwiftExpression.Argument(
                property.name,
                .text(property.type + (property.absence.map { " = \($0)" } ?? ""))
            )
        }
        expression(.call("\(access)init", parameters), before: " {")
        indented {
            for (name, _, _) in properties { $0.line("self.\(name) = \(name)") }
        }
        line("}")
    }
}
