/// The values of the settings that a mapping names, by their properties.
struct SettingValues {
    private var assignments: [AnyKeyPath: any AnySettingAssignment] = [:]
    /// The names of settings that could not be read.
    private(set) var unread: Set<String> = []
    private var read: Set<String> = []

    /// The value of a property, with its place; `nil` if no setting names it.
    ///
    /// A property without a setting has no value either. The named properties of ``RouteSettings`` and
    /// ``CacheSettings`` rule that out.
    subscript<Root, Value>(property: KeyPath<Root, Value>) -> Located<Value>? {
        (assignments[property] as? ReadSettingValue<Root, Value>)?.value
    }

    /// Sets the value of a setting.
    mutating func set<Root, Value>(
        _ name: String,
        for property: WritableKeyPath<Root, Value>,
        to value: Located<Value>,
        rules: [SettingApplicabilityRule] = []
    ) {
        assignments[property] = ReadSettingValue(property: property, value: value, rules: rules)
        read.insert(name)
    }

    /// Records that the value of a setting could not be read.
    mutating func setUnread(_ name: String) { unread.insert(name) }

    /// Removes the value of a property.
    mutating func remove(_ property: AnyKeyPath) { assignments[property] = nil }

    /// These values, completed with those of `defaults`.
    func merged(over defaults: SettingValues) -> SettingValues {
        var merged = self
        merged.assignments.merge(defaults.assignments) { own, _ in own }
        merged.unread.formUnion(defaults.unread.subtracting(read))
        return merged
    }

    /// Assigns the values to the properties of `root`, except those of settings that don't apply to the route.
    func assign<Root>(to root: inout Root, in scope: SettingApplicabilityTraits) {
        for assignment in assignments.values {
            (assignment as? any SettingAssignmentTo<Root>)?.assign(to: &root, in: scope)
        }
    }
}

private protocol AnySettingAssignment {}

private protocol SettingAssignmentTo<Root>: AnySettingAssignment {
    associatedtype Root
    func assign(to root: inout Root, in scope: SettingApplicabilityTraits)
}

private struct ReadSettingValue<Root, Value>: SettingAssignmentTo {
    let property: WritableKeyPath<Root, Value>
    let value: Located<Value>
    let rules: [SettingApplicabilityRule]

    func assign(to root: inout Root, in scope: SettingApplicabilityTraits) {
        if !rules.contains(where: { $0.excludes(scope) }) { root[keyPath: property] = value.value }
    }
}
