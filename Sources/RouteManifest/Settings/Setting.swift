import RouteModel

/// A setting of a manifest: its name, the way it is read, the routes it is for, and its documentation.
///
/// All settings of one kind of mapping stand in one table: ``RouteSettings/table`` and ``CacheSettings/table``. Keys, hints, defaults,
/// rules, generated code and the README's table come from these, so that a new setting is a property of its policy, a row, and
/// the place that obeys it.
package struct Setting<Settings>: Sendable {
    /// The key in manifests.
    package let name: String
    /// The documentation of the value, in Markdown.
    package let value: String
    /// The documentation of the default, in Markdown.
    package let standard: String
    /// A value for messages, such as `60s`; `nil` where a single value is none.
    let example: String?
    /// The names of the setting in other tools, folded and separated by blanks.
    let otherNames: String
    /// The routes that the setting is not for.
    let rules: [SettingRule]
    /// Reads the value into settings, or reports what is wrong with it.
    let read: @Sendable (YAMLEntry, SettingContext, inout Settings) -> Void
    private var property: (any SettingProperty)?

    /// The type whose property the setting is; `nil`: it is none.
    var owner: Any.Type? { property?.owner }

    /// The argument of generated code for the setting's value; `nil` where the value is the default, or no property of `root`.
    func argument<Root>(of root: Root, unlike standard: Root) -> SettingArgument? {
        (property as? any SettingPropertyOf<Root>)?.argument(of: root, unlike: standard)
    }
}

extension Setting {
    /// Indicates that the setting has a meaning for routes of a kind.
    func isFor(_ scope: SettingScope) -> Bool { !rules.contains { $0.excludes(scope) } }
}

extension Setting where Settings: SettingsStorage {
    /// A setting whose value is a property of a policy or declaration.
    ///
    /// - Parameters:
    ///   - property: the property.
    ///   - label: the property's label in generated code; `nil`: the name in camel case.
    ///   - read: reads a value, or reports what is wrong with it.
    init<Root, Value: Equatable & SendableMetatype>(
        _ name: String,
        _ property: any WritableKeyPath<Root, Value> & Sendable,
        label: String? = nil,
        example: String? = nil,
        otherNames: String = "",
        rules: [SettingRule] = [],
        value: String,
        default standard: String,
        printed: @escaping @Sendable (Value) -> Any = { $0 },
        read: @escaping @Sendable (YAMLNode, SettingContext, _ what: String) -> Located<Value>?
    ) {
        self.init(
            name,
            example: example,
            otherNames: otherNames,
            rules: rules,
            value: value,
            default: standard
        ) { entry, context, settings in
            guard let value = read(entry.value, context, "'\(name)'") else {
                settings.values.setUnread(name)
                return
            }
            settings.values.set(name, for: property, to: value, rules: rules)
        }
        self.property = Property(label: label ?? Self.label(name), keyPath: property, printed: printed)
    }

    /// A setting that is read into something of its own, from which the property is made once the route's inputs are known.
    ///
    /// - Parameter property: the property that generated code prints.
    init<Root, Value: Equatable & SendableMetatype>(
        _ name: String,
        printing property: any KeyPath<Root, Value> & Sendable,
        otherNames: String = "",
        rules: [SettingRule] = [],
        value: String,
        default standard: String,
        read: @escaping @Sendable (YAMLEntry, SettingContext, inout Settings) -> Void
    ) {
        self.init(name, otherNames: otherNames, rules: rules, value: value, default: standard, read: read)
        self.property = Property(label: Self.label(name), keyPath: property) { $0 }
    }

    /// A setting that the runtime doesn't know.
    init(
        _ name: String,
        example: String? = nil,
        otherNames: String = "",
        rules: [SettingRule] = [],
        value: String,
        default standard: String,
        read: @escaping @Sendable (YAMLEntry, SettingContext, inout Settings) -> Void
    ) {
        self.name = name
        self.value = value
        self.standard = standard
        self.example = example
        self.otherNames = otherNames
        self.rules = rules
        self.read = read
    }

    /// `negativeTTL` for `negative-ttl`.
    private static func label(_ name: String) -> String {
        let words = name.split(separator: "-")
        return words.dropFirst().reduce(String(words[0])) {
            $0 + ($1 == "ttl" ? "TTL" : $1.prefix(1).uppercased() + $1.dropFirst())
        }
    }
}

extension Array {
    /// Reads the entries that are settings of this table.
    func read<Settings>(_ entries: [YAMLEntry], in context: SettingContext, into settings: inout Settings)
    where Element == Setting<Settings> {
        var context = context
        context.siblings = map(\.name)
        for entry in entries { first { $0.name == entry.key }?.read(entry, context, &settings) }
    }
}

private protocol SettingProperty: Sendable {
    /// The type that has the property.
    var owner: Any.Type { get }
}

private protocol SettingPropertyOf<Root>: SettingProperty {
    associatedtype Root
    func argument(of root: Root, unlike standard: Root) -> SettingArgument?
}

private struct Property<Root, Value: Equatable & SendableMetatype>: SettingPropertyOf {
    let label: String
    let keyPath: any KeyPath<Root, Value> & Sendable
    let printed: @Sendable (Value) -> Any

    var owner: Any.Type { Root.self }

    func argument(of root: Root, unlike standard: Root) -> SettingArgument? {
        let value = root[keyPath: keyPath]
        return value == standard[keyPath: keyPath] ? nil : SettingArgument(label: label, value: printed(value))
    }
}
