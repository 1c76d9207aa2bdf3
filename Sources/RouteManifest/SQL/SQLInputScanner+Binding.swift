extension SQLInputScanner {
    /// The statement with `$1`, `$2`, … in place of inputs, and the name behind each parameter.
    ///
    /// A name is the same parameter wherever it occurs. If no single type fits all its occurrences, the database client
    /// splits the parameter.
    public var bound: (sql: String, names: [String]) {
        var output: [UInt8] = []
        var names: [String] = []
        var numbers: [String: Int] = [:]
        var copied = statement.lowerBound
        for input in inputs where statement.contains(input.offset) {
            output.append(contentsOf: bytes[copied..<input.offset])
            let number = numbers[input.text, default: names.count + 1]
            if number > names.count {
                names.append(input.text)
                numbers[input.text] = number
            }
            // A blank separates the parameter from a name before it, because a name can contain `$`.
            if let last = output.last, Self.isNamePart(last) { output.append(UInt8(ascii: " ")) }
            output.append(contentsOf: "$\(number)".utf8)
            copied = input.offset + 1 + input.text.utf8.count
        }
        output.append(contentsOf: bytes[copied..<max(copied, statement.upperBound)])
        return (String(decoding: output, as: UTF8.self), names)
    }
}
