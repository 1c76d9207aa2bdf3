import RouteManifest

extension SettingShape {
    /// The JSON Schema of the shape.
    var schema: Document {
        switch self {
        case .duration(canBeZero: true, isWhole: true):
            SchemaText.matching("^([0-9]+(s|m|h|d)|([0-9]*000|0+)ms)$")
        case .duration(canBeZero: true, isWhole: false): SchemaText.matching("^[0-9]+(ms|s|m|h|d)$")
        case .duration: SchemaText.matching("^0*[1-9][0-9]*(ms|s|m|h|d)$")
        case .durationUpToAnHour:
            SchemaText.matching(
                "^0*(([1-9][0-9]{0,5}|[12][0-9]{6}|3[0-5][0-9]{5}|3600000)ms|([1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|3600)s"
                    + "|([1-9]|[1-5][0-9]|60)m|1h)$"
            )
        case .size(let isStored): SchemaText.matching("^0*[1-9][0-9]*(B|KiB|MiB\(isStored ? "" : "|GiB"))$")
        case .percentage: SchemaText.matching("^0*[0-9]{1,2}%$")
        case .bool: ["type": "boolean"]
        case .integer(let range, let exceptions):
            .object([
                .init("type", "integer"), .init("minimum", .number(range.lowerBound)),
                .init("maximum", .number(range.upperBound)),
            ]).adding("not", exceptions.isEmpty ? nil : ["enum": .array(exceptions.map { .number($0) })])
        case .choice(let words): ["enum": .array(words.map { .string($0) })]
        case .text: SchemaText.scalar
        case .name: SchemaText.text
        case .line: SchemaText.line
        case .tag: SchemaText.scalar.adding("pattern", .string(SchemaText.tagPattern))
        case .table: SchemaText.matching(SchemaText.tablePattern)
        case .list(let element, let count, let canRepeat):
            Document.object([.init("type", "array"), .init("items", element.schema)])
                .adding("uniqueItems", canRepeat ? nil : true)
                .adding("minItems", count.lowerBound == 0 ? nil : .number(count.lowerBound))
                .adding("maxItems", count.upperBound == Int.max ? nil : .number(count.upperBound))
        case .mapping(let keys): SchemaText.mapping(keys)
        case .entries(let value):
            ["type": "object", "propertyNames": ["minLength": 1], "additionalProperties": value.schema]
        case .inputs: ["type": "object", "additionalProperties": SchemaText.scalarOrList(of: SchemaText.scalar)]
        case .anyOf(let shapes): SchemaText.anyOf(shapes.map { ($0.isOf, $0.schema) })
        }
    }

    /// The type of the values, as far as alternatives are told apart by it.
    private var isOf: SchemaText.ValueType {
        switch self {
        case .mapping, .entries, .inputs: .object
        case .list: .array
        default: .scalar
        }
    }
}

/// Schemas of texts, which YAML may take for numbers or truth values: `revision: 2` is the text `2`.
enum SchemaText {
    /// Any scalar but null.
    static let scalar: Document = ["type": ["string", "number", "boolean"]]
    /// A text that is not empty.
    static let text = scalar.adding("minLength", 1)
    /// A text of one line that is not empty.
    static let line = text.adding("pattern", #"^[^\u0000-\u001F\u007F]*$"#)
    /// A name of an input, as braces hold it.
    static let identifierPattern = "(?!_[^A-Za-z0-9_]|_$)[A-Za-z_][A-Za-z0-9_]*"
    static let tagPattern = #"^([A-Za-z0-9_.~:/@%+-]|\{\#(identifierPattern)\})+$"#

    /// A table's name, with a schema or without: a word, or anything in double quotes.
    static let tablePattern = #"^(\#(tableNamePattern)\.)?\#(tableNamePattern)$"#
    private static let tableNamePattern =
        #"([^\u0000-\u0040\u005B-\u005E\u0060\u007B-\u007F][^\u0000-\u0023\u0025-\u002F\u003A-\u0040\u005B-\u005E\u0060\u007B-\u007F]*"#
        + #"|"([^"\u0000]|"")+")"#

    /// The types of values by which alternatives are told apart.
    enum ValueType: String, CaseIterable {
        case object, array, scalar
    }

    /// The schema of alternatives, each with the type of its values.
    ///
    /// The type of a value decides which one it has to be, so that a mistake in a mapping is one at its key. By `anyOf` the value as
    /// a whole would fit none.
    static func anyOf(_ alternatives: [(type: ValueType, schema: Document)]) -> Document {
        let groups = ValueType.allCases.compactMap { type -> (type: ValueType, schema: Document)? in
            let schemas = alternatives.filter { $0.type == type }.map(\.schema)
            return schemas.isEmpty
                ? nil : (type: type, schema: schemas.count == 1 ? schemas[0] : ["anyOf": .array(schemas)])
        }
        guard var schema = groups.last?.schema else { return false }
        for group in groups.dropLast().reversed() {
            schema = ["if": ["type": .string(group.type.rawValue)], "then": group.schema, "else": schema]
        }
        return schema
    }

    /// A scalar, or a list of scalars.
    static func scalarOrList(of scalar: Document) -> Document {
        anyOf([(.array, ["type": "array", "items": scalar]), (.scalar, scalar)])
    }

    /// A text that a pattern matches.
    static func matching(_ pattern: String) -> Document { ["type": "string", "pattern": .string(pattern)] }

    /// A mapping of known keys.
    static func mapping(_ keys: [SettingShape.Key]) -> Document {
        let required = keys.filter(\.isRequired).map { Document.string($0.name) }
        return Document.object([
            .init("type", "object"),
            .init(
                "properties",
                .object(keys.map { .init($0.name, $0.shape.schema.described($0.documentation)) })
            ),
        ])
        .adding("required", required.isEmpty ? nil : .array(required))
        .adding("additionalProperties", false)
    }
}
