import RouteModel

/// A setting of a manifest: its name, its reader, the routes it applies to, and its documentation.
///
/// All settings of a kind of mapping are in one table, ``RouteSettings/table`` or ``CacheSettings/table``. Keys,
/// suggestions, defaults, rules, generated code and the manual's tables are derived from it, so a new setting needs a
/// property of its policy, a row, and code that obeys it.
package struct Setting<Settings>: Sendable {
    /// The key in manifests.
    package let name: String
    /// The documentation of the value, in Markdown.
    package let value: String
    /// The documentation of the default, in Markdown.
    package let standard: String
    /// The form of the value.
    package let shape: SettingShape
    /// An example for messages, such as `60s`; `nil` if the value is not a scalar.
    let example: String?
    /// Names of the setting in other tools, folded and separated by blanks.
    let otherNames: String
    /// The rules about routes that the setting doesn't apply to.
    let rules: [SettingApplicabilityRule]
    /// Reads the value into settings, or reports an error.
    let read: @Sendable (YAMLEntry, SettingReadingContext, inout Settings) -> Void
    private var property: (any SettingProperty)?

    /// The type that has the setting as a property; `nil` if there is none.
    var owner: Any.Type? { property?.owner }

    /// The argument for the setting's value in generated code; `nil` if the value is the default, or not a property of
    /// `root`.
    func argument<Root>(of root: Root, unlike standard: Root) -> GeneratedArgument? {
        (property as? any SettingPropertyOf<Root>)?.argument(name, shape, of: root, unlike: standard)
    }
}

extension Setting {
    /// The documentation of the value and the default, in Markdown without links.
    package var documentation: String {
        var text = value.replacing(": see above", with: "")
        while let open = text.firstIndex(of: "["), let link = text[open...].firstRange(of: "]("),
            let close = text[link.upperBound...].firstIndex(of: ")")
        {
            text.replaceSubrange(open...close, with: text[text.index(after: open)..<link.lowerBound])
        }
        return "\(text). Default: \(standard)."
    }

    /// Indicates that `defaults` may have the setting.
    package var canHaveDefault: Bool { !RouteSettings.withoutDefault.contains(name) }

    /// Tells whether the setting applies to routes of a kind that are cached.
    package func isForRoutes(thatWrite isWrite: Bool, withHandlers isHandler: Bool) -> Bool {
        isFor(SettingApplicabilityTraits(isWrite: isWrite, isHandler: isHandler))
    }

    /// Tells whether the setting applies to routes that are not cached.
    package var isForUncachedRoutes: Bool {
        isFor(SettingApplicabilityTraits(isWrite: false, isHandler: false, isUncached: true))
    }

    /// Tells whether the setting applies to a route.
    func isFor(_ scope: SettingApplicabilityTraits) -> Bool { !rules.contains { $0.excludes(scope) } }
}

extension Setting where Settings: SettingsContainer {
    /// Creates a setting whose value is a property of a policy or declaration.
    ///
    /// - Parameters:
    ///   - name: the key.
    ///   - property: the property.
    ///   - label: the property's label in generated code; `nil` for the name in camel case.
    ///   - example: an example for messages.
    ///   - otherNames: names of the setting in other tools, folded and separated by blanks.
    ///   - rules: the rules about routes that it doesn't apply to.
    ///   - shape: the form of the value.
    ///   - value: the documentation of the value.
    ///   - standard: the documentation of the default.
    ///   - printed: converts the value to one that generated code has a literal for.
    ///   - read: reads a value, or reports an error.
    init<Root, Value: Equatable & SendableMetatype>(
        _ name: String,
        _ property: any WritableKeyPath<Root, Value> & Sendable,
        label: String? = nil,
        example: String? = nil,
        otherNames: String = "",
        rules: [SettingApplicabilityRule] = [],
        shape: SettingShape,
        value: String,
        default standard: String,
        printed: @escaping @Sendable (Value) -> Any = { $0 },
        read: @escaping @Sendable (YAMLNode, SettingReadingContext, _ what: String) -> Located<Value>?
    ) {
        self.init(
            name,
            example: example,
            otherNames: otherNames,
            rules: rules,
            shape: shape,
            value: value,
            default: standard
        ) { entry, context, settings in
            guard let value = read(entry.value, context, "'\(name)'") else {
                settings.values.setUnread(name)
                return
            }
            settings.values.set(name, for: property, to: value, rules: rules)
        }
        self.property = GeneratedSettingProperty(label: label ?? Self.label(name), keyPath: property, printed: printed)
    }

    /// Creates a setting that is read into a type of its own, from which the property is made when the route's inputs
    /// are known.
    ///
    /// - Parameter property: the property that generated code prints.
    init<Root, Value: Equatable & SendableMetatype>(
        _ name: String,
        printing property: any KeyPath<Root, Value> & Sendable,
        otherNames: String = "",
        rules: [SettingApplicabilityRule] = [],
        shape: SettingShape,
        value: String,
        default standard: String,
        read: @escaping @Sendable (YAMLEntry, SettingReadingContext, inout Settings) -> Void
    ) {
        self.init(name, otherNames: otherNames, rules: rules, shape: shape, value: value, default: standard, read: read)
        self.property = GeneratedSettingProperty(label: Self.label(name), keyPath: property) { $0 }
    }

    /// Creates a setting without a property.
    init(
        _ name: String,
        example: String? = nil,
        otherNames: String = "",
        rules: [SettingApplicabilityRule] = [],
        shape: SettingShape,
        value: String,
        default standard: String,
        read: @escaping @Sendable (YAMLEntry, SettingReadingContext, inout Settings) -> Void
    ) {
        self.name = name
        self.shape = shape
        self.value = value
        self.standard = standard
        self.example = example
        self.otherNames = otherNames
        self.rules = rules
        self.read = read
    }

    /// The label of a setting in generated code: `negativeTTL` for `negative-ttl`.
    private static func label(_ name: String) -> String {
        let words = name.split(separator: "-")
        return words.dropFirst().reduce(String(words[0])) {
            $0 + ($1 == "ttl" ? "TTL" : $1.prefix(1).uppercased() + $1.dropFirst())
        }
    }
}

extension Array {
    /// Reads the entries whose keys are settings of this table.
    func read<Settings>(_ entries: [YAMLEntry], in context: SettingReadingContext, into settings: inout Settings)
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
    func argument(_ name: String, _ shape: SettingShape, of root: Root, unlike standard: Root) -> GeneratedArgument?
}

private struct GeneratedSettingProperty<Root, Value: Equatable & SendableMetatype>: SettingPropertyOf {
    let label: String
    let keyPath: any KeyPath<Root, Value> & Sendable
    let printed: @Sendable (Value) -> Any

    var owner: Any.Type { Root.self }

    func argument(_ name: String, _ shape: SettingShape, of root: Root, unlike standard: Root) -> GeneratedArgument? {
        let value = root[keyPath: keyPath]
        return value == standard[keyPath: keyPath]
            ? nil : GeneratedArgument(name: name, label: label, shape: shape, value: printed(value))
    }
}
