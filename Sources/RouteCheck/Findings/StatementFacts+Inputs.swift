import RouteManifest

extension StatementFacts.Description {
    /// An occurrence of an input in a statement.
    struct Occurrence {
        /// The index among all occurrences in the statement.
        var index: Int
        /// The index of the parameter.
        var parameter: Int
        /// The offset of its byte `$` in the sent statement.
        var sentByte: Int
        /// The index of its type among those of the description.
        var type: Int
    }

    /// Returns the occurrences of inputs in the described statement, in their order, with the indices of their types.
    func occurrences(in statement: LocatedStatement) -> [Occurrence] {
        statement.occurrences.enumerated().map { index, occurrence in
            let type = occurrences.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            return Occurrence(
                index: index,
                parameter: occurrence.parameter,
                sentByte: occurrence.sentByte,
                type: type ?? occurrence.parameter
            )
        }
    }

    /// Returns the name of the input behind each type; `$1` and the like for a type that no occurrence has.
    func inputNames(in statement: LocatedStatement) -> [String] {
        var names = parameters.indices.map { "$\($0 + 1)" }
        for occurrence in occurrences(in: statement).reversed()
        where names.indices.contains(occurrence.type) && statement.names.indices.contains(occurrence.parameter) {
            names[occurrence.type] = statement.names[occurrence.parameter]
        }
        return names
    }
}

extension StatementFacts.ServerError {
    /// Returns the detail and the hint as notes.
    func notes(at place: Location) -> [Diagnostic.Note] {
        [("DETAIL", detail), ("HINT", hint)].compactMap { title, text in
            text.map { Diagnostic.Note("\(title): \($0)", at: place) }
        }
    }
}
