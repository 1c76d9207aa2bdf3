import SQLSyntax

/// The clauses that have begun before each token of a statement, at the same nesting level.
///
/// They are found in one pass, because a search backwards from each token would take quadratic time.
struct SQLClauseContexts {
    /// The clauses before a token.
    struct Before {
        /// The index of the last keyword that begins a clause.
        var clause: Int?
        /// The index of the last keyword that begins a clause of a query, such as ORDER in ORDER BY.
        var sortingClause: Int?
        /// The index of the last comma.
        var comma: Int?
        /// Indicates that SELECT, DELETE or UPDATE precedes the token.
        var hasStatement = false
        /// Indicates that UPDATE precedes the token.
        var hasUpdate = false
        /// Indicates that `=` is an assignment here, as in `SET a = NULL`, or names an argument or a setting.
        var isAssigning = true
    }

    private let all: [Before]

    /// Finds the clauses of a statement.
    init(_ tree: SQLTokenTree) {
        var all: [Before] = []
        all.reserveCapacity(tree.tokens.count)
        // By the index of the opening bracket; -1 for the outermost level.
        var levels: [Int: Before] = [:]
        // The open CASE expressions, with the state before each.
        var cases: [(level: Int, isAssigning: Bool)] = []
        for index in tree.tokens.indices {
            let level = tree.openers[index] ?? -1
            var state = levels[level] ?? Before(isAssigning: level == -1)
            all.append(state)
            if tree.isPunctuation(index, ",") { state.comma = index }
            if tree.isWord(index) {
                while let last = cases.last, last.level > level { cases.removeLast() }
                Self.read(tree, at: index, level: level, state: &state, cases: &cases)
            }
            levels[level] = state
        }
        self.all = all
    }

    /// The clauses before the token at an index.
    func before(_ index: Int) -> Before { all[index] }

    private static let clauses: Set<String> = [
        "select", "from", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "union",
        "intersect", "except", "set", "values", "returning", "on", "using", "by", "join", "insert", "merge",
    ]
    private static let sortingClauses: Set<String> = [
        "select", "from", "where", "group", "having", "order", "limit", "offset", "union", "returning",
    ]
    private static let conditions: Set<String> = [
        "where", "on", "having", "when", "then", "else", "select", "and", "or", "not", "from", "by",
    ]

    private static func read(
        _ tree: SQLTokenTree,
        at index: Int,
        level: Int,
        state: inout Before,
        cases: inout [(level: Int, isAssigning: Bool)]
    ) {
        if tree.isKeyword(index, in: clauses) { state.clause = index }
        if tree.isKeyword(index, in: sortingClauses) { state.sortingClause = index }
        if tree.isKeyword(index, "select", "delete", "update") { state.hasStatement = true }
        if tree.isKeyword(index, "update") { state.hasUpdate = true }
        if tree.isKeyword(index, "case") {
            cases.append((level, state.isAssigning))
        } else if tree.isKeyword(index, "end") {
            // PostgreSQL reports an END without a CASE.
            state.isAssigning = cases.last?.level == level ? cases.removeLast().isAssigning : true
        } else if tree.isKeyword(index, "set", "with") {
            state.isAssigning = true
        } else if tree.isKeyword(index, in: conditions) {
            state.isAssigning = false
        }
    }
}
