/// The types of a statement's parameters, each selected from its candidates by an index.
///
/// A variable is what has one type: a parameter with all its occurrences or, if occurrences are divided, with some of
/// them. Occurrences of one parameter with the same type remain one parameter, so that expressions that have to be
/// equal stay equal.
struct ParameterTypeAssignment: Sendable {
    /// Another candidate for a variable.
    struct Change: Sendable {
        let variable: Int
        let choice: Int
    }

    private enum Candidate: Hashable, Sendable {
        case declared(UInt32)
        /// The server infers one type for all occurrences that are left to it.
        case inferred
        /// The server infers the type for this occurrence, and those of the same variable, alone.
        case inferredAlone(Int)
    }

    private struct Variable: Sendable {
        let parameter: Int
        let occurrences: [Int]
        var candidates: [Candidate]
        var preferred: UInt32?
        var avoided: UInt32?
        /// Indicates that the variable is first left to the server, apart from the parameter's other occurrences.
        var isApart = false
        /// The surroundings of the variable. They are equal for variables about which the server is likely to decide in
        /// the same way.
        var context = ""
    }

    private let occurrences: ParameterOccurrences
    private let parameterCount: Int
    private let isDivided: Bool
    private var variables: [Variable] = []
    /// The text to which the positions in errors refer.
    private let places: ParameterOccurrences
    private let numberWidth: Int

    init(
        _ occurrences: ParameterOccurrences,
        parameters: [ParameterTypeCandidates],
        division: ParameterOccurrenceDivision
    ) {
        self.occurrences = occurrences
        parameterCount = max(parameters.count, (occurrences.all.map(\.parameter).max() ?? -1) + 1)
        isDivided = division != ParameterOccurrenceDivision()
        numberWidth = isDivided ? String(occurrences.all.count).count : 0
        places =
            isDivided
            ? ParameterOccurrences(
                occurrences.text(numbers: occurrences.all.map { $0.parameter + 1 }, width: numberWidth)
            ) : occurrences
        for parameter in 0..<parameterCount {
            let types = parameter < parameters.count ? parameters[parameter] : .inferred(else: nil)
            let own = occurrences.all.indices.filter { occurrences.all[$0].parameter == parameter }
            add(parameter, types: types, occurrences: own, division: division)
        }
    }

    private mutating func add(
        _ parameter: Int,
        types: ParameterTypeCandidates,
        occurrences own: [Int],
        division: ParameterOccurrenceDivision
    ) {
        let candidates = types.candidates.map { $0.map { Candidate.declared($0.oid) } ?? .inferred }
        func add(_ occurrences: [Int], candidates: [Candidate], isApart: Bool = false) {
            variables.append(
                Variable(
                    parameter: parameter,
                    occurrences: occurrences,
                    candidates: candidates,
                    preferred: types.preferredWhereInferred?.oid,
                    avoided: types.avoidedWhereInferred?.oid,
                    isApart: isApart,
                    context: occurrences.first.map { self.occurrences.context($0) } ?? ""
                )
            )
        }
        if division.isApart, candidates.first == .inferred, own.count > 1 {
            let declared = candidates.filter { $0 != .inferred }
            for group in groups(of: own, division) {
                let isNullTest = group.allSatisfy { occurrences.isNullTest($0) }
                let alone = [Candidate.inferredAlone(group[0])]
                // A type that was declared for many variables at once is taken back one by one if it is wrong.
                let both = declared.isEmpty ? alone : alone + declared + alone
                add(group, candidates: isNullTest && !declared.isEmpty ? declared : both, isApart: true)
            }
        } else if division.isSplit, own.count > 1 {
            for occurrence in own { add([occurrence], candidates: candidates + [.inferredAlone(occurrence)]) }
        } else {
            add(own, candidates: candidates)
        }
    }

    private func groups(of own: [Int], _ division: ParameterOccurrenceDivision) -> [[Int]] {
        switch division.inferred {
        case .asOthers, .apart: break
        case .apartUnlessEqual:
            var groups: [(expression: String, occurrences: [Int])] = []
            for occurrence in own {
                let expression = occurrences.expression(occurrence)
                if let index = groups.firstIndex(where: { $0.expression == expression }) {
                    groups[index].occurrences.append(occurrence)
                } else {
                    groups.append((expression, [occurrence]))
                }
            }
            return groups.map(\.occurrences)
        case .apartUnlessGrouped:
            if own.contains(where: { occurrences.isInSortOrGroup($0) }) { return [own] }
        }
        return own.map { [$0] }
    }

    /// The best type for each variable.
    var best: [Int] { variables.map { _ in 0 } }

    /// The number of variables.
    var count: Int { variables.count }

    /// Indicates that a parameter has several candidates, or occurrences that could have different types.
    var hasChoice: Bool { canSplit || variables.contains { $0.candidates.count > 1 } }

    /// Indicates that a parameter has several occurrences.
    var canSplit: Bool { variables.contains { $0.occurrences.count > 1 } }

    /// Indicates that a parameter that is first left to the server has several occurrences.
    var canBeApart: Bool {
        variables.contains { $0.occurrences.count > 1 && $0.candidates.first == .inferred }
    }

    /// Indicates that a parameter whose best type is declared has several occurrences.
    var canSplitOthers: Bool {
        variables.contains { $0.occurrences.count > 1 && $0.candidates.first != .inferred && !$0.isApart }
    }

    // MARK: - Statements

    /// Returns the statement with these types.
    func statement(_ choices: [Int]) -> TypedStatement {
        guard isDivided else { return whole(variables.indices.map { type(of: $0, choices) }) }
        let known = parameters(choices)
        var types = Array(repeating: UInt32(0), count: known.keys.count)
        var numbers = Array(repeating: 1, count: occurrences.all.count)
        for (variable, index) in zip(variables.indices, known.indices) {
            types[index] = type(of: variable, choices)
            for occurrence in variables[variable].occurrences { numbers[occurrence] = index + 1 }
        }
        return TypedStatement(
            sql: occurrences.text(numbers: numbers, width: numberWidth),
            types: types,
            sources: known.keys.map(\.parameter)
        )
    }

    /// Returns the statement in which occurrences with the same type are one parameter again, and the types of its
    /// parameters.
    func merged(_ choices: [Int], _ parameterOIDs: [UInt32]) -> (statement: TypedStatement, parameterOIDs: [UInt32])? {
        struct Typed: Hashable {
            let parameter: Int
            let oid: UInt32
        }
        let described = types(of: Array(variables.indices), in: choices, parameterOIDs)
        var known: [Typed] = []
        var types: [UInt32] = []
        var numbers = Array(repeating: 1, count: occurrences.all.count)
        for variable in variables.indices {
            let declared = type(of: variable, choices)
            guard let oid = declared == 0 ? described[variable] : declared else { return nil }
            let typed = Typed(parameter: variables[variable].parameter, oid: oid)
            let index = known.firstIndex(of: typed) ?? known.count
            if index == known.count {
                known.append(typed)
                types.append(0)
            }
            if declared != 0 { types[index] = declared }
            for occurrence in variables[variable].occurrences { numbers[occurrence] = index + 1 }
        }
        let sources = known.map(\.parameter)
        let statement =
            sources == Array(0..<parameterCount)
            ? whole(types)
            : TypedStatement(
                sql: occurrences.text(numbers: numbers, width: numberWidth),
                types: types,
                sources: sources
            )
        return (statement, known.map(\.oid))
    }

    /// Returns the statement as it was written, with these types.
    private func whole(_ types: [UInt32]) -> TypedStatement {
        TypedStatement(sql: occurrences.sql, types: types.allSatisfy { $0 == 0 } ? [] : types, sources: nil)
    }

    private struct Key: Hashable {
        let parameter: Int
        let candidate: Candidate
    }

    /// Returns the statement's parameters, and the index of each variable's parameter.
    private func parameters(_ choices: [Int]) -> (keys: [Key], indices: [Int]) {
        var keys: [Key] = []
        var known: [Key: Int] = [:]
        let indices = zip(variables, choices).map { variable, choice in
            let key = Key(parameter: variable.parameter, candidate: variable.candidates[choice])
            if let index = known[key] { return index }
            known[key] = keys.count
            keys.append(key)
            return keys.count - 1
        }
        return (keys, indices)
    }

    private func type(of variable: Int, _ choices: [Int]) -> UInt32 {
        if case .declared(let oid) = variables[variable].candidates[choices[variable]] { oid } else { 0 }
    }

    // MARK: - Changes

    /// Returns the changes that an error suggests, the likeliest last.
    func changes(of choices: [Int], after error: PostgresError, _ isNear: Bool) -> [[Change]] {
        var changes: [[Change]] = []
        let concerned = concerned(by: error, choices: choices, isNear: isNear)
        if concerned == nil {
            // An error about a polymorphic argument of unknown type has no position, so it may concern any of them.
            let unknown = variables.indices.filter {
                variables[$0].isApart && choices[$0] == 0 && variables[$0].candidates.count > 1
            }
            if !unknown.isEmpty { changes.append(unknown.map { Change(variable: $0, choice: 1) }) }
        }
        for variable in concerned ?? Array(variables.indices) {
            let choice = choices[variable]
            guard choice + 1 < variables[variable].candidates.count else { continue }
            let alike = variables.indices.filter {
                choices[$0] == choice && variables[$0].context == variables[variable].context
                    && variables[$0].candidates.count == variables[variable].candidates.count
            }
            for other in (choice + 1)..<variables[variable].candidates.count {
                if alike.count > 1 { changes.append(alike.map { Change(variable: $0, choice: other) }) }
                changes.append([Change(variable: variable, choice: other)])
            }
        }
        return changes.reversed()
    }

    /// Returns the variables that an error may concern, the likeliest first; `nil` if it does not tell.
    private func concerned(by error: PostgresError, choices: [Int], isNear: Bool) -> [Int]? {
        guard let character = error.position else {
            return error.parameterWithoutType.map { number in
                let indices = isDivided ? parameters(choices).indices : Array(variables.indices)
                return variables.indices.filter { indices[$0] == number }
            }
        }
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

    /// Returns the changes to types that are better than these choices.
    func improvements(of choices: [Int]) -> [ParameterTypeImprovement.Wish] {
        (0..<(choices.max() ?? 0)).flatMap { choice -> [ParameterTypeImprovement.Wish] in
            // The last candidate of an occurrence that is apart equals its first one.
            let worse = variables.indices.filter {
                choices[$0] > choice && (!variables[$0].isApart || type(of: $0, choices) != 0)
            }
            let alike = Dictionary(grouping: worse) { variables[$0].context }
            let kinds = alike.values.filter { $0.count > 1 }.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
            let single = worse.filter { alike[variables[$0].context]?.count == 1 }
            func change(_ variable: Int) -> Change { Change(variable: variable, choice: choice) }
            return kinds.map { ParameterTypeImprovement.Wish($0.map(change), isUniform: true) }
                + [ParameterTypeImprovement.Wish(single.filter { variables[$0].isApart }.map(change))]
                + single.filter { !variables[$0].isApart }.map { ParameterTypeImprovement.Wish([change($0)]) }
        }
    }

    /// Returns the declared types to try where the server has inferred an avoided type.
    func replacements(of choices: [Int], _ parameterOIDs: [UInt32]) -> [ParameterTypeImprovement.Wish] {
        let inferred = types(of: Array(variables.indices), in: choices, parameterOIDs)
        let avoided = variables.indices.filter {
            variables[$0].avoided != nil && inferred[$0] == variables[$0].avoided && type(of: $0, choices) == 0
        }
        let most = avoided.map { variables[$0].candidates.count }.max() ?? 0
        return (0..<most).map { choice in
            ParameterTypeImprovement.Wish(
                avoided.compactMap { variable in
                    guard choice < variables[variable].candidates.count,
                        case .declared = variables[variable].candidates[choice]
                    else { return nil }
                    return Change(variable: variable, choice: choice)
                }
            )
        }
    }

    /// Returns the variables for which another type is preferred if the server would infer it.
    func variablesWithPreference(_ choices: [Int]) -> [Int] {
        variables.indices.filter { variable in
            guard let preferred = variables[variable].preferred,
                case .declared(let oid) = variables[variable].candidates[choices[variable]]
            else { return false }
            return oid != preferred && variables[variable].candidates.contains(.inferred)
        }
    }

    /// Returns the choices with these variables left to the server.
    func inferring(_ inferred: [Int], _ choices: [Int]) -> [Int] {
        var choices = choices
        for variable in inferred {
            if let index = variables[variable].candidates.firstIndex(of: .inferred) { choices[variable] = index }
        }
        return choices
    }

    /// Returns the types that the server has given to variables, taken from those of the statement's parameters.
    func types(of wanted: [Int], in choices: [Int], _ parameterOIDs: [UInt32]) -> [Int: UInt32] {
        let indices = parameters(choices).indices
        var types: [Int: UInt32] = [:]
        for variable in wanted where indices[variable] < parameterOIDs.count {
            types[variable] = parameterOIDs[indices[variable]]
        }
        return types
    }

    /// Gives variables their preferred type if the server has inferred it.
    mutating func prefer(_ inferred: [Int: UInt32]) {
        for (variable, type) in inferred where variables[variable].preferred == type {
            variables[variable].candidates = variables[variable].candidates.map { candidate in
                if case .declared = candidate { .declared(type) } else { candidate }
            }
        }
    }
}
