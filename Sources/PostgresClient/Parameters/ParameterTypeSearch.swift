/// Chooses the types of a statement's parameters: for each the first of its candidates with which the statement can be prepared.
///
/// All parameters begin with their best type. Where the server refuses that, the types of those parameters are changed that the
/// error may be about, one after the other, until the statement can be prepared; then each goes back to the best type that it
/// can still have. A parameter has one type, wherever it stands, unless there is no such type: then its occurrences become
/// parameters of their own, as many as there are different types.
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

    /// How widely types are changed, in the order in which that is tried.
    private enum Scope: Int, CaseIterable {
        /// Of whole parameters near the place of the error.
        case near
        /// Of single occurrences near the place of the error.
        case nearOccurrences
        /// Of all parameters.
        case all
        /// Of all occurrences.
        case allOccurrences

        var splits: Bool { self == .nearOccurrences || self == .allOccurrences }
        var isNear: Bool { self == .near || self == .nearOccurrences }
    }

    private enum Stage {
        case searching
        case improving(ParameterImprovement)
        /// Tries the first of these in place of what the server has inferred.
        case replacing([ParameterAssignment.Change])
        /// Leaves these variables to the server to see which type it infers.
        case probing([Int], rest: [[Int]])
        case confirming
    }

    /// Types that were refused, and the changes that have not been tried.
    private struct Attempt {
        let choices: [Int]
        /// The next one last.
        var changes: [ParameterAssignment.Change]
    }

    /// The number of times that a statement may be prepared before one is taken, or none.
    static let limit = 100

    private let sql: String
    private let parameters: [ParameterTypes]
    private var scope = Scope.near
    /// The number of statements that were to be prepared.
    private var count = 0
    /// The number that may be reached in this scope: half of what is left, and all of it in the last one.
    private var bound = limit / 2
    private var stage = Stage.searching
    private var assignment: ParameterAssignment
    /// The assignment as it was before types took the place of others.
    private var unpreferred: ParameterAssignment?
    private var choices: [Int]
    private var tried: Set<[Int]> = []
    /// The types that the server has given to parameters.
    private var descriptions: [[Int]: [UInt32]] = [:]
    /// The choices of the statement that was prepared last.
    private var prepared: [Int] = []
    /// The errors of what was refused, by whether occurrences were apart.
    private var refusals: [Bool: [[Int]: PostgresError]] = [:]
    private var attempts: [Attempt] = []
    private var firstError: PostgresError?
    /// An error that no type explains.
    private var otherError: PostgresError?

    /// A search for the types of `$1`, `$2`, … in `sql`.
    package init(sql: String, parameters: [ParameterTypes]) {
        self.sql = sql
        self.parameters = parameters
        assignment = ParameterAssignment(sql: sql, parameters: parameters, splits: false)
        choices = assignment.best
    }

    /// The statement with the best type for each parameter: the first to be prepared.
    package mutating func begin() -> TypedStatement {
        tried.insert(choices)
        prepared = choices
        count += 1
        return assignment.statement(choices)
    }

    /// Some parameter has more than one type to choose from.
    var hasChoice: Bool { assignment.hasChoice }

    /// The server has refused the statement that was to be prepared.
    package mutating func refused(_ error: PostgresError) -> Step {
        switch stage {
        case .searching:
            if firstError == nil { firstError = error }
            refusals[scope.splits, default: [:]][choices] = error
            if !Self.isAboutTypes(error) {
                otherError = otherError ?? error
                if scope == .near, tried.count == 1 { return .failed(error) }
            }
            attempt(choices, error)
            return searchOn()
        case .improving(let improvement): return improve(improvement)
        case .replacing(let changes):
            return replace(Array(changes.dropFirst()))
        case .probing(let variables, let rest):
            // Together they may contradict each other.
            return probe(rest: variables.count > 1 ? variables.map { [$0] } + rest : rest)
        case .confirming:
            guard let unpreferred else { return .failed(error) }
            assignment = unpreferred
            self.unpreferred = nil
            return .prepare(assignment.statement(choices))
        }
    }

    /// The statement has been prepared, with parameters of these types.
    package mutating func described(_ parameterOIDs: [UInt32]) -> Step {
        switch stage {
        case .searching:
            descriptions[choices] = parameterOIDs
            return improve(ParameterImprovement(of: choices, tried: tried))
        case .improving(var improvement):
            improvement.accepted()
            descriptions[improvement.best] = parameterOIDs
            return improve(improvement)
        case .replacing(let changes):
            guard let change = changes.first else { return confirm() }
            choices[change.variable] = change.choice
            return replace(changes.filter { $0.variable != change.variable })
        case .probing(let variables, let rest):
            let inferred = assignment.types(of: variables, in: assignment.inferring(variables, choices), parameterOIDs)
            assignment.prefer(inferred)
            return probe(rest: rest)
        case .confirming:
            return .chosen(assignment.statement(choices))
        }
    }

    // MARK: - Steps

    private mutating func searchOn() -> Step {
        while true {
            while var attempt = attempts.popLast() {
                guard count < bound, let change = attempt.changes.popLast() else { continue }
                attempts.append(attempt)
                var changed = attempt.choices
                changed[change.variable] = change.choice
                if let next = turn(to: changed) { return next }
            }
            guard let wider = Scope(rawValue: scope.rawValue + 1) else {
                let error = otherError ?? firstError
                return .failed(error ?? PostgresError(.invalidStatement, "the statement can't be prepared"))
            }
            scope = wider
            bound = wider == .allOccurrences ? Self.limit : count + (Self.limit - count) / 2
            guard count < bound else { continue }
            guard !scope.splits || assignment.canSplit else { continue }
            assignment = ParameterAssignment(sql: sql, parameters: parameters, splits: scope.splits)
            tried = []
            if let next = turn(to: assignment.best) { return next }
        }
    }

    /// Has types tried that have not been tried in this scope; `nil` where it is known that they are refused.
    private mutating func turn(to changed: [Int]) -> Step? {
        guard tried.insert(changed).inserted else { return nil }
        if let error = refusals[scope.splits]?[changed] {
            attempt(changed, error)
            return nil
        }
        choices = changed
        return prepare(changed)
    }

    /// Keeps what was refused, to change it.
    private mutating func attempt(_ choices: [Int], _ error: PostgresError) {
        guard Self.isAboutTypes(error) else { return }
        let changes = assignment.changes(of: choices, after: error, scope.isNear)
        attempts.append(Attempt(choices: choices, changes: changes))
    }

    private mutating func improve(_ improvement: ParameterImprovement) -> Step {
        var improvement = improvement
        if count < Self.limit, let next = improvement.next() {
            stage = .improving(improvement)
            return prepare(next)
        }
        choices = improvement.best
        return replace(assignment.replacements(of: choices, descriptions[choices] ?? []))
    }

    /// Tries other types where the server has inferred one that stands for none.
    private mutating func replace(_ changes: [ParameterAssignment.Change]) -> Step {
        if count < Self.limit, let change = changes.first {
            stage = .replacing(changes)
            var replaced = choices
            replaced[change.variable] = change.choice
            return prepare(replaced)
        }
        let variables = assignment.variablesWithPreference(choices)
        guard !variables.isEmpty, count < Self.limit else { return confirm() }
        unpreferred = assignment
        return probe(rest: [variables])
    }

    private mutating func probe(rest: [[Int]]) -> Step {
        guard count < Self.limit, let variables = rest.first else {
            prepared = []
            return confirm()
        }
        stage = .probing(variables, rest: Array(rest.dropFirst()))
        return prepare(assignment.inferring(variables, choices))
    }

    /// Ends with the statement that was chosen, which has to be the one that was prepared last.
    private mutating func confirm() -> Step {
        stage = .confirming
        return prepared == choices ? .chosen(assignment.statement(choices)) : prepare(choices)
    }

    private mutating func prepare(_ choices: [Int]) -> Step {
        prepared = choices
        count += 1
        return .prepare(assignment.statement(choices))
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
