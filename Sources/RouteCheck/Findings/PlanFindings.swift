import RouteManifest
import SQLSyntax

/// Indexes that a parameter's type takes away, and big tables that each request reads.
///
/// They are read from the conditions of plans. A condition of another form says nothing, so that no finding is wrong.
struct PlanFindings {
    private let statement: StatementToCheck
    private let description: StatementFacts.Description
    private let schema: SchemaFacts
    private let words: StatementWords

    init(_ statement: StatementToCheck, _ description: StatementFacts.Description, _ schema: SchemaFacts) {
        self.statement = statement
        self.description = description
        self.schema = schema
        words = StatementWords(statement.statement)
    }

    /// The number of rows from which on a table is big.
    static let bigTable = 10_000.0

    /// Reports the findings.
    ///
    /// - Parameter hasData: tells that the tables have the rows of real ones.
    func check(hasData: Bool, _ findings: inout Findings) {
        for comparison in comparisons { check(comparison, &findings) }
        if hasData { checkScans(&findings) }
    }

    // MARK: - Comparisons

    private var comparisons: [PlanComparison] {
        var seen: Set<PlanComparison> = []
        return [description.indexedPlan, description.plan].flatMap { plan in
            let outputs = Self.outputs(of: plan)
            return plan.flatMap(\.conditions).flatMap { PlanComparison.all(in: $0, besides: outputs) }
        }
        .filter { seen.insert($0).inserted }
    }

    /// The numbers behind `$` in a plan's conditions that are, or may be, values of its own subqueries.
    private static func outputs(of plan: [PlanNode]) -> Set<Int> { Set(plan.flatMap(\.outputs)) }

    private func check(_ comparison: PlanComparison, _ findings: inout Findings) {
        let nodes = description.indexedPlan + description.plan
        guard let table = nodes.first(where: { $0.alias == comparison.alias })?.table,
            let column = schema.columns[table]?[comparison.column],
            let (name, place) = input(of: comparison)
        else { return }
        if let cast = comparison.cast {
            guard column.isIndexed, cast != column.type, !isCastInStatement(comparison.column),
                !schema.binaryCasts.contains(SchemaFacts.Cast(from: column.type, to: cast))
            else { return }
            let cure =
                Self.inputType(for: column.type).map { "declare ':\(name)' as \($0)" }
                ?? "cast ':\(name)' to \(column.type)"
            findings.report(
                .noIndex,
                "'\(comparison.column)' is of type \(column.type) and is compared as \(cast), so its index is not used; \(cure)",
                of: statement,
                at: place
            )
        } else if column.type == "real", ["=", "<>"].contains(comparison.operator),
            description.parameters[comparison.parameter].name == "double precision"
        {
            findings.report(
                .real,
                "'\(comparison.column)' is a real: 0.1 as a double precision equals none of its values; write "
                    + "':\(name)::real'",
                of: statement,
                at: place
            )
        }
    }

    /// The type of inputs that suits a column's type.
    private static func inputType(for type: String) -> String? {
        switch type {
        case "smallint", "integer", "bigint": "int"
        case "numeric": "decimal"
        case "double precision": "double"
        case "boolean": "bool"
        case "text", "character varying", "character": "string"
        case "uuid", "date": type
        case "timestamp with time zone": "timestamp"
        default: nil
        }
    }

    /// Indicates that the statement itself casts a column of this name.
    private func isCastInStatement(_ column: String) -> Bool {
        let tree = words.tree
        return tree.tokens.indices.contains { index in
            guard SQLCatalogName(tree, index)?.text == column else { return false }
            if tree.isPunctuation(index + 1, "::") || tree.isWord(index + 1, "as") && tree.openers[index] != nil {
                return true
            }
            return tree.isPunctuation(index + 1, ")") && tree.isPunctuation(index + 2, "::")
        }
    }

    /// The name of the input behind a comparison's parameter, and the place of the occurrence that it probably is: one near
    /// the column's name, or else the first one.
    private func input(of comparison: PlanComparison) -> (name: String, place: Location)? {
        let tree = words.tree
        let parameters = tree.tokens.indices.filter { tree.tokens[$0].kind == .parameter }
        let all = description.occurrences(in: statement.statement)
        guard parameters.count == all.count, description.parameters.indices.contains(comparison.parameter) else {
            return nil
        }
        let own = all.filter { $0.type == comparison.parameter }
        let near = own.first { occurrence in
            let token = parameters[occurrence.index]
            return (max(0, token - 5)..<min(tree.tokens.count, token + 5)).contains {
                SQLCatalogName(tree, $0)?.text == comparison.column
            }
        }
        guard let occurrence = near ?? own.first,
            statement.statement.names.indices.contains(occurrence.parameter)
        else { return nil }
        return (
            statement.statement.names[occurrence.parameter],
            statement.statement.location(ofSentByte: occurrence.sentByte)
        )
    }

    // MARK: - Scans

    /// A scan of a table, or of the parts of one.
    private struct Scan {
        /// The node of the table or of its first part.
        let node: PlanNode
        /// The table and those above it, up to the whole one.
        let tables: [QualifiedName]
        /// The alias of the whole table.
        let alias: String
        let filter: String
        var rows: Double

        init?(_ node: PlanNode, _ schema: SchemaFacts) {
            guard node.type.hasSuffix("Seq Scan"), let filter = node.filter, let table = node.table,
                let rows = schema.rowCounts[table],
                // A LIMIT ends a scan soon whose condition is the same for all, such as `WHERE active`.
                !node.isLimited || filter.contains("$")
            else { return nil }
            let ancestors = schema.ancestors[table] ?? []
            self.node = node
            tables = [table] + ancestors
            alias = ancestors.isEmpty ? node.alias ?? "" : Self.aliasOfWhole(node.alias ?? "")
            self.filter = filter
            self.rows = max(rows, 0)
        }

        /// The alias of a table with parts: PostgreSQL adds a number to it for each part.
        private static func aliasOfWhole(_ alias: String) -> String {
            guard let line = alias.lastIndex(of: "_"), line != alias.startIndex else { return alias }
            let number = alias[alias.index(after: line)...]
            return !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
                ? String(alias[..<line]) : alias
        }

        func isPart(ofSameTableAs other: Scan) -> Bool {
            tables.count > 1 && tables.last == other.tables.last && alias == other.alias
        }
    }

    /// The scans of the plan that no index can take the place of, those of the parts of a table as one.
    private var scans: [Scan] {
        // An index that fits is used where scans are forbidden, if only because of many rows of one value.
        let indexed = description.indexedPlan.filter { node in
            !node.type.hasSuffix("Seq Scan") && node.conditions.contains { $0 != node.filter }
        }.compactMap(\.alias)
        var scans: [Scan] = []
        for scan in description.plan.compactMap({ Scan($0, schema) })
        where !(scan.node.alias.map(indexed.contains) ?? false) {
            if let index = scans.firstIndex(where: scan.isPart(ofSameTableAs:)) {
                scans[index].rows += scan.rows
            } else {
                scans.append(scan)
            }
        }
        return scans
    }

    private func checkScans(_ findings: inout Findings) {
        for scan in scans where scan.rows >= Self.bigTable {
            // A statement may name a part itself.
            let mentions = scan.tables.reversed().lazy.compactMap { table in
                words.location(ofAny: [table.name]).map { (table.name, $0) }
            }
            let (table, place) =
                mentions.first ?? (scan.tables.last?.name ?? "", statement.statement.start)
            findings.report(
                .seqScan,
                "each request reads all of '\(table)' (\(Self.grouped(scan.rows)) rows): no index fits '\(named(scan))'",
                of: statement,
                at: place
            )
        }
    }

    /// The condition of a scan with the names of inputs in place of parameters, and the alias of the whole table in place of
    /// that of a part.
    private func named(_ scan: Scan) -> String {
        let outputs = Self.outputs(of: description.plan)
        let names = description.inputNames(in: statement.statement)
        let lexer = SQLLexer(scan.filter)
        let tree = SQLTokenTree(lexer.tokens, of: lexer.bytes)
        var text: [UInt8] = []
        var copied = 0
        for index in tree.tokens.indices {
            let token = tree.tokens[index]
            let replacement: String
            if token.kind == .parameter, let number = Int(tree.texts[index].dropFirst()) {
                if outputs.contains(number) {
                    // Where a parameter has the same number, nothing tells which of the two it is.
                    guard !description.parameters.indices.contains(number - 1) else { continue }
                    replacement = "(SELECT …)"
                } else {
                    guard names.indices.contains(number - 1) else { continue }
                    replacement = ":\(names[number - 1])"
                }
            } else if scan.tables.count > 1, tree.isPunctuation(index + 1, "."), !tree.isPunctuation(index - 1, "."),
                SQLCatalogName(tree, index)?.text == scan.node.alias
            {
                replacement = SQLIdentifierSyntax.spelled(scan.alias)
            } else {
                continue
            }
            text += lexer.bytes[copied..<token.range.lowerBound]
            text += replacement.utf8
            copied = token.range.upperBound
        }
        return String(decoding: text + lexer.bytes[copied...], as: UTF8.self)
    }

    /// A number with commas between groups of digits.
    static func grouped(_ number: Double) -> String {
        let digits = String(Int(number.rounded()))
        let groups = stride(from: digits.count, to: 0, by: -3).map { end in
            digits.dropFirst(max(0, end - 3)).prefix(min(3, end))
        }
        return groups.reversed().joined(separator: ",")
    }
}
