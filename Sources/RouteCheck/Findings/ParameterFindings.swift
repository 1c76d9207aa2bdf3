import RouteManifest
import RouteModel

/// Inputs that can't be read as the type of their parameter, and texts of the manifest that can't.
enum ParameterFindings {
    /// An input and a type as which no value of it can be read.
    struct Unreadable {
        /// The name of the input.
        var name: String
        /// The type of the input.
        var type: InputType
        /// The name of the type that the statement needs.
        var needed: String
        /// The place of the first occurrence that needs it.
        var location: Location

        /// The words about it.
        var text: String {
            "':\(name)' is declared as \(type), and this statement needs \(needed) here, as which no value of it can be read"
        }
    }

    static func check(
        _ statement: StatementToCheck,
        _ description: StatementFacts.Description,
        _ findings: inout Findings
    ) {
        for input in unreadable(statement, description) {
            findings.error(
                "\(input.text); declare another type, or cast it",
                at: input.location,
                notes: statement.inputLocations[input.name].map { [.init("it is declared here", at: $0)] } ?? []
            )
        }
    }

    /// Reports values of `one-of` and defaults that are no labels of the enum for which they are sent.
    static func checkLabels(
        _ statement: StatementToCheck,
        _ description: StatementFacts.Description,
        _ findings: inout Findings
    ) {
        for occurrence in description.occurrences(in: statement.statement) {
            guard statement.texts.indices.contains(occurrence.parameter),
                description.parameters.indices.contains(occurrence.type)
            else { continue }
            let type = description.parameters[occurrence.type]
            guard let labels = type.labels else { continue }
            let name = statement.statement.names[occurrence.parameter]
            let use = statement.statement.location(ofSentByte: occurrence.sentByte)
            for text in statement.texts[occurrence.parameter] where !labels.contains(text) {
                findings.error(
                    "'\(text)' is no label of \(LockDifference.elementType(type.name)), as which ':\(name)' is sent"
                        + MisspellingSuggestion.text(for: text, among: labels),
                    at: statement.inputLocations[name] ?? use,
                    notes: [.init("it is sent here", at: use)]
                )
            }
        }
    }

    /// Returns the inputs that can't be read, each type of one once.
    static func unreadable(
        _ statement: StatementToCheck,
        _ description: StatementFacts.Description
    ) -> [Unreadable] {
        var seen: Set<Int> = []
        return description.occurrences(in: statement.statement).compactMap { occurrence in
            guard statement.types.indices.contains(occurrence.parameter),
                description.parameters.indices.contains(occurrence.type),
                description.parameters[occurrence.type].mayBeRead == false, seen.insert(occurrence.type).inserted
            else { return nil }
            return Unreadable(
                name: statement.statement.names[occurrence.parameter],
                type: statement.types[occurrence.parameter],
                needed: description.parameters[occurrence.type].name,
                location: statement.statement.location(ofSentByte: occurrence.sentByte)
            )
        }
    }
}
