/// The types that the parameters of a statement have, each chosen among its candidates by a number.
///
/// What gets a type is called a variable: a parameter with all its occurrences or, split, a single occurrence. Occurrences of
/// one parameter that have the same type stay one parameter, so that expressions stay equal that have to be.
struct ParameterAssignment: Sendable {
    /// Another candidate for a variable.
    struct Change: Sendable {
        let variable: Int
        let choice: Int
    }

    private enum Candidate: Hashable, Sendable {
        case declared(UInt32)
        /// The server infers one type for all occurrences that are left to it.
        case inferred
        /// The server infers a type for this occurrence alone.
        case inferredAlone(Int)
    }

    private struct Variable: Sendable {
        let parameter: Int
        let occurrences: [Int]
        var candidates: [Candidate]
        var preferred: UInt32?
        var avoided: UInt32?
    }

    private let sql: String
    private let occurrences: ParameterOccurrences
    private let parameterCount: Int
    private let splits: Bool
    private var variables: [Variable]
    /// The text that errors count their places in.
    private let places: ParameterOccurrences
    private let numberWidth: Int

    init(sql: String, parameters: [ParameterTypes], splits: Bool) {
        self.sql = sql
        self.splits = splits
        let occurrences = ParameterOccurrences(sql)
        self.occurrences = occurrences
        let count = max(parameters.count, (occurrences.all.map(\.parameter).max() ?? -1) + 1)
        parameterCount = count
        var variables: [Variable] = []
        for parameter in 0..<count {
            let types = parameter < parameters.count ? parameters[parameter] : .inferred(else: nil)
            let candidates = types.candidates.map { $0.map { Candidate.declared($0.oid) } ?? .inferred }
            let own = occurrences.all.indices.filter { occurrences.all[$0].parameter == parameter }
            let preferred = types.preferredWhereInferred?.oid
            let avoided = types.avoidedWhereInferred?.oid
            if splits, own.count > 1 {
                for occurrence in own {
                    variables.append(
                        Variable(
                            parameter: parameter,
                            occurrences: [occurrence],
                            candidates: candidates + [.inferredAlone(occurrence)],
                            preferred: preferred,
                            avoided: avoided
                        )
                    )
                }
            } else {
                variables.append(
                    Variable(
                        parameter: parameter,
                        occurrences: own,
                        candidates: candidates,
                        preferred: preferred,
                        avoided: avoided
                    )
                )
            }
        }
        self.variables = variables
        numberWidth = splits ? String(occurrences.all.count).count : 0
        places =
            splits
            ? ParameterOccurrences(
                occurrences.text(numbers: occurrences.all.map { $0.parameter + 1 }, width: numberWidth)
            ) : occurrences
    }

    /// The best type for every variable.
    var best: [Int] { variables.map { _ in 0 } }

    /// Some parameter has more than one candidate, or occurrences that could have different types.
    var hasChoice: Bool { canSplit || variables.contains { $0.candidates.count > 1 } }

    /// A parameter has several occurrences.
    var canSplit: Bool { Set(occurrences.all.map(\.parameter)).count < occurrences.all.count }

    // MARK: - Statements

    /// The statement with these types.
    func statement(_ choices: [Int]) -> TypedStatement {
        guard splits else {
            let types = variables.indices.map { type(of: $0, choices) }
            return TypedStatement(sql: sql, types: types.allSatisfy { $0 == 0 } ? [] : types, sources: nil)
        }
        var known: [Key] = []
        var types: [UInt32] = []
        var numbers = Array(repeating: 1, count: occurrences.all.count)
        for (variable, choice) in zip(variables.indices, choices) {
            let key = Key(parameter: variables[variable].parameter, candidate: variables[variable].candidates[choice])
            let number: Int
            if let index = known.firstIndex(of: key) {
                number = index
            } else {
                number = known.count
                known.append(key)
                types.append(type(of: variable, choices))
            }
            for occurrence in variables[variable].occurrences { numbers[occurrence] = number + 1 }
        }
        return TypedStatement(
            sql: occurrences.text(numbers: numbers, width: numberWidth),
            types: types,
            sources: known.map(\.parameter)
        )
    }

    private struct Key: Hashable {
        let parameter: Int
        let candidate: Candidate
    }

    private func type(of variable: Int, _ choices: [Int]) -> UInt32 {
        if case .declared(let oid) = variables[variable].candidates[choices[variable]] { oid } else { 0 }
    }

    // MARK: - Changes

    /// The changes that an error suggests, the likeliest last.
    func changes(of choices: [Int], after error: PostgresError, _ isNear: Bool) -> [Change] {
        let order = concerned(by: error, isNear)
        return order.reversed().flatMap { variable in
            (0..<variables[variable].candidates.count).filter { $0 > choices[variable] }.reversed()
                .map { Change(variable: variable, choice: $0) }
        }
    }

    /// The variables that an error may be about, the likeliest first.
    private func concerned(by error: PostgresError, _ isNear: Bool) -> [Int] {
        guard let character = error.position else { return Array(variables.indices) }
        let (near, far) = places.ranked(byCharacter: character)
        var seen: Set<Int> = []
        return (isNear && !near.isEmpty ? near : near + far).compactMap { occurrence in
            guard let variable = variables.firstIndex(where: { $0.occurrences.contains(occurrence) }),
                seen.insert(variable).inserted
            else { return nil }
            return variable
        }
    }

    // MARK: - Preferences

    /// The declared types to try where the server has inferred one that stands for none.
    func replacements(of choices: [Int], _ parameterOIDs: [UInt32]) -> [Change] {
        let inferred = types(of: Array(variables.indices), in: choices, parameterOIDs)
        return variables.indices.flatMap { variable -> [Change] in
            guard let avoided = variables[variable].avoided, inferred[variable] == avoided,
                type(of: variable, choices) == 0
            else { return [] }
            return variables[variable].candidates.indices.compactMap { choice in
                if case .declared = variables[variable].candidates[choice] {
                    Change(variable: variable, choice: choice)
                } else {
                    nil
                }
            }
        }
    }

    /// The variables for which another type is preferred where the server would infer it.
    func variablesWithPreference(_ choices: [Int]) -> [Int] {
        variables.indices.filter { variable in
            guard let preferred = variables[variable].preferred,
                case .declared(let oid) = variables[variable].candidates[choices[variable]]
            else { return false }
            return oid != preferred && variables[variable].candidates.contains(.inferred)
        }
    }

    /// The choices with these variables left to the server.
    func inferring(_ inferred: [Int], _ choices: [Int]) -> [Int] {
        var choices = choices
        for variable in inferred {
            if let index = variables[variable].candidates.firstIndex(of: .inferred) { choices[variable] = index }
        }
        return choices
    }

    /// The types that the server has given to variables, from those of the statement's parameters.
    func types(of wanted: [Int], in choices: [Int], _ parameterOIDs: [UInt32]) -> [Int: UInt32] {
        var types: [Int: UInt32] = [:]
        var known: [Key] = []
        for (variable, choice) in zip(variables.indices, choices) {
            let key = Key(parameter: variables[variable].parameter, candidate: variables[variable].candidates[choice])
            if !known.contains(key) { known.append(key) }
            guard wanted.contains(variable), let index = known.firstIndex(of: key), index < parameterOIDs.count else {
                continue
            }
            types[variable] = parameterOIDs[index]
        }
        return types
    }

    /// Gives variables their preferred type where the server has inferred it.
    mutating func prefer(_ inferred: [Int: UInt32]) {
        for (variable, type) in inferred where variables[variable].preferred == type {
            variables[variable].candidates = variables[variable].candidates.map { candidate in
                if case .declared = candidate { .declared(type) } else { candidate }
            }
        }
    }
}
