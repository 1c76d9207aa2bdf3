extension SQLScanner {
    /// The statement with `$1`, `$2`, … in place of inputs, and the name behind each parameter.
    ///
    /// The same name is the same parameter, with one exception: in `:name IS NULL` an input is a parameter of its own, of type
    /// `text`. PostgreSQL would otherwise take the parameter for text wherever it stands, and in
    /// `:mood IS NULL OR mood = :mood` find no operator for an enum and text.
    public var bound: (sql: String, names: [String]) {
        var output: [UInt8] = []
        var parameters: [(name: String, isNullTest: Bool)] = []
        var copied = statement.lowerBound
        for input in inputs where statement.contains(input.offset) {
            output.append(contentsOf: bytes[copied..<input.offset])
            let isNullTest = isNullTest(input)
            let known = parameters.firstIndex { $0.name == input.text && $0.isNullTest == isNullTest }
            let number = (known ?? parameters.count) + 1
            if number > parameters.count { parameters.append((input.text, isNullTest)) }
            // `$` may be part of a name: a parameter must not be joined to what stands before it.
            if let last = output.last, Self.isNamePart(last) { output.append(0x20) }
            output.append(contentsOf: "$\(number)\(isNullTest ? "::text" : "")".utf8)
            copied = input.offset + 1 + input.text.utf8.count
        }
        output.append(contentsOf: bytes[copied..<max(copied, statement.upperBound)])
        return (String(decoding: output, as: UTF8.self), parameters.map(\.name))
    }

    /// Words after which an expression begins.
    private static let openings: Set<String> = [
        "and", "or", "not", "where", "on", "having", "when", "then", "else", "select", "case", "by", "distinct",
    ]

    /// Whether the input is all that is tested by `IS NULL` or `IS NOT NULL` behind it: in `a = :name IS NULL` it is not.
    private func isNullTest(_ input: Name) -> Bool {
        let end = input.offset + 1 + input.text.utf8.count
        guard let next = words.firstIndex(where: { $0.offset >= end }), words[next].text == "is",
            isBlank(end..<words[next].offset)
        else { return false }
        guard isFollowed(next, by: ["null"]) || isFollowed(next, by: ["not", "null"]) else { return false }
        var before = input.offset
        while before > statement.lowerBound, isBlank(before - 1..<before) { before -= 1 }
        guard before > statement.lowerBound else { return false }
        if [0x28, 0x2C].contains(bytes[before - 1]) { return true }
        guard let index = words.firstIndex(where: { $0.offset + $0.text.utf8.count == before }) else { return false }
        let word = words[index]
        return Self.openings.contains(word.text) && !word.isQualified && !(word.text == "and" && isBetween(index))
    }

    /// Whether an AND is BETWEEN's: `a BETWEEN b AND c IS NULL` tests all of it.
    private func isBetween(_ index: Int) -> Bool {
        let before = words[..<index].last { word in
            word.depth == words[index].depth && ["and", "between"].contains(word.text) && !word.isQualified
        }
        return before?.text == "between"
    }
}
