/// Finds types for a statement's parameters: for each, the first of its candidates with which the statement can be
/// prepared.
///
/// All parameters begin with their best type. If the server refuses it, the types of the parameters that the error may
/// concern are changed, one after another, until the statement can be prepared; then each parameter returns to the best
/// type that is still possible. A parameter has one type at all positions, unless there is no such type: then its
/// occurrences become separate parameters, as many as there are different types.
///
/// A parameter that is first left to the server means at each position what a literal would mean there. So each of its
/// occurrences is a separate parameter during the search, and occurrences with the same type are merged at its end.
///
/// The caller prepares the statements and reports the results; the search does not use a server.
package struct ParameterTypeSearch: Sendable {
    /// The next step of the search.
    package enum Step: Sendable {
        /// Prepare and describe this statement.
        case prepare(TypedStatement)
        /// Execute the statement that was described last.
        case chosen(TypedStatement)
        /// The statement can't be prepared.
        case failed(PostgresError)
    }

    /// The extent to which types are changed.
    private struct Scope {
        var division = ParameterOccurrenceDivision()
        /// Only near the position of the error.
        var isNear = true
    }

    private enum Stage {
        case searching
        case improving(ParameterTypeImprovement)
        /// Tries other types in place of those that the server has inferred.
        case replacing(ParameterTypeImprovement)
        /// Leaves these variables to the server to see the inferred types.
        case probing([Int], rest: [[Int]])
        /// Merges occurrences with the same type into one parameter. The parameters have to keep these types.
        case merging([UInt32])
        case confirming
    }

    /// Refused types, and the changes that have not been tried.
    private struct Attempt {
        let choices: [Int]
        /// The remaining changes, in reverse order.
        var changes: [[ParameterTypeAssignment.Change]]
    }

    /// The number of statements to prepare before the search is given up.
    static let limit = 200
    /// The part of that number for which occurrences may be apart, if that is useful; the other scopes have the rest.
    private static let share = limit / 2

    private let occurrences: ParameterOccurrences
    private let parameters: [ParameterTypeCandidates]
    /// The statement as it was written, with the best type for each parameter.
    let plain: TypedStatement
    /// Indicates that a parameter has several candidates.
    let hasChoice: Bool
    /// The scopes in the order in which they are tried.
    private let scopes: [Scope]
    private var scopeIndex = 0
    private var scope: Scope { scopes[scopeIndex] }
    /// The number of statements prepared so far.
    private var count = 0
    /// The limit of that number in the current scope.
    private var bound = 0
    private var stage = Stage.searching
    private var assignment: ParameterTypeAssignment
    /// The assignment before preferred types replaced others.
    private var unpreferred: ParameterTypeAssignment?
    private var choices: [Int]
    private var tried: Set<[Int]> = []
    /// The types that the server has given to parameters.
    private var descriptions: [[Int]: [UInt32]] = [:]
    /// The statement that was prepared last, and whether that succeeded.
    private var last: (statement: TypedStatement, isPrepared: Bool)
    /// The errors of refused choices.
    private var refusals: [ParameterOccurrenceDivision: [[Int]: PostgresError]] = [:]
    private var attempts: [Attempt] = []
    /// The server's error for ``plain``.
    private(set) var firstError: PostgresError?
    /// An error that no type explains.
    private var otherError: PostgresError?

    /// Makes a search for the types of the parameters `$1`, `$2` and so on.
    ///
    /// - Parameters:
    ///   - sql: the statement.
    ///   - parameters: the candidates of each parameter.
    package init(sql: String, parameters: [ParameterTypeCandidates]) {
        let occurrences = ParameterOccurrences(sql)
        self.occurrences = occurrences
        self.parameters = parameters
        let whole = ParameterTypeAssignment(
            occurrences,
            parameters: parameters,
            division: ParameterOccurrenceDivision()
        )
        plain = whole.statement(whole.best)
        hasChoice = whole.hasChoice
        var scopes: [Scope] = []
        if whole.canBeApart {
            let kinds: [ParameterOccurrenceDivision.Inferred] = [.apart, .apartUnlessEqual, .apartUnlessGrouped]
            for inferred in kinds {
                scopes.append(Scope(division: ParameterOccurrenceDivision(inferred: inferred)))
                if whole.canSplitOthers {
                    scopes.append(Scope(division: ParameterOccurrenceDivision(inferred: inferred, isSplit: true)))
                }
            }
        }
        for isNear in [true, false] {
            scopes.append(Scope(isNear: isNear))
            if whole.canSplit {
                scopes.append(Scope(division: ParameterOccurrenceDivision(isSplit: true), isNear: isNear))
            }
        }
        self.scopes = scopes
        let division = scopes[0].division
        assignment =
            division == ParameterOccurrenceDivision()
            ? whole : ParameterTypeAssignment(occurrences, parameters: parameters, division: division)
        choices = assignment.best
        last = (assignment.statement(choices), false)
        bound = boundOfScope()
    }

    /// Returns the first statement to prepare.
    package mutating func begin() -> TypedStatement {
        tried.insert(choices)
        count += 1
        return last.statement
    }

    /// Records that the server has refused the statement.
    package mutating func refused(_ error: PostgresError) -> Step {
        last.isPrepared = false
        switch stage {
        case .searching: return searchOn(after: error)
        case .improving(var improvement):
            improvement.refused()
            return improve(improvement)
        case .replacing(var replacement):
            replacement.refused()
            return replace(replacement)
        case .probing(let variables, let rest):
            // Together they may contradict each other.
            return probe(rest: variables.count > 1 ? variables.map { [$0] } + rest : rest)
        case .merging:
            guard let unpreferred else { return confirm() }
            assignment = unpreferred
            self.unpreferred = nil
            return merge()
        case .confirming:
            guard let unpreferred else { return .failed(error) }
            assignment = unpreferred
            self.unpreferred = nil
            return confirm()
        }
    }

    /// Records that the statement has been prepared, with parameters of these types.
    package mutating func described(_ parameterOIDs: [UInt32]) -> Step {
        last.isPrepared = true
        switch stage {
        case .searching:
            descriptions[choices] = parameterOIDs
            return improve(ParameterTypeImprovement(of: choices, assignment.improvements(of: choices), tried: tried))
        case .improving(var improvement):
            improvement.accepted()
            descriptions[improvement.best] = parameterOIDs
            return improve(improvement)
        case .replacing(var replacement):
            replacement.accepted()
            descriptions[replacement.best] = parameterOIDs
            return replace(replacement)
        case .probing(let variables, let rest):
            let inferred = assignment.types(of: variables, in: assignment.inferring(variables, choices), parameterOIDs)
            assignment.prefer(inferred)
            return probe(rest: rest)
        case .merging(let expected):
            return parameterOIDs == expected ? .chosen(last.statement) : confirm()
        case .confirming:
            return .chosen(last.statement)
        }
    }

    // MARK: - Searching

    private mutating func searchOn(after error: PostgresError) -> Step {
        refusals[scope.division, default: [:]][choices] = error
        let isFirst = tried.count == 1
        if scope.division.isApart {
            // Expressions have to be equal that contain different parameters now.
            if Self.isAboutEquality(error), isFirst || !scope.division.isSplit {
                let inferred = scope.division.inferred
                return widen { $0.division.inferred != inferred }
            }
            if isFirst, !Self.isAboutTypes(error) { return widen { !$0.division.isApart } }
        } else {
            firstError = firstError ?? error
            if !Self.isAboutTypes(error) {
                otherError = otherError ?? error
                if isFirst, scope.isNear, !scope.division.isSplit { return .failed(error) }
            }
        }
        attempt(choices, error)
        while var attempt = attempts.popLast() {
            guard count < bound, let changes = attempt.changes.popLast() else { continue }
            attempts.append(attempt)
            var changed = attempt.choices
            for change in changes { changed[change.variable] = change.choice }
            if let next = turn(to: changed) { return next }
        }
        return widen { _ in true }
    }

    /// Continues in the next scope that satisfies a condition.
    private mutating func widen(where condition: (Scope) -> Bool) -> Step {
        while scopeIndex + 1 < scopes.count {
            scopeIndex += 1
            guard condition(scope) else { continue }
            bound = boundOfScope()
            guard count < bound else { continue }
            attempts = []
            tried = []
            descriptions = [:]
            assignment = ParameterTypeAssignment(occurrences, parameters: parameters, division: scope.division)
            if let next = turn(to: assignment.best) { return next }
            // The result is known already.
            if let error = refusals[scope.division]?[assignment.best] {
                choices = assignment.best
                return searchOn(after: error)
            }
        }
        return .failed(
            otherError ?? firstError ?? PostgresError(.invalidStatement, "the statement can't be prepared")
        )
    }

    /// Returns half of the remaining number for each scope of a kind, and all of it for the last one.
    private func boundOfScope() -> Int {
        let isApart = scope.division.isApart
        let end = isApart || !scopes[0].division.isApart ? Self.share : Self.limit
        let isLast = !scopes[(scopeIndex + 1)...].contains { $0.division.isApart == isApart }
        return isLast ? end : count + (end - count) / 2
    }

    /// Continues with types that have not been tried in this scope; `nil` if they are known to be refused.
    private mutating func turn(to changed: [Int]) -> Step? {
        guard tried.insert(changed).inserted else { return nil }
        if let error = refusals[scope.division]?[changed] {
            attempt(changed, error)
            return nil
        }
        choices = changed
        return prepare(assignment.statement(changed))
    }

    /// Stores refused types, to change them.
    private mutating func attempt(_ choices: [Int], _ error: PostgresError) {
        guard Self.isAboutTypes(error) else { return }
        let changes = assignment.changes(of: choices, after: error, scope.isNear)
        attempts.append(Attempt(choices: choices, changes: changes))
    }

    // MARK: - Improving

    private mutating func improve(_ improvement: ParameterTypeImprovement) -> Step {
        var improvement = improvement
        if count < end, let next = improvement.next() {
            stage = .improving(improvement)
            return prepare(assignment.statement(next))
        }
        choices = improvement.best
        let wishes = assignment.replacements(of: choices, descriptions[choices] ?? [])
        return replace(ParameterTypeImprovement(of: choices, wishes, tried: []))
    }

    /// Tries other types in place of inferred ones that are avoided.
    private mutating func replace(_ replacement: ParameterTypeImprovement) -> Step {
        var replacement = replacement
        if count < end, let next = replacement.next() {
            stage = .replacing(replacement)
            return prepare(assignment.statement(next))
        }
        choices = replacement.best
        let variables = assignment.variablesWithPreference(choices)
        guard !variables.isEmpty else { return conclude() }
        unpreferred = assignment
        return probe(rest: [variables])
    }

    private mutating func probe(rest: [[Int]]) -> Step {
        guard count < end, let variables = rest.first else { return conclude() }
        stage = .probing(variables, rest: Array(rest.dropFirst()))
        return prepare(assignment.statement(assignment.inferring(variables, choices)))
    }

    private mutating func conclude() -> Step { scope.division.isApart ? merge() : confirm() }

    private mutating func merge() -> Step {
        guard let oids = descriptions[choices], let merged = assignment.merged(choices, oids) else { return confirm() }
        stage = .merging(merged.parameterOIDs)
        return prepare(merged.statement)
    }

    /// Ends with the chosen statement, which has to be the one that was prepared last.
    private mutating func confirm() -> Step {
        stage = .confirming
        let statement = assignment.statement(choices)
        return last.isPrepared && last.statement == statement ? .chosen(statement) : prepare(statement)
    }

    /// The limit of statements before the chosen one is prepared.
    private var end: Int { scopes[0].division.isApart ? Self.limit : Self.share }

    private mutating func prepare(_ statement: TypedStatement) -> Step {
        last = (statement, false)
        count += 1
        return .prepare(statement)
    }

    // MARK: - Errors

    /// Indicates that expressions differ that have to be equal: in a select list and in ORDER BY or GROUP BY.
    private static func isAboutEquality(_ error: PostgresError) -> Bool {
        error.sqlState == "42803" || error.sqlState == "42P10"
    }

    /// Indicates that other types of parameters may solve the error (PostgreSQL manual, appendix A): an operator or
    /// function that does not exist or is ambiguous, incompatible types, a parameter without a type or with two, a
    /// grouping that contradicts the select list, a literal that does not fit a parameter's type.
    static func isAboutTypes(_ error: PostgresError) -> Bool {
        switch error.sqlState {
        case "42883", "42804", "42P18", "42P08", "42725", "42846", "42803", "42P38", "42809", "42P13", "42611": true
        case let state?: state.hasPrefix("22")
        case nil: false
        }
    }
}

extension PostgresError {
    /// The index of the parameter for which the server finds no type (SQLSTATE 42P18). Such an error has no position.
    var parameterWithoutType: Int? {
        guard sqlState == "42P18", let dollar = message.utf8.firstIndex(of: UInt8(ascii: "$")) else { return nil }
        let digits = message.utf8[dollar...].dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int(String(Substring(digits))).flatMap { $0 > 0 ? $0 - 1 : nil }
    }
}
