import RouteModel

/// The Swift code of an input: its descriptor, its type, and the calls that read its value and make a text of it.
struct InputCode {
    let input: RouteInput

    init(_ input: RouteInput) { self.input = input }

    /// The descriptor, such as `RouteInput(.query, "limit", .int, default: "20", min: "1")`.
    var descriptor: SwiftExpression {
        var arguments: [SwiftExpression.Argument] = [
            .init(nil, .text(".\(input.group.rawValue)")),
            .init(nil, .text(SwiftLiteral.string(input.name))),
            .init(
                nil,
                .text(input.type.isList ? ".list(.\(input.type.scalar.rawValue))" : ".\(input.type.scalar.rawValue)")
            ),
        ]
        func add(_ label: String, _ text: String?) {
            if let text { arguments.append(.init(label, .text(SwiftLiteral.string(text)))) }
        }
        add("from", input.field ?? (input.wireName.utf8.elementsEqual(input.name.utf8) ? nil : input.wireName))
        if let value = input.defaultValue {
            let isSingle = !input.type.isList && value.texts.count == 1
            arguments.append(
                .init("default", isSingle ? .text(SwiftLiteral.string(value.texts[0])) : .strings(value.texts))
            )
        }
        if input.isOptional { arguments.append(.init("optional", .text("true"))) }
        if input.isNullable { arguments.append(.init("nullable", .text("true"))) }
        add("min", input.minimum)
        add("max", input.maximum)
        if let length = input.minimumLength { arguments.append(.init("minLength", .text("\(length)"))) }
        if let length = input.maximumLength { arguments.append(.init("maxLength", .text("\(length)"))) }
        if !input.oneOf.isEmpty { arguments.append(.init("oneOf", .strings(input.oneOf))) }
        return .call("RouteInput", arguments)
    }

    /// The stored property of the input.
    var property: String { SwiftNames.property(input.name) }

    /// The argument label of the property.
    var label: String { SwiftNames.label(input.name) }

    /// The type of the input's value.
    var type: String {
        let value = input.type.isList ? "[\(scalarType)]" : scalarType
        return input.isNullable ? "NullableInput<\(value)>" : mayBeAbsent ? "\(value)?" : value
    }

    /// The default value of the initializer's argument; `nil` if it is required.
    var absence: String? {
        if input.isNullable { return ".absent" }
        if mayBeAbsent { return "nil" }
        guard let texts = input.defaultValue?.texts else { return nil }
        let literals = texts.compactMap(literal)
        guard literals.count == texts.count else { return nil }
        // A list may be as long as it likes, and stands on one line.
        return input.type.isList ? "[\(literals.joined(separator: ", "))]" : literals.first
    }

    /// The literal of a default; `nil` for a type that has none.
    private func literal(_ text: String) -> String? {
        switch input.type.scalar.kind {
        case .int, .int32, .double, .bool: text
        case .decimal, .string, .date, .json: SwiftLiteral.string(text)
        case .uuid, .timestamp: nil
        }
    }

    /// The type of a single value.
    var scalarType: String {
        switch input.type.scalar.kind {
        case .int: "Int"
        case .int32: "Int32"
        case .double: "Double"
        case .bool: "Bool"
        case .uuid: "UUID"
        case .timestamp: "Date"
        case .decimal, .string, .date, .json: "String"
        }
    }

    /// Indicates that the type is declared in Foundation.
    var needsFoundation: Bool { input.type.scalar == .uuid || input.type.scalar == .timestamp }

    /// The call that reads the value at `index` from `values`.
    func reading(_ index: Int) -> String { "values.\(shape)(\(index))" }

    /// The call that makes a text of the value of `input`.
    var writing: String { ".\(shape)(input.\(property))" }

    /// The name of the methods that read and write such a value.
    private var shape: String {
        switch (input.type.isList, mayBeAbsent) {
        case (true, _) where input.isNullable: "nullableList"
        case (false, _) where input.isNullable: "nullable"
        case (true, true): "optionalList"
        case (true, false): "list"
        case (false, true): "optional"
        case (false, false): "required"
        }
    }

    /// Indicates that there may be no value. A missing or invalid header is never an error, so without a default it has
    /// none.
    private var mayBeAbsent: Bool {
        input.defaultValue == nil && (input.isOptional || input.group == .header)
    }
}
