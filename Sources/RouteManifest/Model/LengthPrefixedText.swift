/// Fields and values, each prefixed with its length, so that different lists never have the same bytes.
struct LengthPrefixedText {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: String, _ values: [String]) {
        append(field)
        append("\(values.count)")
        for value in values { append(value) }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: "\(text.utf8.count):".utf8)
        bytes.append(contentsOf: text.utf8)
    }
}
