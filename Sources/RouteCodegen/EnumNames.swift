import RouteManifest

/// The enums of a manifest's lock that columns have, with the names of their Swift types.
struct EnumNames {
    /// The name of the Swift type for each enum that has one, by the name in the lock.
    let types: [String: String]
    private let labels: [String: [String]]

    init(types: [String: String], labels: [String: [String]]) {
        self.types = types
        self.labels = labels
    }

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
