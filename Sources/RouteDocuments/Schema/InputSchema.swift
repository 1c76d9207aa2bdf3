import RouteManifest
import RouteModel

/// The schemas of inputs.
enum InputSchema {
    /// The schema of the mapping under `path`, `query`, `header`, `context` or `body`.
    static func inputs(of group: RouteInput.Group) -> Document {
        [
            "description": .string(documentation(of: group)),
            "type": "object",
            "propertyNames": .object(ManifestSchema.identifier),
            "additionalProperties": input(of: group),
        ]
    }

    private static func documentation(of group: RouteInput.Group) -> String {
        switch group.kind {
        case .path: "The types of the inputs in the path's braces."
        case .query: "Query parameters."
        case .header: "Header fields. One that doesn't fit is its default, never a 400."
        case .context: "What the app takes from the authenticated request. Without it a request is a 401."
        case .body: "Members of the JSON object in the body."
        }
    }

    /// An input is a type alone, or a mapping. A header input needs the name of its field, and so a mapping.
    private static func input(of group: RouteInput.Group) -> Document {
        group == .header
            ? mapping(in: group)
            : SchemaText.anyOf([(.object, mapping(in: group)), (.scalar, ["enum": .array(types(in: group))])])
    }

    private static func types(in group: RouteInput.Group) -> [Document] {
        let scalars = InputType.Scalar.allCases.filter { $0 != .json || group == .body }
        let lists = group == .query || group == .body ? scalars.map { InputType($0, isList: true) } : []
        return (scalars.map { InputType($0) } + lists).map { .string($0.description) }
    }

    private static func mapping(in group: RouteInput.Group) -> Document {
        var document: Document = [
            "type": "object",
            "properties": .object(properties(in: group)),
            "additionalProperties": false,
            "allOf": .array(rules(in: group)),
        ]
        if group == .header { document = document.adding("required", ["from"]) }
        return document
    }

    private static func properties(in group: RouteInput.Group) -> [Document.Member] {
        let scalar = SchemaText.scalar
        let length: Document = ["type": "integer", "minimum": 0]
        var properties: [Document.Member] = []
        func add(_ name: String, _ schema: Document, _ documentation: String) {
            properties.append(.init(name, schema.described(documentation)))
        }
        switch group.kind {
        case .header:
            add("from", SchemaText.matching("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"), "The name of the header field.")
        case .query, .body: add("from", SchemaText.text, "The name in requests. Default: that of the input.")
        case .path, .context: break
        }
        add("type", ["enum": .array(types(in: group))], "The type. Default: `string` with `one-of`.")
        add(
            "one-of",
            ["type": "array", "items": scalar, "minItems": 1, "uniqueItems": true],
            "The only values that are allowed."
        )
        add("min", scalar, "The least value.")
        add("max", scalar, "The greatest value.")
        add("min-length", length, "The least number of characters.")
        add("max-length", length, "The greatest number of characters.")
        let absent = group == .query || group == .body || group == .header
        if absent {
            let isList = group != .header
            add(
                "default",
                isList ? SchemaText.scalarOrList(of: scalar) : scalar,
                "The value of a request without one; a list for a list."
            )
        } else {
            // A path always has its inputs, and a request without a context input is a 401.
            properties.append(.init("default", false))
        }
        if group == .path {
            add("optional", ["const": false], "A path always has its inputs.")
        } else {
            add("optional", ["type": "boolean"], "The input may be absent, and is NULL then. Default: `false`.")
        }
        if group == .body {
            add("nullable", ["type": "boolean"], "`null` differs from absence. Only with `optional: true`.")
        }
        return properties
    }

    /// The properties that depend on others.
    private static func rules(in group: RouteInput.Group) -> [Document] {
        let all = InputType.Scalar.allCases
        let ordered: [InputType.Scalar] = [.int, .int32, .double, .decimal, .date, .timestamp]
        func without(_ names: String...) -> Document { ["properties": .object(names.map { .init($0, false) })] }
        let isOptional: Document = ["properties": ["optional": ["const": true]], "required": ["optional"]]
        var rules: [Document] = [
            ["if": ["required": ["one-of"]], "else": ["required": ["type"]]],
            ["if": isOf(ordered), "then": without("min-length", "max-length"), "else": without("min", "max")],
            ["if": isOf([.bool, .json]), "then": without("one-of")],
            ["if": isOf(all.filter { $0 != .string }), "then": without("min-length", "max-length")],
        ]
        switch group.kind {
        case .path, .context: break
        case .query, .body: rules.append(["if": isOptional, "then": without("default")])
        case .header:
            rules.append(["if": isOptional, "then": without("default"), "else": ["required": ["default"]]])
        }
        if group == .body {
            rules.append([
                "if": ["properties": ["nullable": ["const": true]], "required": ["nullable"]], "then": isOptional,
            ])
        }
        // The values of each type. Those of strings and of JSON are any scalars.
        for (scalars, value) in values {
            rules.append(["if": isOf(scalars), "then": ["properties": .object(members(value))]])
        }
        if group == .query || group == .body {
            let lists = all.map { InputType($0, isList: true).description }
            rules.append([
                "if": [
                    "properties": ["type": ["enum": .array(lists.map { .string($0) })]], "required": ["type"],
                ],
                "then": ["properties": ["default": ["type": "array"]]],
                "else": ["properties": ["default": SchemaText.scalar]],
            ])
        }
        return rules
    }

    /// The condition that an input has one of these types, or lists of them.
    private static func isOf(_ scalars: [InputType.Scalar]) -> Document {
        let names = scalars.flatMap { [InputType($0), InputType($0, isList: true)] }.map(\.description)
        return ["properties": ["type": ["enum": .array(names.map { .string($0) })]], "required": ["type"]]
    }

    /// The values of types that a schema can tell. YAML has the text of a value and a schema the number, so that `1.0` and `0x1` are
    /// the integer 1 to a schema, and are left to the reader.
    private static let values: [(scalars: [InputType.Scalar], value: Document)] = [
        ([.int], ["type": "integer"]),
        ([.int32], ["type": "integer", "minimum": .number(Int(Int32.min)), "maximum": .number(Int(Int32.max))]),
        ([.double], ["type": "number"]),
        // In quotes it keeps its digits.
        ([.decimal], ["type": ["number", "string"], "pattern": #"^-?[0-9]+(\.[0-9]+)?$"#]),
        ([.bool], ["type": "boolean"]),
        ([.date, .timestamp, .uuid], ["type": "string"]),
    ]

    /// The members of an input whose values are of its type.
    private static func members(_ value: Document) -> [Document.Member] {
        [
            .init("min", value), .init("max", value), .init("one-of", ["items": value]),
            .init("default", SchemaText.scalarOrList(of: value)),
        ]
    }
}
