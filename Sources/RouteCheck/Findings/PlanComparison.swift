import SQLSyntax

/// A comparison of a column with a parameter, in a condition of a plan.
struct PlanComparison: Hashable {
    /// The alias of the table.
    var alias: String
    /// The column.
    var column: String
    /// The type to which the column is cast; `nil` if it is compared as it is.
    var cast: String?
    /// The operator.
    var `operator`: String
    /// The index of the parameter, from 0.
    var parameter: Int

    private static let operators: Set<String> = ["=", "<>", "<", ">", "<=", ">="]

    /// Returns the comparisons of a condition that have one of the forms `(a.b)::type = $1`, `a.b = $1`, either of them the
    /// other way round, or with `ANY ($1)`.
    ///
    /// - Parameters:
    ///   - condition: the condition.
    ///   - outputs: the numbers behind `$` that may be values of the plan's own subqueries, see ``PlanNode/outputs``.
    static func all(in condition: String, besides outputs: Set<Int> = []) -> [PlanComparison] {
        let lexer = SQLLexer(condition)
        let tree = SQLTokenTree(lexer.tokens, of: lexer.bytes)
        return tree.tokens.indices.compactMap { index in
            guard tree.tokens[index].kind == .parameter, let number = Int(tree.texts[index].dropFirst()),
                !outputs.contains(number)
            else {
                return nil
            }
            return before(index, number - 1, tree) ?? behind(index, number - 1, tree)
        }
    }

    private static func isComparison(_ index: Int, _ tree: SQLTokenTree) -> Bool {
        tree.tokens.indices.contains(index) && tree.tokens[index].kind == .operator
            && operators.contains(tree.texts[index])
    }

    /// The comparison whose parameter stands on the right.
    private static func before(_ index: Int, _ parameter: Int, _ tree: SQLTokenTree) -> PlanComparison? {
        var place = index - 1
        if tree.isPunctuation(place, "("), tree.isWord(place - 1, "any", "all") { place -= 2 }
        guard isComparison(place, tree) else { return nil }
        if let (alias, column) = reference(place - 3, tree) {
            return PlanComparison(alias: alias, column: column, operator: tree.texts[place], parameter: parameter)
        }
        var cast = place - 1
        while cast > 0, !tree.isPunctuation(cast, "::") {
            guard place - cast < 10, !tree.isPunctuation(cast, ")") || cast + 1 == place else { return nil }
            cast -= 1
        }
        guard tree.isPunctuation(cast, "::"), tree.isPunctuation(cast - 1, ")"), tree.isPunctuation(cast - 5, "("),
            let (alias, column) = reference(cast - 4, tree), tree.typeEnd(from: cast + 1, before: place) == place
        else { return nil }
        return PlanComparison(
            alias: alias,
            column: column,
            cast: typeName(cast + 1..<place, tree),
            operator: tree.texts[place],
            parameter: parameter
        )
    }

    /// The comparison whose parameter stands on the left.
    private static func behind(_ index: Int, _ parameter: Int, _ tree: SQLTokenTree) -> PlanComparison? {
        let place = index + 1
        guard isComparison(place, tree) else { return nil }
        if let (alias, column) = reference(place + 1, tree), !tree.isPunctuation(place + 4, ".", "::") {
            return PlanComparison(alias: alias, column: column, operator: tree.texts[place], parameter: parameter)
        }
        guard tree.isPunctuation(place + 1, "("), let (alias, column) = reference(place + 2, tree),
            tree.isPunctuation(place + 5, ")"), tree.isPunctuation(place + 6, "::")
        else { return nil }
        let start = place + 7
        let end = tree.typeEnd(from: start, before: tree.tokens.count)
        return PlanComparison(
            alias: alias,
            column: column,
            cast: typeName(start..<end, tree),
            operator: tree.texts[place],
            parameter: parameter
        )
    }

    /// The alias and the column of `alias.column` at an index.
    private static func reference(_ index: Int, _ tree: SQLTokenTree) -> (alias: String, column: String)? {
        guard tree.isPunctuation(index + 1, "."), !tree.isPunctuation(index - 1, ".", "::"),
            let alias = SQLCatalogName(tree, index)?.text, let column = SQLCatalogName(tree, index + 2)?.text
        else { return nil }
        return (alias, column)
    }

    /// The name of a type without its modifier, as `format_type` has it.
    private static func typeName(_ range: Range<Int>, _ tree: SQLTokenTree) -> String {
        var name = ""
        var index = range.lowerBound
        while index < range.upperBound {
            if tree.isPunctuation(index, "(") {
                index = tree.index(after: index)
                continue
            }
            let isWordBehindWord = tree.isWord(index) && index > range.lowerBound && !tree.isPunctuation(index - 1, ".")
            name += (isWordBehindWord ? " " : "") + tree.texts[index]
            index += 1
        }
        return name
    }
}
