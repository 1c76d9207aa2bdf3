import RouteManifest
import RouteModel

/// The Swift code of a statement's rows, whose types the manifest's lock has.
struct RowCode {
    /// A column and its property.
    private struct Column {
        let column: LockedColumn
        /// The property's name, in backticks where it needs them.
        let property: String
        let type: String

        /// Indicates that the JSON has another name than the property.
        var isRenamed: Bool { property != column.name && property != "`\(column.name)`" }

        var documentation: String {
            "The column `\(SourceWriter.comment(column.name))`, of type `\(SourceWriter.comment(column.type))`"
                + (column.isNullable ? "; may be NULL." : ".")
        }
    }

    private let names: SwiftNames.RouteNames
    private let access: String
    private let returns: RouteDeclaration.Returns.Kind
    private let columns: [Column]

    /// Creates the code for a route; `nil` if it has no lock, or sends no rows.
    init?(_ route: ManifestRoute, names: SwiftNames.RouteNames, enums: EnumNames, access: String) {
        guard !names.responseType.isEmpty, case .sql(let statement) = route.source, let locked = statement.locked else {
            return nil
        }
        self.names = names
        self.access = access
        returns = route.returns.kind
        columns = zip(locked.columns, SwiftNames.properties(locked.columns.map(\.name))).map {
            Column(column: $0, property: $1, type: enums.swiftType(of: $0))
        }
    }

    /// Writes the struct of a row and the type of the response.
    func write(to writer: inout SourceWriter) {
        if returns != .value { writeRow(to: &writer) }
        writer.separate()
        writer.documentation("The response of `\(names.plainMember)`.")
        let response =
            switch returns {
            case .many: "[\(names.rowType)]"
            case .value: columns.first?.type ?? "JSONFragment"
            case .one, .none: names.rowType
            }
        writer.line("\(access)typealias \(names.responseType) = \(response)")
    }

    private func writeRow(to writer: inout SourceWriter) {
        writer.separate()
        writer.documentation("A row of `\(names.plainMember)`.")
        writer.block("\(access)struct \(names.rowType): Codable, Hashable, Sendable") {
            for column in columns {
                $0.documentation(column.documentation)
                $0.line("\(access)var \(column.property): \(column.type)")
            }
            $0.memberwiseInitializer(
                columns.map { ($0.property, $0.type, $0.column.isNullable ? "nil" : nil) },
                access: access,
                documentation: "All columns; what is left out is NULL."
            )
            if columns.contains(where: \.column.isNullable) { writeEncoding(to: &$0) }
            if columns.contains(where: \.isRenamed) { writeKeys(to: &$0) }
        }
    }

    /// Writes the encoding, because that of the compiler leaves out what is NULL, and responses don't.
    private func writeEncoding(to writer: inout SourceWriter) {
        writer.separate()
        writer.documentation("Writes all columns, those that are NULL as `null`.")
        writer.block("\(access)func encode(to encoder: any Encoder) throws") {
            $0.line("var row = encoder.container(keyedBy: CodingKeys.self)")
            for column in columns {
                $0.line("try row.encode(self.\(column.property), forKey: .\(column.property))")
            }
        }
    }

    private func writeKeys(to writer: inout SourceWriter) {
        writer.separate()
        writer.block("private enum CodingKeys: String, CodingKey") {
            for column in columns {
                let value = column.isRenamed ? " = \(SwiftLiteral.string(column.column.name))" : ""
                $0.line("case \(column.property)\(value)")
            }
        }
    }
}

/// The enums of a manifest's lock that columns have, with the names of their Swift types.
struct EnumNames {
    /// The name of the Swift type for each enum that has one, by the name in the lock.
    let types: [String: String]
    private let labels: [String: [String]]

    init(types: [String: String], labels: [String: [String]]) {
        self.types = types
        self.labels = labels
    }

    /// Tells whether an enum can be an enum of Swift, which has at least one case, and whose labels differ as strings of
    /// Swift do, for which a letter with an accent is equal to the two characters of which it may consist.
    static func isExpressible(_ labels: [String]) -> Bool { !labels.isEmpty && Set(labels).count == labels.count }

    /// The Swift type of a column.
    func swiftType(of column: LockedColumn) -> String {
        swiftType(RowType(of: column.type, enums: labels.keys)) + (column.isNullable ? "?" : "")
    }

    private func swiftType(_ type: RowType) -> String {
        switch type {
        case .int16: "Int16"
        case .int32: "Int32"
        case .int: "Int"
        case .exactDecimal: "ExactDecimal"
        case .float: "JSONFloat<Float>"
        case .double: "JSONFloat<Double>"
        case .bool: "Bool"
        case .uuid: "LowercaseUUID"
        case .timestamp: "TimestampText"
        case .bytes: "HexBytes"
        case .text: "String"
        case .enumeration(let name): types[name] ?? "String"
        case .array(let element): "JSONArray<\(swiftType(element))>"
        case .json: "JSONFragment"
        }
    }

    /// Writes the enums, sorted by the bytes of their names in the lock.
    func write(access: String, to writer: inout SourceWriter) {
        for (name, type) in types.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            let labels = self.labels[name] ?? []
            writer.separate()
            writer.documentation("A value of the enum `\(SourceWriter.comment(name))`.")
            writer.block("\(access)enum \(type): String, Codable, Hashable, Sendable, CaseIterable") {
                for (label, spelling) in zip(labels, SwiftNames.cases(labels)) {
                    let isRenamed = spelling != label && spelling != "`\(label)`"
                    $0.line("case \(spelling)\(isRenamed ? " = \(SwiftLiteral.string(label))" : "")")
                }
            }
        }
    }
}

extension RowType {
    /// The enum that the type is, or that its elements are; `nil` for other types.
    var enumeration: String? {
        switch self {
        case .enumeration(let name): name
        case .array(let element): element.enumeration
        default: nil
        }
    }

    /// The names of the library's types that the type needs.
    var libraryTypes: Set<String> {
        switch self {
        case .int16, .int32, .int, .bool, .text, .enumeration: []
        case .exactDecimal: ["ExactDecimal"]
        case .float, .double: ["JSONFloat"]
        case .uuid: ["LowercaseUUID"]
        case .timestamp: ["TimestampText"]
        case .bytes: ["HexBytes"]
        case .array(let element): element.libraryTypes.union(["JSONArray"])
        case .json: ["JSONFragment"]
        }
    }
}

extension ManifestRoute {
    /// The columns of the statement's rows in the lock; empty without a lock, and where the rows are not sent.
    var sentColumns: [LockedColumn] {
        guard case .sql(let statement) = source, self.returns != .none else { return [] }
        return statement.locked?.columns ?? []
    }
}
