/// What the server says about a prepared statement.
struct StatementDescription: Sendable, Equatable {
    struct Column: Sendable, Equatable {
        let name: String
        let typeOID: UInt32
    }
    var columns: [Column]
    var parameterOIDs: [UInt32]
}

/// How the rows of one prepared statement become JSON: what stands before each value, and each value's rule.
struct ResultPlan: Sendable {
    struct Column: Sendable {
        /// The end of this column's key in ``ResultPlan/keys``; it begins where the last one ended.
        let keyEnd: Int
        let rule: JSONColumnEncoding
        /// The result's column that the value comes from.
        let field: Int
    }

    let shape: ResultShape
    let columns: [Column]
    /// `{"id":`, `,"email":` and so on, one after the other.
    let keys: [UInt8]
    /// The types of the statement's parameters.
    let parameterOIDs: [UInt32]
    /// The index of the value behind each parameter; `nil`: the values in their order.
    var parameterSources: [Int]?
    /// The columns as the server describes them.
    let description: [StatementDescription.Column]

    /// What to do with a statement so described.
    enum Decision {
        case run(ResultPlan)
        /// Have the server convert the columns for which this says true.
        case wrap([Bool])
    }

    /// Decides how rows so described become JSON.
    ///
    /// - Parameter converted: for each column of the answer, the column that has its value as JSON, where that is another one.
    /// - Throws: ``PostgresError/Code/invalidStatement`` where the columns do not make an object, or not one
    ///   of that shape.
    static func decide(
        _ description: StatementDescription,
        shape: ResultShape,
        isWrapped: Bool,
        converted: [Int?] = []
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
            ResultPlan(
                shape: shape,
                columns: planned,
                keys: keys,
                parameterOIDs: description.parameterOIDs,
                description: description.columns
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
            // By bytes: names that look alike are two for the server.
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
