import RouteModel

/// A setting of a manifest: its name, the way it is read, the routes it is for, and its documentation.
///
/// All settings of one kind of mapping stand in one table: ``RouteSettings/table`` and ``CacheSettings/table``. Keys, hints, defaults,
/// rules, generated code and the README's table come from these, so that a new setting is a property of its policy, a row, and
/// the place that obeys it.
package struct Setting<Settings> {
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
    let read: (YAMLEntry, SettingContext, inout Settings) -> Void
    private var property: (any SettingProperty)?

    /// The type whose property the setting is; `nil`: it is none.
    var owner: Any.Type? { property?.owner }

    /// The argument of generated code for the setting's value; `nil` where the value is the default, or no property of `root`.
    func argument<Root>(of root: Root, unlike standard: Root) -> SettingArgument? {
        (property as? any SettingPropertyOf<Root>)?.argument(of: root, unlike: standard)
    }
}

extension Setting where Settings: SettingsStorage {
    /// A setting whose value is a property of a policy or declaration.
    ///
    /// - Parameters:
    ///   - property: the property.
    ///   - label: the property's label in generated code; `nil`: the name in camel case.
    ///   - read: reads a value, or reports what is wrong with it.
    init<Root, Value: Equatable>(
        _ name: String,
        _ property: WritableKeyPath<Root, Value>,
        label: String? = nil,
        example: String? = nil,
        otherNames: String = "",
        rules: [SettingRule] = [],
        value: String,
        default standard: String,
        printed: @escaping (Value) -> Any = { $0 },
        read: @escaping (YAMLNode, SettingContext, _ what: String) -> Located<Value>?
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
            settings.values.set(name, property, value, rules: rules)
        }
        self.property = Property(label: label ?? Self.label(name), keyPath: property, printed: printed)
    }

    /// A setting that is read into something of its own, from which the property is made once the route's inputs are known.
    ///
    /// - Parameter property: the property that generated code prints.
    init<Root, Value: Equatable>(
        _ name: String,
        printing property: KeyPath<Root, Value>,
        otherNames: String = "",
        rules: [SettingRule] = [],
        value: String,
        default standard: String,
        read: @escaping (YAMLEntry, SettingContext, inout Settings) -> Void
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
        read: @escaping (YAMLEntry, SettingContext, inout Settings) -> Void
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
    func read<Settings>(_ entries: [YAMLEntry], _ context: SettingContext, into settings: inout Settings)
    where Element == Setting<Settings> {
        for entry in entries { first { $0.name == entry.key }?.read(entry, context, &settings) }
    }
}

/// The context in which a setting is read.
struct SettingContext {
    let reader: NodeReader
    /// Names of tables for messages: those that the route's SQL reads.
    var tables: [String] = []
}

/// An argument of generated code.
package struct SettingArgument {
    /// The label.
    package let label: String
    /// A value of a type that generated code has a literal for.
    package let value: Any
}

/// A number of bytes, which generated code prints as such.
package struct ByteCount {
    /// The number.
    package let bytes: Int

    /// A number of bytes.
    package init(bytes: Int) { self.bytes = bytes }
}

private protocol SettingProperty {
    /// The type that has the property.
    var owner: Any.Type { get }
}

private protocol SettingPropertyOf<Root>: SettingProperty {
    associatedtype Root
    func argument(of root: Root, unlike standard: Root) -> SettingArgument?
}

private struct Property<Root, Value: Equatable>: SettingPropertyOf {
    let label: String
    let keyPath: KeyPath<Root, Value>
    let printed: (Value) -> Any

    var owner: Any.Type { Root.self }

    func argument(of root: Root, unlike standard: Root) -> SettingArgument? {
        let value = root[keyPath: keyPath]
        return value == standard[keyPath: keyPath] ? nil : SettingArgument(label: label, value: printed(value))
    }
}

extension CachePolicy {
    /// The arguments of the initializer that differ from its defaults, in the order of its parameters.
    package var arguments: [SettingArgument] {
        CacheSettings.table.compactMap { $0.argument(of: self, unlike: CachePolicy()) }
    }
}

extension WritePolicy {
    /// The arguments of the initializer that differ from its defaults, in the order of its parameters, but for the targets.
    package var arguments: [SettingArgument] {
        RouteSettings.table.compactMap { $0.argument(of: self, unlike: WritePolicy()) }
    }
}

extension RouteDeclaration {
    /// The arguments of the initializer that differ from its defaults, in the order of its parameters, but for the location.
    package var arguments: [SettingArgument] {
        let standard = RouteDeclaration(name, signature, write == nil ? .read(nil) : .write(WritePolicy()))
        return RouteSettings.table.compactMap { $0.argument(of: self, unlike: standard) }
    }
}
