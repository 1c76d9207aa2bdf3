import RouteManifest

/// Inputs that can't be read as the type of their parameter.
enum ParameterFindings {
    static func check(
        _ statement: StatementToCheck,
        _ description: StatementFacts.Description,
        _ findings: inout Findings
    ) {
        var seen: Set<Int> = []
        for (index, occurrence) in statement.statement.occurrences.enumerated() {
            let parameter = occurrence.parameter
            let number = description.occurrences.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? parameter
            guard statement.types.indices.contains(parameter), description.parameters.indices.contains(number),
                description.parameters[number].mayBeRead == false, seen.insert(number).inserted
            else { continue }
            let type = statement.types[parameter]
            let name = statement.statement.names[parameter]
            let location = statement.statement.location(ofSentByte: occurrence.sentByte)
            findings.error(
                "':\(name)' is declared as \(type), and this statement needs \(description.parameters[number].name) here, as "
                    + "which no value of it can be read; declare another type, or cast it",
                at: location,
                notes: statement.inputLocations[name].map { [.init("it is declared here", at: $0)] } ?? []
            )
        }
    }
}
