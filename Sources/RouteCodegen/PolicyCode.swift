import RouteManifest
import RouteModel

extension ManifestCachePolicy {
    /// `CachePolicy(ttl: .seconds(60), jitter: 20)`.
    var expression: SwiftExpression {
        var arguments = [SwiftExpression.Argument("ttl", .text(SwiftLiteral.duration(ttl)))]
        func add(_ label: String, _ value: String, unless isDefault: Bool) {
            if !isDefault { arguments.append(.init(label, .text(value))) }
        }
        func addDuration(_ label: String, _ value: Duration?, unless standard: Duration? = nil) {
            if let value { add(label, SwiftLiteral.duration(value), unless: value == standard) }
        }
        add("jitter", "\(jitter)", unless: jitter == RuntimeDefaults.jitter)
        addDuration("staleWhileRevalidate", staleWhileRevalidate, unless: RuntimeDefaults.staleWindow)
        addDuration("staleIfError", staleIfError, unless: RuntimeDefaults.staleWindow)
        addDuration("negativeTTL", negativeTTL)
        addDuration("clientTTL", clientTTL)
        add("maxBody", SwiftLiteral.bytes(maxBody), unless: maxBody == RuntimeDefaults.maxBody)
        add("coalesce", ".\(coalesce)", unless: coalesce == RuntimeDefaults.coalesce)
        add("compress", "\(compress)", unless: compress == RuntimeDefaults.compress)
        if let warm { arguments.append(.init("warm", warm.expression)) }
        if tags != RuntimeDefaults.tags { arguments.append(.init("tags", .tags(tags))) }
        if let tables { arguments.append(.init("tables", tables.expression)) }
        add("near", near.literal, unless: near == RuntimeDefaults.near)
        add("beforeRouter", "\(beforeRouter)", unless: beforeRouter == RuntimeDefaults.beforeRouter)
        return .call("CachePolicy", arguments)
    }
}

extension SwiftExpression {
    /// An array of tags as they are written in a manifest.
    fileprivate static func tags(_ tags: [TagTemplate]) -> SwiftExpression { .strings(tags.map(\.description)) }
}

extension ManifestTablePolicy {
    /// `TablePolicy(["users"], minimumInterval: .seconds(1))`.
    var expression: SwiftExpression {
        var arguments = [SwiftExpression.Argument(nil, .strings(names))]
        if minimumInterval != RuntimeDefaults.minimumInterval {
            arguments.append(.init("minimumInterval", .text(SwiftLiteral.duration(minimumInterval))))
        }
        return .call("TablePolicy", arguments)
    }
}

extension ManifestNearCache {
    /// `.atMost(.seconds(5))`.
    fileprivate var literal: String {
        switch self {
        case .off: ".off"
        case .life: ".life"
        case .atMost(let duration): ".atMost(\(SwiftLiteral.duration(duration)))"
        }
    }
}

extension ManifestWarmPolicy {
    /// `WarmPolicy(every: .seconds(60), with: [["days": ["7"]]])`.
    var expression: SwiftExpression {
        var arguments = [SwiftExpression.Argument("every", .text(SwiftLiteral.duration(every)))]
        if inputs != RuntimeDefaults.warmInputs {
            arguments.append(.init("with", .array(inputs.map(Self.expression))))
        }
        if atStart != RuntimeDefaults.warmAtStart { arguments.append(.init("atStart", .text("\(atStart)"))) }
        return .call("WarmPolicy", arguments)
    }

    /// A set of inputs by the bytes of their names: a dictionary has no order of its own.
    private static func expression(_ set: [String: [String]]) -> SwiftExpression {
        guard !set.isEmpty else { return .text("[:]") }
        let sorted = set.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .dictionary(sorted.map { .init(SwiftLiteral.string($0.key), .strings($0.value)) })
    }
}

extension ManifestWritePolicy {
    /// `WritePolicy(retries: 3)`.
    var expression: SwiftExpression {
        var arguments: [SwiftExpression.Argument] = []
        if let isolation { arguments.append(.init("isolation", .text(".\(isolation)"))) }
        if retries != RuntimeDefaults.retries { arguments.append(.init("retries", .text("\(retries)"))) }
        if maxRequestBody != RuntimeDefaults.maxRequestBody {
            arguments.append(.init("maxRequestBody", .text(SwiftLiteral.bytes(maxRequestBody))))
        }
        if invalidates != RuntimeDefaults.tags { arguments.append(.init("invalidates", .tags(invalidates))) }
        if !targets.isEmpty { arguments.append(.init("targets", .array(targets.map(\.expression)))) }
        return .call("WritePolicy", arguments)
    }
}

extension WriteTarget {
    /// `.path("/users/{id}", in: "shop")`.
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
