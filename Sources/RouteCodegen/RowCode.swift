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
        columns = zip(
            locked.columns,
            SwiftNames.properties(locked.columns.map(\.name), besides: enums.types.values)
        ).map {
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
        writer.block("\(access)struct \(names.rowType): RouteRow") {
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
