import SQLSyntax

/// Tells whether a query limits the number of its rows, regardless of the size of its tables.
struct SQLRowLimitAnalyzer {
    let tree: SQLTokenTree
    /// The inputs without a maximum, which don't limit rows as the value of LIMIT.
    let unboundedInputs: Set<String>

    private static let aggregates: Set<String> = [
        "any_value", "array_agg", "avg", "bit_and", "bit_or", "bit_xor", "bool_and", "bool_or", "corr", "count",
        "covar_pop", "covar_samp", "every", "json_agg", "json_arrayagg", "json_object_agg", "json_objectagg",
        "jsonb_agg",
        "jsonb_object_agg", "max", "min", "mode", "percentile_cont", "percentile_disc", "range_agg",
        "range_intersect_agg",
        "regr_avgx", "regr_avgy", "regr_count", "regr_intercept", "regr_r2", "regr_slope", "regr_sxx", "regr_sxy",
        "regr_syy", "stddev", "stddev_pop", "stddev_samp", "string_agg", "sum", "var_pop", "var_samp", "variance",
        "xmlagg",
    ]
    /// Functions whose rows come from their arguments.
    private static let setReturning: Set<String> = [
        "generate_series", "generate_subscripts", "json_array_elements", "json_array_elements_text", "json_each",
        "json_each_text", "json_object_keys", "json_populate_recordset", "json_to_record", "json_to_recordset",
        "jsonb_array_elements", "jsonb_array_elements_text", "jsonb_each", "jsonb_each_text", "jsonb_object_keys",
        "jsonb_path_query", "jsonb_populate_recordset", "jsonb_to_record", "jsonb_to_recordset", "regexp_matches",
        "regexp_split_to_table", "string_to_table", "unnest",
    ]

    /// Tells whether a statement's rows are bounded.
    func isBounded(_ outline: SQLStatementOutline) -> Bool {
        var bounded: Set<String> = []
        return isBounded(outline, &bounded)
    }

    /// Tells whether a statement's rows are bounded.
    ///
    /// - Parameter bounded: the visible named queries whose rows are bounded. It has the same value on return.
    private func isBounded(_ outline: SQLStatementOutline, _ bounded: inout Set<String>) -> Bool {
        var hidden: [(name: String, wasBounded: Bool)] = []
        defer {
            for (name, wasBounded) in hidden.reversed() {
                if wasBounded { bounded.insert(name) } else { bounded.remove(name) }
            }
        }
        for part in outline.parts {
            guard let name = part.name, let query = SQLStatementOutline(tree, in: part.contents) else { continue }
            let isBounded = isBounded(query, &bounded)
            hidden.append((name, bounded.contains(name)))
            if isBounded { bounded.insert(name) } else { bounded.remove(name) }
        }
        let arms = outline.arms
        guard let last = arms.last else { return false }
        if hasLimit(outline, last) { return true }
        return arms.allSatisfy { isBounded(arm: $0, of: outline, bounded: &bounded) }
    }

    private func hasLimit(_ outline: SQLStatementOutline, _ arm: Range<Int>) -> Bool {
        outline.keywords(["limit", "fetch"], in: arm).contains { limit in
            !tree.isWord(limit + 1, "all", "null")
                && input(ofLimit: limit).map { !unboundedInputs.contains($0.name) } ?? true
        }
    }

    /// The input that is the whole value of a LIMIT, and its index.
    private func input(ofLimit limit: Int) -> (index: Int, name: String)? {
        var index = limit + 1
        if tree.isWord(index, "first", "next") { index += 1 }
        while tree.isPunctuation(index, "(") { index += 1 }
        guard tree.tokens.indices.contains(index), tree.tokens[index].kind == .namedParameter else { return nil }
        var end = index + 1
        while tree.isPunctuation(end, ")") { end += 1 }
        let isWhole =
            !tree.tokens.indices.contains(end) || tree.isPunctuation(end, "::") || tree.tokens[end].kind == .word
        return isWhole ? (index, String(tree.texts[index].dropFirst())) : nil
    }

    /// The index and the name of the unbounded input in a LIMIT of the main query; `nil` if there is none.
    func unboundedLimit(of outline: SQLStatementOutline) -> (index: Int, name: String)? {
        guard let last = outline.arms.last else { return nil }
        return outline.keywords(["limit", "fetch"], in: last).lazy.compactMap(input(ofLimit:)).first {
            unboundedInputs.contains($0.name)
        }
    }

    private func isBounded(arm: Range<Int>, of outline: SQLStatementOutline, bounded: inout Set<String>) -> Bool {
        let start = arm.lowerBound
        // A missing query after UNION is reported elsewhere.
        guard start < arm.upperBound else { return true }
        if tree.isPunctuation(start, "(") {
            return SQLStatementOutline(tree, in: tree.contents(of: start)).map { isBounded($0, &bounded) } ?? false
        }
        switch tree.texts[start] {
        case "values": return true
        case "table": return SQLCatalogName(tree, start + 1).map { bounded.contains($0.text) } ?? false
        case "select": break
        default: return false
        }
        let ends = outline.keywords(
            ["from", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for"],
            in: arm
        )
        .filter { !isDistinctFrom($0) && (!tree.isWord($0, "group") || tree.isWord($0 + 1, "by")) }
        guard let from = ends.first(where: { tree.isWord($0, "from") }) else { return true }
        if isOneRow(arm, selectList: start + 1..<from, clauses: ends) { return true }
        let end = ends.first { $0 > from } ?? arm.upperBound
        return areBounded(tables: from + 1..<end, &bounded)
    }

    private func isDistinctFrom(_ index: Int) -> Bool {
        tree.isWord(index, "from") && tree.isWord(index - 1, "distinct") && tree.isWord(index - 2, "is", "not")
    }

    /// Tells whether the result is one row: with an aggregate or HAVING, and without GROUP BY.
    private func isOneRow(_ arm: Range<Int>, selectList: Range<Int>, clauses: [Int]) -> Bool {
        if let group = clauses.first(where: { tree.isWord($0, "group") }) {
            guard tree.isPunctuation(group + 2, "("), tree.contents(of: group + 2).isEmpty else { return false }
            return !tree.isPunctuation(group + 4, ",")
        }
        let calls = calls(in: selectList)
        if calls.contains(where: { Self.setReturning.contains(tree.texts[$0]) }) { return false }
        if clauses.contains(where: { tree.isWord($0, "having") }) { return true }
        return calls.contains { Self.aggregates.contains(tree.texts[$0]) && !isWindow($0) }
    }

    /// The function calls in a range, except those in subqueries.
    private func calls(in range: Range<Int>) -> [Int] {
        var calls: [Int] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if tree.isPunctuation(index, "("), SQLStatementOutline.isQuery(tree, tree.contents(of: index)) {
                index = tree.index(after: index)
                continue
            }
            if tree.isWord(index), tree.isPunctuation(index + 1, "(") { calls.append(index) }
            index += 1
        }
        return calls
    }

    private func isWindow(_ call: Int) -> Bool {
        var index = tree.index(after: call + 1)
        if tree.isWord(index, "within") { index = tree.index(after: index + 2) }
        if tree.isWord(index, "filter") { index = tree.index(after: index + 1) }
        return tree.isWord(index, "over")
    }

    /// Tells whether all joined tables and queries are bounded.
    private func areBounded(tables range: Range<Int>, _ bounded: inout Set<String>) -> Bool {
        var starts = [range.lowerBound]
        starts += tree.siblings(in: range).filter { tree.isPunctuation($0, ",") || tree.isKeyword($0, "join") }.map {
            $0 + 1
        }
        return starts.allSatisfy { start in
            var index = start
            while tree.isWord(index, "lateral", "only") { index += 1 }
            guard index < range.upperBound else { return false }
            if tree.isPunctuation(index, "(") {
                let contents = tree.contents(of: index)
                guard SQLStatementOutline.isQuery(tree, contents) else { return areBounded(tables: contents, &bounded) }
                return SQLStatementOutline(tree, in: contents).map { isBounded($0, &bounded) } ?? false
            }
            if tree.isPunctuation(index + 1, "(") { return Self.setReturning.contains(tree.texts[index]) }
            guard !tree.isPunctuation(index + 1, "."), let name = SQLCatalogName(tree, index) else { return false }
            return bounded.contains(name.text)
        }
    }
}
