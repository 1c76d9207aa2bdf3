import RouteManifest
import RouteModel

/// The Swift code of a route.
struct RouteCode {
    let route: RouteDescription
    /// The route's description for people, on one line.
    let summary: String?
    let names: SwiftNames.RouteNames
    let access: String
    /// The static members of the manifest's routes, by the routes' names.
    var members: [String: String] = [:]

    var isHandler: Bool { route.isHandler }

    /// The inputs in the order of their values.
    var inputs: [InputCode] { route.signature.inputs.map(InputCode.init) }

    /// The documentation, such as "`GET /users`: List users".
    var documentation: String {
        let request = "`\(route.signature.method.rawValue.uppercased()) \(route.signature.path)`"
        guard let summary = summary.map(SourceWriter.comment), !summary.isEmpty else { return request }
        return "\(request): \(summary)"
    }

    /// The route in the initializer's list of routes.
    var reference: SwiftExpression {
        .text(isHandler ? "Self.\(names.member)(handlers)" : "Self.\(names.member)")
    }

    /// Writes the route's static member.
    func writeMember(to writer: inout SourceWriter) {
        writer.documentation(documentation)
        guard isHandler else {
            writer.expression(
                .call("RouteDefinition", [.init(nil, declaration), .init(nil, statement)] + precondition),
                after: "\(access)static let \(names.member) = "
            )
            return
        }
        writer.block("\(access)static func \(names.member)(_ handlers: some Handlers) -> RouteDefinition") {
            $0.line("RouteDefinition(")
            $0.indented { arguments in
                arguments.line("Self.\(names.namespaceType).declaration,")
                arguments.line(".handler { \(inputs.isEmpty ? "_" : "values") in")
                arguments.indented {
                    $0.line("try await HandlerResponse(encoding: handlers.\(names.member)(\(argument)))")
                }
                arguments.line("}")
            }
            $0.line(")")
        }
    }

    /// The argument of the handler.
    private var argument: String { inputs.isEmpty ? "" : "Self.\(names.namespaceType).input(of: values)" }

    /// Writes the requirements of the handlers protocol for the route.
    func writeRequirement(to writer: inout SourceWriter) {
        writer.documentation(
            "What `\(names.plainMember)` answers: any `Encodable`, or a `HandlerResponse` for ready bytes."
        )
        writer.line("associatedtype \(names.outputType): Encodable & Sendable")
        writer.documentation(documentation)
        let parameters = inputs.isEmpty ? "" : "_ input: \(names.inputType)"
        writer.line("func \(names.member)(\(parameters)) async throws -> \(names.outputType)")
    }

    /// Writes the names of the route's types, the struct of its inputs, and the function that makes a value of them.
    func writeNamespace(in typeName: String, to writer: inout SourceWriter) {
        writer.separate()
        writer.documentation("The types and the URLs of `\(names.plainMember)`.")
        writer.block("\(access)enum \(names.namespaceType): CachedRoutes.RouteNamespace") {
            writeTypes(to: &$0)
            writeDeclaration(in: typeName, to: &$0)
            writeConversions(to: &$0)
        }
        writer.separate()
        writeInputType(in: typeName, to: &writer)
        writer.separate()
        writer.documentation("A request of `\(names.plainMember)`.")
        // Without parameters it would have the name of the constant beside it. `Void` may be a type of the manifest's.
        let none: [SwiftExpression.Argument] = isHandler ? [] : [.init("_", .text("() = ()"))]
        let parameters = inputs.isEmpty ? none : SourceWriter.parameters(properties)
        writer.expression(
            .call("\(access)static func \(names.member)", parameters),
            before: " -> \(names.inputType) {"
        )
        writer.indented {
            let arguments = inputs.map { SwiftExpression.Argument($0.label, .text($0.property)) }
            $0.expression(.call(".init", arguments))
        }
        writer.line("}")
    }

    private func writeTypes(to writer: inout SourceWriter) {
        writer.documentation("The inputs.")
        writer.line("\(access)typealias Input = \(names.inputType)")
        if !names.rowType.isEmpty {
            writer.documentation("A row of the response.")
            writer.line("\(access)typealias Row = \(names.rowType)")
        }
        if !names.responseType.isEmpty {
            writer.documentation("The response.")
            writer.line("\(access)typealias Response = \(names.responseType)")
        }
    }

    private func writeDeclaration(in typeName: String, to writer: inout SourceWriter) {
        writer.separate()
        writer.documentation("The route as the manifest declares it.")
        if isHandler {
            writer.expression(declaration, after: "\(access)static let declaration = ")
        } else {
            writer.line(
                "\(access)static var declaration: RouteDeclaration { \(typeName).\(names.member).declaration }"
            )
        }
    }

    private func writeConversions(to writer: inout SourceWriter) {
        writer.separate()
        writer.documentation("The inputs that have given values.")
        writer.block("\(access)static func input(of values: CachedRoutes.InputValues) -> \(names.inputType)") {
            let values = inputs.enumerated().map { index, input in
                SwiftExpression.Argument(input.label, .text(input.reading(index)))
            }
            $0.expression(.call(names.inputType, values))
        }
        writer.separate()
        writer.documentation("The texts of inputs.")
        writer.block("\(access)static func texts(of input: \(names.inputType)) -> [CachedRoutes.InputText]") {
            $0.expression(.array(inputs.map { .text($0.writing) }))
        }
    }

    /// The properties of the struct of inputs.
    private var properties: [(name: String, type: String, absence: String?)] {
        inputs.map { ($0.property, $0.type, $0.absence) }
    }

    private func writeInputType(in typeName: String, to writer: inout SourceWriter) {
        writer.documentation("The inputs of `\(names.plainMember)`.")
        writer.block("\(access)struct \(names.inputType): CachedRoutes.RouteInputs") {
            let route = "\(typeName).\(names.namespaceType)"
            $0.documentation("The names of the route.")
            // A property and a type can't have one name.
            $0.line(
                inputs.contains { $0.property == "Route" }
                    ? "\(access)static var route: \(route).Type { \(route).self }"
                    : "\(access)typealias Route = \(route)"
            )
            for input in inputs {
                $0.documentation("From the \(input.source).")
                // An optional property has the default value `nil` without an initial value.
                let value = input.absence.map { $0 == "nil" ? "" : " = \($0)" } ?? ""
                $0.line("\(access)var \(input.property): \(input.type)\(value)")
            }
            $0.memberwiseInitializer(
                properties,
                access: access,
                documentation: inputs.isEmpty
                    ? "The route has no inputs." : "All values; what is left out has its default, or is absent."
            )
        }
    }

    /// The declaration, such as `RouteDeclaration("getUser", RouteSignature(…), .read(CachePolicy()))`.
    private var declaration: SwiftExpression {
        let kind: SwiftExpression =
            switch route.kind {
            case .read(let policy): .call(".read", [.init(nil, policy?.expression ?? .text(".off"))])
            case .write(let policy): .call(".write", [.init(nil, policy.expression)])
            }
        var arguments: [SwiftExpression.Argument] = [
            .init(nil, .text(SwiftLiteral.string(route.name))), .init(nil, signature), .init(nil, kind),
        ]
        arguments += .init(route.declaration.arguments)
        if let location = route.location {
            arguments.append(.init("location", .text(SwiftLiteral.string(location))))
        }
        return .call("RouteDeclaration", arguments)
    }

    /// The statement, such as `.sql("SELECT …", binding: ["id"])`.
    private var statement: SwiftExpression {
        guard case .sql(let statement) = route.source else { preconditionFailure("the route has a handler") }
        var arguments = [SwiftExpression.Argument(nil, .string(statement.sql))]
        if !statement.binding.isEmpty { arguments.append(.init("binding", .strings(statement.binding))) }
        if let locked = statement.locked { arguments.append(.init("locked", locked.expression)) }
        return .call(".sql", arguments)
    }

    /// The argument for the precondition, such as `precondition: PreconditionPolicy(Self.getUser, required: true)`;
    /// empty without one.
    private var precondition: [SwiftExpression.Argument] {
        guard let precondition = route.precondition else { return [] }
        let member = members[precondition.route] ?? precondition.route
        let required = precondition.isRequired ? [SwiftExpression.Argument("required", .text("true"))] : []
        return [.init("precondition", .call("PreconditionPolicy", [.init(nil, .text("Self.\(member)"))] + required))]
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
}

extension LockDescription {
    /// The types, such as `LockedColumns(parameters: ["bigint"], columns: ["id": "bigint"])`.
    fileprivate var expression: SwiftExpression {
        var arguments: [SwiftExpression.Argument] = []
        if !parameters.isEmpty { arguments.append(.init("parameters", .strings(parameters))) }
        if !columns.isEmpty {
            let entries = columns.map { column in
                SwiftExpression.Argument(
                    SwiftLiteral.string(column.name),
                    .text(SwiftLiteral.string(column.type))
                )
            }
            arguments.append(.init("columns", .dictionary(entries)))
        }
        return .call("LockedColumns", arguments)
    }
}

extension InputCode {
    /// The origin of the value in documentation.
    fileprivate var source: String {
        let group = input.group.rawValue
        let wireName = SourceWriter.comment(input.wireName)
        let isRenamed = !input.wireName.utf8.elementsEqual(input.name.utf8)
        return switch input.group.kind {
        case .path, .query, .context, .body: isRenamed ? "\(group)'s `\(wireName)`" : group
        case .header: "`\(input.field ?? input.name)` header"
        }
    }
}

extension SourceWriter {
    /// Writes a memberwise initializer, unless the compiler's, which is internal, is sufficient.
    mutating func memberwiseInitializer(
        _ properties: [(name: String, type: String, absence: String?)],
        access: String,
        documentation text: String = "All values; what is left out is absent."
    ) {
        guard !access.isEmpty else { return }
        separate()
        documentation(text)
        let parameters = Self.parameters(properties)
        expression(.call("\(access)init", parameters), before: " {")
        indented {
            for (name, _, _) in properties { $0.line("self.\(name) = \(name)") }
        }
        line("}")
    }

    /// The parameters of a function that takes a value for each property.
    static func parameters(
        _ properties: [(name: String, type: String, absence: String?)]
    ) -> [SwiftExpression.Argument] {
        properties.map { property in
            .init(property.name, .text(property.type + (property.absence.map { " = \($0)" } ?? "")))
        }
    }
}
