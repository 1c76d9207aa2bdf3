import RouteModel

/// The form of a setting's value in YAML, as far as one that knows nothing else of the manifest can tell.
///
/// The reader of a setting decides; a shape describes to editors what it reads.
package indirect enum SettingShape: Hashable, Sendable {
    /// A duration such as `10s`.
    ///
    /// - Parameters:
    ///   - canBeZero: allows `0s`.
    ///   - isWhole: allows whole seconds only.
    case duration(canBeZero: Bool = false, isWhole: Bool = false)
    /// A duration of an hour at most, longer than zero.
    case durationUpToAnHour
    /// A size such as `64KiB`, larger than zero.
    ///
    /// - Parameter isStored: allows no GiB, because Redis stores less than 512 MiB.
    case size(isStored: Bool = false)
    /// A percentage such as `10%`.
    case percentage
    /// `true` or `false`.
    case bool
    /// A whole number.
    case integer(ClosedRange<Int>, except: [Int] = [])
    /// One of these words.
    case choice([String])
    /// Any text.
    case text
    /// Any text that is not empty.
    case name
    /// Any text on one line that is not empty.
    case line
    /// A tag, with inputs in braces.
    case tag
    /// The name of a table, with its schema or without.
    case table
    /// A list.
    ///
    /// - Parameters:
    ///   - count: the number of its elements.
    ///   - canRepeat: allows equal elements.
    case list(of: SettingShape, count: ClosedRange<Int> = 0...Int.max, canRepeat: Bool = false)
    /// A mapping of these keys.
    case mapping([Key])
    /// A mapping of any keys that are not empty.
    case entries(SettingShape)
    /// Values of inputs by their names: a scalar, or a list for a list.
    case inputs
    /// One of these shapes.
    case anyOf([SettingShape])

    /// A key of a mapping.
    package struct Key: Hashable, Sendable {
        /// The name.
        package var name: String
        /// The form of the value.
        package var shape: SettingShape
        /// The documentation, in Markdown.
        package var documentation: String
        /// Indicates that the mapping needs the key.
        package var isRequired: Bool

        /// A key that may be left out, unless it is required.
        init(_ name: String, _ shape: SettingShape, _ documentation: String, isRequired: Bool = false) {
            self.name = name
            self.shape = shape
            self.documentation = documentation
            self.isRequired = isRequired
        }
    }

    /// The word that turns a default off.
    static let off = SettingShape.choice(["off"])

    /// One of the choices of a type.
    static func choice<Choice: ExtensibleEnum>(of _: Choice.Type) -> SettingShape {
        .choice(Choice.Kind.allCases.map(\.rawValue))
    }

    /// A list without repetitions, or `off`.
    static func list(orOff element: SettingShape, count: ClosedRange<Int> = 0...Int.max) -> SettingShape {
        .anyOf([.off, .list(of: element, count: count)])
    }
}

extension CacheSettings {
    /// The form of `warm`.
    static let warmShape = SettingShape.anyOf([
        .off,
        .mapping([
            .init("every", .duration(), "duration: how often each response is made again", isRequired: true),
            .init(
                "with",
                .list(of: .inputs, count: 1...Int.max, canRepeat: true),
                "list of inputs: a response is made for each; default: one, of all defaults"
            ),
            .init("at-start", .bool, "bool: missing responses are made when the service starts; default `true`"),
        ]),
    ])

    /// The form of `tables`.
    static let tablesShape: SettingShape = {
        let names = [SettingShape.choice(["off", "auto"]), .list(of: .table)]
        return .anyOf(
            names + [
                .mapping([
                    .init(
                        "names",
                        .anyOf(names),
                        "`off`, list of tables, or `auto`: those that the SQL reads, from the lock"
                    ),
                    .init(
                        "min-interval",
                        .anyOf([.off, .durationUpToAnHour]),
                        "`off`, or duration, at most `1h`: how long answers are kept at least"
                    ),
                ])
            ]
        )
    }()
}

extension RouteSettings {
    /// The form of `errors`.
    static let errorsShape = SettingShape.entries(
        .mapping([
            .init(
                "status",
                .integer(400...599, except: [405, 407, 426]),
                "the status of the response",
                isRequired: true
            ),
            .init("message", .line, "a sentence for the client", isRequired: true),
        ])
    )

    /// The form of `precondition`.
    static let preconditionShape = SettingShape.anyOf([
        .text,
        .mapping([
            .init("route", .text, "the GET route that conditions speak of", isRequired: true),
            .init("required", .bool, "bool: requests without a condition are a 428; default `false`"),
        ]),
    ])

    /// The form of `cache`.
    package static let cacheShape = SettingShape.anyOf([
        .off, .duration(),
        .mapping(CacheSettings.table.map { .init($0.name, $0.shape, $0.documentation) }),
    ])
}
