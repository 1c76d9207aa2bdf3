/// The server's description of a prepared statement.
struct StatementDescription: Sendable, Equatable {
    struct Column: Sendable, Equatable {
        let name: String
        let typeOID: UInt32
    }
    var columns: [Column]
    var parameterOIDs: [UInt32]
}

/// The conversion of a prepared statement's rows to JSON: the bytes before each value, and each value's encoding.
///
/// It is an object because it is made once for a statement and passed on in each execution.
final class RowEncodingPlan: Sendable {
    struct Column: Sendable {
        /// The end of the column's key in ``RowEncodingPlan/keys``, where the next column's key begins.
        let keyEnd: Int
        let rule: JSONColumnEncoding
        /// The index of the result's column that has the value.
        let field: Int
    }

    let shape: ResultShape
    let columns: [Column]
    /// The bytes before the values, concatenated: `{"id":`, `,"email":` and so on.
    let keys: [UInt8]
    /// The types of the statement's parameters.
    let parameterOIDs: [UInt32]
    /// The index of the value of each parameter; `nil` if the values are in the parameters' order.
    let parameterSources: [Int]?
    /// The server's description of the columns.
    let description: [StatementDescription.Column]

    private init(
        shape: ResultShape,
        columns: [Column],
        keys: [UInt8],
        parameterSources: [Int]?,
        _ description: StatementDescription
    ) {
        self.shape = shape
        self.columns = columns
        self.keys = keys
        self.parameterSources = parameterSources
        parameterOIDs = description.parameterOIDs
        self.description = description.columns
    }

    /// The way to execute a described statement.
    enum Decision {
        case run(RowEncodingPlan)
        /// Have the server convert the columns that are marked with `true`.
        case wrap([Bool])
    }

    /// Decides how the rows of a described statement are converted.
    ///
    /// - Parameters:
    ///   - description: the server's description of the statement.
    ///   - shape: the form of the JSON.
    ///   - isWrapped: tells that the server converts columns already.
    ///   - converted: for each column, the index of another column that has its value as JSON; `nil` if there is none.
    ///   - parameterSources: the index of the value of each parameter; `nil` if the values are in the parameters' order.
    /// - Throws: ``PostgresError/Code/invalidStatement`` if the columns do not make an object of this shape.
    static func decide(
        _ description: StatementDescription,
        shape: ResultShape,
        isWrapped: Bool,
        converted: [Int?] = [],
        parameterSources: [Int]? = nil
    ) throws(PostgresError) -> Decision {
        let columns = converted.isEmpty ? description.columns : Array(description.columns.prefix(converted.count))
        try check(columns, shape: shape)
        let fields = columns.indices.map { $0 < converted.count ? converted[$0] ?? $0 : $0 }
        let rules = shape == .none ? [] : fields.map { JSONColumnEncoding(typeOID: description.columns[$0].typeOID) }
        if rules.contains(where: { $0 == nil }) {
            guard !isWrapped else { throw PostgresError(.invalidStatement, "to_json gave a column that is not JSON") }
            return .wrap(rules.map { $0 == nil })
        }
        var keys: [UInt8] = []
        var planned: [Column] = []
        for (index, rule) in rules.enumerated() {
            if shape != .value { appendKey(columns[index].name, isFirst: planned.isEmpty, to: &keys) }
            planned.append(Column(keyEnd: keys.count, rule: rule!, field: fields[index]))
        }
        return .run(
            RowEncodingPlan(
                shape: shape,
                columns: planned,
                keys: keys,
                parameterSources: parameterSources,
                description
            )
        )
    }

    private static func check(_ columns: [StatementDescription.Column], shape: ResultShape) throws(PostgresError) {
        switch shape {
        case .none: return
        case .value:
            guard columns.count == 1 else {
                throw PostgresError(.invalidStatement, "a single value needs one column, not \(columns.count)")
            }
        case .many, .one:
            guard !columns.isEmpty else { throw PostgresError(.invalidStatement, "the statement returns no columns") }
            // Bytes, because the server distinguishes names that Unicode considers equal.
            var seen: Set<[UInt8]> = []
            for (index, column) in columns.enumerated() {
                guard seen.insert(Array(column.name.utf8)).inserted else {
                    let unnamed =
                        column.name == "?column?" ? "; column \(index + 1) is one: give it a name with AS" : ""
                    throw PostgresError(.invalidStatement, "two columns have the name \"\(column.name)\"\(unnamed)")
                }
            }
        }
    }

    private static func appendKey(_ name: String, isFirst: Bool, to keys: inout [UInt8]) {
        keys.append(contentsOf: isFirst ? "{\"".utf8 : ",\"".utf8)
        let name = Array(name.utf8)
        let escaped = [UInt8](unsafeUninitializedCapacity: name.count * JSONEscape.worstCase + JSONEscape.slack) {
            room,
            count in
            count = name.withUnsafeBufferPointer { bytes in
                bytes.baseAddress.map {
                    JSONEscape.write($0, count: bytes.count, to: room.baseAddress!) - room.baseAddress!
                } ?? 0
            }
        }
        keys.append(contentsOf: escaped)
        keys.append(contentsOf: "\":".utf8)
    }
}
