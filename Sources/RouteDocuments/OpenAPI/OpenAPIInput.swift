import RouteModel

/// The schema of an input, and what no schema says of it.
struct OpenAPIInput {
    private let input: RouteInput
    /// Sentences for the description.
    private(set) var notes: [String] = []
    private(set) var schema: Document = [:]

    init(_ input: RouteInput) {
        self.input = input
        var element = scalar
        if input.type.isList {
            // A query has an empty list as no parameter at all, which is a missing one.
            let needsElement = input.group == .query && isRequired
            var list: [Document.Member] = [.init("type", type("array")), .init("items", element)]
            if needsElement { list.append(.init("minItems", 1)) }
            element = .object(list)
        }
        schema = element.adding("default", defaultValue)
        notes = sentences
    }

    private var isBody: Bool { input.group == .body }

    /// Indicates that requests without a value are refused.
    var isRequired: Bool { !input.isOptional && input.defaultValue == nil }

    /// Indicates that a body may have `null`, which is a value of its own or stands for absence.
    private var takesNull: Bool { isBody && !isRequired && input.type != .json }

    /// The type of the whole input, with null where it may be null.
    private func type(_ name: String) -> Document { takesNull ? [.string(name), "null"] : .string(name) }

    /// The type of a single value.
    private func scalarType(_ name: String) -> Document { input.type.isList ? .string(name) : type(name) }

    private var takesNullAsScalar: Bool { takesNull && !input.type.isList }

    // MARK: - Schemas

    private var scalar: Document {
        switch input.type.scalar.kind {
        case .int: integer("int64", Int.min...Int.max)
        case .int32: integer("int32", Int(Int32.min)...Int(Int32.max))
        case .double: double
        case .decimal: decimal
        case .bool: ["type": scalarType("boolean")]
        case .string: string
        case .uuid: formatted("uuid")
        case .date: formatted("date")
        case .timestamp: formatted("date-time")
        case .json:
            // The elements of a list can't be null.
            input.type.isList ? ["type": ["object", "array", "string", "number", "boolean"]] : [:]
        }
    }

    private func members(_ type: String, format: String? = nil) -> Document {
        Document.object([.init("type", scalarType(type))]).adding("format", format.map { .string($0) })
    }

    private func integer(_ format: String, _ range: ClosedRange<Int>) -> Document {
        let integer = members("integer", format: format)
        guard input.oneOf.isEmpty else { return integer.adding("enum", choices { .number($0) }) }
        return
            integer
            .adding("minimum", .number(input.minimum ?? "\(range.lowerBound)"))
            .adding("maximum", .number(input.maximum ?? "\(range.upperBound)"))
    }

    private var double: Document {
        let number = members("number", format: "double")
        guard input.oneOf.isEmpty else { return number.adding("enum", choices { .number($0) }) }
        let greatest = "\(Double.greatestFiniteMagnitude)"
        return
            number
            .adding("minimum", .number(input.minimum ?? "-\(greatest)"))
            .adding("maximum", .number(input.maximum ?? greatest))
    }

    /// A decimal is a string in paths and queries, whose digits count; a body may have it as a number too.
    private var decimal: Document {
        let hasBounds = [input.minimum, input.maximum].contains { $0 != nil && $0 != "0" }
        let exponent = isBody && !hasBounds ? "([eE][+-]?[0-9]{1,3})?" : ""
        let pattern =
            DecimalPattern.text(minimum: input.minimum, maximum: input.maximum, exponent: exponent)
            ?? DecimalPattern.text(minimum: nil, maximum: nil, exponent: exponent)
        let type: Document = isBody ? "string" : scalarType("string")
        let text = Document.object([.init("type", type)])
            .adding("pattern", input.oneOf.isEmpty ? pattern.map { .string($0) } : nil)
            .adding("enum", input.oneOf.isEmpty ? nil : .array(input.oneOf.map { .string($0) }))
        guard isBody else { return text }
        let number =
            input.oneOf.isEmpty
            ? members("number")
                .adding("minimum", input.minimum.map { .number($0) })
                .adding("maximum", input.maximum.map { .number($0) })
            : members("number").adding("enum", choices { .number($0) })
        return ["anyOf": [number, text]]
    }

    private var string: Document {
        let string = members("string")
        guard input.oneOf.isEmpty else { return string.adding("enum", choices { .string($0) }) }
        let isPath = input.group == .path
        // An empty segment, '.' and '..' are other paths. Elsewhere only NUL is refused, which PostgreSQL's text can't have.
        let pattern = isPath ? #"^([^\u0000.]|\.[^\u0000.]|\.\.[^\u0000])[^\u0000]*$"# : #"^[^\u0000]*$"#
        return
            string
            .adding("minLength", (input.minimumLength ?? (isPath ? 1 : nil)).map { .number(max($0, isPath ? 1 : 0)) })
            .adding("maxLength", input.maximumLength.map { .number($0) })
            .adding("pattern", .string(pattern))
    }

    private func formatted(_ format: String) -> Document {
        input.oneOf.isEmpty
            ? members("string", format: format) : members("string").adding("enum", choices { .string($0) })
    }

    private func choices(_ value: (String) -> Document) -> Document {
        .array(input.oneOf.map(value) + (takesNullAsScalar ? [.null] : []))
    }

    // MARK: - Defaults and words

    private var defaultValue: Document? {
        guard let texts = input.defaultValue?.texts else { return nil }
        guard !input.type.isList else { return .array(texts.map(value)) }
        return texts.first.map(value)
    }

    private func value(_ canonical: String) -> Document {
        switch input.type.scalar.kind {
        case .int, .int32, .double: .number(canonical)
        case .bool: .bool(canonical == "true")
        case .json: Document(json: canonical) ?? .string(canonical)
        case .decimal, .string, .uuid, .date, .timestamp: .string(canonical)
        }
    }

    private var sentences: [String] {
        var sentences: [String] = []
        let kind = input.type.scalar.kind
        switch kind {
        case .decimal:
            sentences.append(
                "A decimal number, whose digits are kept: 131072 before the point and 16383 behind it at most."
            )
        case .date: sentences.append("A day of the years 0001 to 9999.")
        case .timestamp: sentences.append("A point in time of the years 0001 to 9999 in UTC.")
        case .json: sentences.append("Any JSON, nested 64 deep at most, without a name twice in an object.")
        default: break
        }
        let hasPattern =
            kind == .decimal && DecimalPattern.text(minimum: input.minimum, maximum: input.maximum) != nil
        if [.decimal, .date, .timestamp].contains(kind), !hasPattern {
            if let minimum = input.minimum { sentences.append("At least \(minimum).") }
            if let maximum = input.maximum { sentences.append("At most \(maximum).") }
        }
        if input.isNullable {
            sentences.append("null is a value of its own; it differs from absence.")
        } else if takesNull {
            sentences.append("null is the same as absence.")
        }
        return sentences
    }
}
