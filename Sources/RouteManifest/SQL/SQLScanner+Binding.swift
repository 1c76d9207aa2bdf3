extension SQLScanner {
    /// The statement with `$1`, `$2`, … in place of inputs, and the name behind each parameter.
    ///
    /// The same name is the same parameter, wherever it stands. Where no single type fits all of its places, the database client
    /// takes them apart.
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
            // `$` may be part of a name: a parameter must not be joined to what stands before it.
            if let last = output.last, Self.isNamePart(last) { output.append(UInt8(ascii: " ")) }
            output.append(contentsOf: "$\(number)".utf8)
            copied = input.offset + 1 + input.text.utf8.count
        }
        output.append(contentsOf: bytes[copied..<max(copied, statement.upperBound)])
        return (String(decoding: output, as: UTF8.self), names)
    }
}
