import RouteManifest
import RouteModel

extension SwiftExpression {
    /// Creates the expression for a setting's value.
    init(_ value: Any) {
        switch value {
        case let value as Duration: self = .text(SwiftLiteral.duration(value))
        case let size as GeneratedByteCount: self = .text(SwiftLiteral.bytes(size.bytes))
        case let number as Int: self = .text("\(number)")
        case let flag as Bool: self = .text("\(flag)")
        case let tags as [TagTemplate]: self = .strings(tags.map(\.description))
        case let warm as WarmPolicy: self = warm.expression
        case let tables as TablePolicy: self = tables.expression
        case let near as CachePolicy.Near: self = near.expression
        case let errors as [String: ConstraintResponse]: self = .responses(errors)
        case let choice as any ExtensibleEnum: self = .text(".\(choice.swiftName)")
        default: preconditionFailure("a setting has the type \(type(of: value)), which has no literal here")
        }
    }

    /// The responses, sorted by the bytes of the constraints' names.
    private static func responses(_ errors: [String: ConstraintResponse]) -> SwiftExpression {
        let sorted = errors.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .dictionary(
            sorted.map { name, response in
                let arguments = [
                    Argument(nil, .text("\(response.status)")),
                    Argument(nil, .text(SwiftLiteral.string(response.message))),
                ]
                return Argument(SwiftLiteral.string(name), .call("ConstraintResponse", arguments))
            }
        )
    }
}

extension [SwiftExpression.Argument] {
    /// Creates the arguments for settings.
    init(_ settings: [GeneratedArgument]) { self = settings.map { .init($0.label, SwiftExpression($0.value)) } }
}

extension CachePolicy {
    /// The expression, such as `CachePolicy(ttl: .seconds(60), jitter: 20)`.
    var expression: SwiftExpression { .call("CachePolicy", .init(arguments)) }
}

extension TablePolicy {
    /// The expression, such as `TablePolicy(["users"], minimumInterval: .seconds(1))`.
    fileprivate var expression: SwiftExpression {
        var arguments = [SwiftExpression.Argument(nil, .strings(names))]
        if minimumInterval != TablePolicy([]).minimumInterval {
            arguments.append(.init("minimumInterval", SwiftExpression(minimumInterval)))
        }
        return .call("TablePolicy", arguments)
    }
}

extension CachePolicy.Near {
    /// The expression, such as `.atMost(.seconds(5))`.
    fileprivate var expression: SwiftExpression {
        switch kind {
        case .off: .text(".off")
        case .life: .text(".life")
        case .atMost(let duration): .text(".atMost(\(SwiftLiteral.duration(duration)))")
        }
    }
}

extension WarmPolicy {
    /// The expression, such as `WarmPolicy(every: .seconds(60), with: [["days": ["7"]]])`.
    fileprivate var expression: SwiftExpression {
        let standard = WarmPolicy(every: every)
        var arguments = [SwiftExpression.Argument("every", SwiftExpression(every))]
        if inputs != standard.inputs { arguments.append(.init("with", .array(inputs.map(Self.expression)))) }
        if atStart != standard.atStart { arguments.append(.init("atStart", SwiftExpression(atStart))) }
        return .call("WarmPolicy", arguments)
    }

    /// A set of inputs, sorted by the bytes of their names, because a dictionary has no order.
    private static func expression(_ set: [String: [String]]) -> SwiftExpression {
        guard !set.isEmpty else { return .text("[:]") }
        let sorted = set.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .dictionary(sorted.map { .init(SwiftLiteral.string($0.key), .strings($0.value)) })
    }
}

extension WritePolicy {
    /// The expression, such as `WritePolicy(retries: 3)`.
    var expression: SwiftExpression {
        var arguments = [SwiftExpression.Argument](arguments)
        if !targets.isEmpty { arguments.append(.init("targets", .array(targets.map(\.expression)))) }
        return .call("WritePolicy", arguments)
    }
}

extension TargetInvalidation {
    /// The expression, such as `.path("/users/{id}", in: "shop")`.
    fileprivate var expression: SwiftExpression {
        let (name, text) =
            switch answers {
            case .tagged(let path): (".path", path.description)
            case .all(let route): (".route", route)
            }
        var arguments: [SwiftExpression.Argument] = [
            .init(nil, .text(SwiftLiteral.string(text))), .init("in", .text(SwiftLiteral.string(namespace))),
        ]
        if !values.isEmpty {
            let sorted = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let entries = sorted.map { name, text in
                SwiftExpression.Argument(SwiftLiteral.string(name), .text(SwiftLiteral.string(text)))
            }
            arguments.append(.init("where", .dictionary(entries)))
        }
        return .call(name, arguments)
    }
}
