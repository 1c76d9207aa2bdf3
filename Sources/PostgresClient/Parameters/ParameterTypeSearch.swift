/// Chooses the types of a statement's parameters: for each the first of its candidates with which the statement can be prepared.
///
/// All parameters begin with their best type. Where the server refuses that, the types of those parameters are changed that the
/// error may be about, one after the other, until the statement can be prepared; then each goes back to the best type that it
/// can still have. A parameter has one type, wherever it stands, unless there is no such type: then its occurrences become
/// parameters of their own, as many as there are different types.
///
/// A parameter that is left to the server first means in each place what a literal would mean there. So, where it has several, each
/// is a parameter of its own while types are sought, and those that get the same type are one parameter in the end.
///
/// The caller prepares what it is given and says how that ended; nothing here knows a server.
package struct ParameterTypeSearch: Sendable {
    /// What has to be done next.
    package enum Step: Sendable {
        /// Prepare and describe this.
        case prepare(TypedStatement)
        /// The statement that was described last is the one to run.
        case chosen(TypedStatement)
        /// The statement can't be prepared.
        case failed(PostgresError)
    }

    /// How widely types are changed.
    private struct Scope {
        var division = ParameterDivision()
        /// Only near the place of the error.
        var isNear = true
    }

    private enum Stage {
        case searching
        case improving(ParameterImprovement)
        /// Tries other types in place of what the server has inferred.
        case replacing(ParameterImprovement)
        /// Leaves these variables to the server to see which type it infers.
        case probing([Int], rest: [[Int]])
        /// Makes one parameter of occurrences that have the same type. The parameters have to keep these types.
        case merging([UInt32])
        case confirming
    }

    /// Types that were refused, and the changes that have not been tried.
    private struct Attempt {
        let choices: [Int]
        /// The next one last.
        var changes: [[ParameterAssignment.Change]]
    }

    /// The number of times that a statement may be prepared before one is taken, or none.
    static let limit = 200
    /// The number of these that occurrences may be apart for, if that is of any use; the others take no more.
    private static let share = limit / 2

    private let occurrences: ParameterOccurrences
    private let parameters: [ParameterTypes]
    /// The statement with the best type for each parameter, as it was written.
    let plain: TypedStatement
    /// Some parameter has more than one type to choose from.
    let hasChoice: Bool
    /// The scopes in the order in which they are tried.
    private let scopes: [Scope]
    private var scopeIndex = 0
    private var scope: Scope { scopes[scopeIndex] }
    /// The number of statements that were to be prepared.
    private var count = 0
    /// The number that may be reached in this scope.
    private var bound = 0
    private var stage = Stage.searching
    private var assignment: ParameterAssignment
    /// The assignment as it was before types took the place of others.
    private var unpreferred: ParameterAssignment?
    private var choices: [Int]
    private var tried: Set<[Int]> = []
    /// The types that the server has given to parameters.
    private var descriptions: [[Int]: [UInt32]] = [:]
    /// The statement that was to be prepared last, and whether it was.
    private var last: (statement: TypedStatement, isPrepared: Bool)
    /// The errors of what was refused.
    private var refusals: [ParameterDivision: [[Int]: PostgresError]] = [:]
    private var attempts: [Attempt] = []
    /// What the server said of ``plain``.
    private(set) var firstError: PostgresError?
    /// An error that no type explains.
    private var otherError: PostgresError?

    /// A search for the types of `$1`, `$2`, … in `sql`.
    package init(sql: String, parameters: [ParameterTypes]) {
        let occurrences = ParameterOccurrences(sql)
        self.occurrences = occurrences
        self.parameters = parameters
        let whole = ParameterAssignment(occurrences, parameters: parameters, division: ParameterDivision())
        plain = whole.statement(whole.best)
        hasChoice = whole.hasChoice
        var scopes: [Scope] = []
        if whole.canBeApart {
            let kinds: [ParameterDivision.Inferred] = [.apart, .apartUnlessEqual, .apartUnlessGrouped]
            for inferred in kinds {
                scopes.append(Scope(division: ParameterDivision(inferred: inferred)))
                if whole.canSplitOthers {
                    scopes.append(Scope(division: ParameterDivision(inferred: inferred, isSplit: true)))
                }
            }
        }
        for isNear in [true, false] {
            scopes.append(Scope(isNear: isNear))
            if whole.canSplit { scopes.append(Scope(division: ParameterDivision(isSplit: true), isNear: isNear)) }
        }
        self.scopes = scopes
        let division = scopes[0].division
        assignment =
            division == ParameterDivision()
            ? whole : ParameterAssignment(occurrences, parameters: parameters, division: division)
        choices = assignment.best
        last = (assignment.statement(choices), false)
        bound = boundOfScope()
    }

    /// The first statement to be prepared.
    package mutating func begin() -> TypedStatement {
        tried.insert(choices)
        count += 1
        return last.statement
    }

    /// The server has refused the statement that was to be prepared.
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

    /// The statement has been prepared, with parameters of these types.
    package mutating func described(_ parameterOIDs: [UInt32]) -> Step {
        last.isPrepared = true
        switch stage {
        case .searching:
            descriptions[choices] = parameterOIDs
            return improve(ParameterImprovement(of: choices, assignment.improvements(of: choices), tried: tried))
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
            // Expressions have to be equal for which there are two parameters now.
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

    /// Goes on in the next scope that has a quality.
    private mutating func widen(where condition: (Scope) -> Bool) -> Step {
        while scopeIndex + 1 < scopes.count {
            scopeIndex += 1
            guard condition(scope) else { continue }
            bound = boundOfScope()
            guard count < bound else { continue }
            attempts = []
            tried = []
            descriptions = [:]
            assignment = ParameterAssignment(occurrences, parameters: parameters, division: scope.division)
            if let next = turn(to: assignment.best) { return next }
            // It is known how that ends.
            if let error = refusals[scope.division]?[assignment.best] {
                choices = assignment.best
                return searchOn(after: error)
            }
        }
        return .failed(
            otherError ?? firstError ?? PostgresError(.invalidStatement, "the statement can't be prepared")
        )
    }

    /// Half of what is left to the scopes of a kind, and all of it in the last one.
    private func boundOfScope() -> Int {
        let isApart = scope.division.isApart
        let end = isApart || !scopes[0].division.isApart ? Self.share : Self.limit
        let isLast = !scopes[(scopeIndex + 1)...].contains { $0.division.isApart == isApart }
        return isLast ? end : count + (end - count) / 2
    }

    /// Has types tried that have not been tried in this scope; `nil` where it is known that they are refused.
    private mutating func turn(to changed: [Int]) -> Step? {
        guard tried.insert(changed).inserted else { return nil }
        if let error = refusals[scope.division]?[changed] {
            attempt(changed, error)
            return nil
        }
        choices = changed
        return prepare(assignment.statement(changed))
    }

    /// Keeps what was refused, to change it.
    private mutating func attempt(_ choices: [Int], _ error: PostgresError) {
        guard Self.isAboutTypes(error) else { return }
        let changes = assignment.changes(of: choices, after: error, scope.isNear)
        attempts.append(Attempt(choices: choices, changes: changes))
    }

    // MARK: - Improving

    private mutating func improve(_ improvement: ParameterImprovement) -> Step {
        var improvement = improvement
        if count < end, let next = improvement.next() {
            stage = .improving(improvement)
            return prepare(assignment.statement(next))
        }
        choices = improvement.best
        let wishes = assignment.replacements(of: choices, descriptions[choices] ?? [])
        return replace(ParameterImprovement(of: choices, wishes, tried: []))
    }

    /// Tries other types where the server has inferred one that stands for none.
    private mutating func replace(_ replacement: ParameterImprovement) -> Step {
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

    /// Ends with the statement that was chosen, which has to be the one that was prepared last.
    private mutating func confirm() -> Step {
        stage = .confirming
        let statement = assignment.statement(choices)
        return last.isPrepared && last.statement == statement ? .chosen(statement) : prepare(statement)
    }

    /// The number that may be reached before the statement that was chosen is prepared.
    private var end: Int { scopes[0].division.isApart ? Self.limit : Self.share }

    private mutating func prepare(_ statement: TypedStatement) -> Step {
        last = (statement, false)
        count += 1
        return .prepare(statement)
    }

    // MARK: - Errors

    /// Whether expressions differ that have to be equal: in a selection and what it is sorted or grouped by.
    private static func isAboutEquality(_ error: PostgresError) -> Bool {
        error.sqlState == "42803" || error.sqlState == "42P10"
    }

    /// Whether other types of parameters may be all that is wanted (PostgreSQL manual, appendix A): an operator or function that
    /// does not exist or is ambiguous, types that do not go together, a parameter without a type or with two, a grouping that
    /// contradicts the selection, a literal that is none of the type that a parameter gives it.
    static func isAboutTypes(_ error: PostgresError) -> Bool {
        switch error.sqlState {
        case "42883", "42804", "42P18", "42P08", "42725", "42846", "42803", "42P38", "42809", "42P13", "42611": true
        case let state?: state.hasPrefix("22")
        case nil: false
        }
    }
}

extension PostgresError {
    /// The index of the parameter for which the server finds no type (SQLSTATE 42P18). It names no place then.
    var parameterWithoutType: Int? {
        guard sqlState == "42P18", let dollar = message.utf8.firstIndex(of: UInt8(ascii: "$")) else { return nil }
        let digits = message.utf8[dollar...].dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int(String(Substring(digits))).flatMap { $0 > 0 ? $0 - 1 : nil }
    }
}
