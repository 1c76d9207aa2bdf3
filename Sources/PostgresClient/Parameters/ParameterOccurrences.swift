import SQLSyntax

/// The positions of a statement's parameters, and the parameters that an error at a position may concern.
struct ParameterOccurrences: Sendable {
    /// A `$n`.
    struct Occurrence: Sendable {
        /// The index of the parameter, from 0.
        let parameter: Int
        /// The range of its bytes in the statement's text.
        let range: Range<Int>
        /// The index of its token.
        let token: Int
    }

    /// The statement's text.
    let sql: String
    /// The occurrences in the order of the text.
    let all: [Occurrence]
    private let bytes: [UInt8]
    let tree: SQLTokenTree
    var tokens: [SQLToken] { tree.tokens }
    /// The number of parentheses and CASEs around each token, not counting itself.
    private let depths: [Int]

    init(_ sql: String) {
        self.sql = sql
        let lexer = SQLLexer(sql)
        bytes = lexer.bytes
        let tree = SQLTokenTree(lexer.tokens, of: lexer.bytes)
        self.tree = tree
        var occurrences: [Occurrence] = []
        var depths: [Int] = []
        var depth = 0
        for (index, token) in tree.tokens.enumerated() {
            if tree.isPunctuation(index, ")") || tree.isWord(index, "end") { depth = max(0, depth - 1) }
            depths.append(depth)
            if tree.isPunctuation(index, "(") || tree.isWord(index, "case") { depth += 1 }
            guard token.kind == .parameter else { continue }
            let digits = bytes[token.range].dropFirst()
            guard let number = Int(String(decoding: digits, as: UTF8.self)), number > 0 else { continue }
            occurrences.append(Occurrence(parameter: number - 1, range: token.range, token: index))
        }
        all = occurrences
        self.depths = depths
    }

    /// Returns the text with another `$n` at each position.
    func text(numbers: [Int], width: Int) -> String {
        var text: [UInt8] = []
        var copied = 0
        for (occurrence, number) in zip(all, numbers) {
            text += bytes[copied..<occurrence.range.lowerBound]
            let digits = String(number)
            text += "$\(String(repeating: "0", count: max(0, width - digits.count)))\(digits)".utf8
            copied = occurrence.range.upperBound
        }
        text += bytes[copied...]
        return String(decoding: text, as: UTF8.self)
    }

    /// Returns the occurrences by the likelihood that an error at a character of the text, counted from 1, concerns
    /// them: first those of the operand or call at that position, then the others, each group by distance.
    func ranked(byCharacter character: Int) -> (near: [Int], far: [Int]) {
        let place = byteOffset(ofCharacter: character)
        guard let index = tokens.lastIndex(where: { $0.range.lowerBound <= place }) else {
            return ([], Array(all.indices))
        }
        let segment = segment(around: index)
        func distance(_ occurrence: Int) -> Int { abs(all[occurrence].range.lowerBound - place) }
        let sorted = all.indices.sorted { (distance($0), $0) < (distance($1), $1) }
        return (
            sorted.filter { segment.contains(all[$0].range.lowerBound) },
            sorted.filter { !segment.contains(all[$0].range.lowerBound) }
        )
    }

    private func byteOffset(ofCharacter character: Int) -> Int {
        var left = character - 1
        for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if left == 0 { return offset }
            left -= 1
        }
        return bytes.count
    }

    /// Words that end an operand.
    private static let boundaries: Set<String> = [
        "and", "or", "not", "where", "on", "having", "select", "from", "group", "order", "by", "limit", "offset", "set",
        "union", "intersect", "except", "returning", "values", "join", "using", "with", "as", "fetch",
    ]

    /// Returns the bytes of the operand, or of the call's arguments, around the token.
    private func segment(around index: Int) -> Range<Int> {
        var first = index
        while first > 0, !isBoundary(first - 1, depths[index]) { first -= 1 }
        var last = index
        while last + 1 < tokens.count, !isBoundary(last + 1, depths[index]) { last += 1 }
        return tokens[first].range.lowerBound..<tokens[last].range.upperBound
    }

    private func isBoundary(_ index: Int, _ depth: Int) -> Bool {
        if depths[index] < depth { return true }
        guard depths[index] == depth else { return false }
        if tree.isPunctuation(index, ",", ";") { return depth == 0 }
        return isBoundaryWord(index)
    }

    func isBoundaryWord(_ index: Int) -> Bool {
        tree.isWord(index) && Self.boundaries.contains(tree.texts[index])
    }
}
