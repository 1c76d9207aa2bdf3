extension SQLInputScanner {
    /// The statement with `$1`, `$2`, … in place of inputs, the name behind each parameter, and the way back to the
    /// text's offsets.
    ///
    /// A name is the same parameter wherever it occurs. If no single type fits all its occurrences, the database client
    /// splits the parameter.
    package var bound: (sql: String, names: [String], map: StatementOffsetMap) {
        var output: [UInt8] = []
        var names: [String] = []
        var numbers: [String: Int] = [:]
        var copied = statement.lowerBound
        var map = StatementOffsetMap(statementAt: copied)
        for input in inputs where statement.contains(input.offset) {
            output.append(contentsOf: bytes[copied..<input.offset])
            let number = numbers[input.text, default: names.count + 1]
            if number > names.count {
                names.append(input.text)
                numbers[input.text] = number
            }
            map.add(sent: output.count, source: input.offset, isParameter: true)
            // A blank separates the parameter from a name before it, because a name can contain `$`.
            if let last = output.last, Self.isNamePart(last) { output.append(UInt8(ascii: " ")) }
            output.append(contentsOf: "$\(number)".utf8)
            copied = input.offset + 1 + input.text.utf8.count
            map.add(sent: output.count, source: copied, isParameter: false)
        }
        output.append(contentsOf: bytes[copied..<max(copied, statement.upperBound)])
        return (String(decoding: output, as: UTF8.self), names, map)
    }
}
