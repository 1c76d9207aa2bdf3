/// Finds the inputs, the words and the end of a statement, by PostgreSQL's lexical rules (PostgreSQL manual, 4.1).
///
/// Strings, `E''` strings with their escapes, quoted identifiers, dollar quotes with tags, `--` and nested `/* */` comments are
/// skipped. An input is a colon joined to a name: `:name`. What looks like one and is not:
/// - `::` is a cast and `:=` an assignment.
/// - A colon joined to a digit is an array slice: `a[1:2]`.
/// - Inside `[ ]`, a colon joined to what stands before it is an array slice: in `a[1:n]` and `a[i:n]`, `n` is a column.
///
/// So `a[:n]` is an element chosen by the input `n`; a slice with an input as its bound is written with blanks: `a[1 : :n]`.
public struct SQLScanner {
    /// A name and where it stands.
    public struct Name: Sendable, Hashable {
        /// The name, without its colon.
        public var text: String
        /// Where it begins (an input: its colon), in bytes.
        public var offset: Int
    }

    /// What stands before a word, blanks and comments left out.
    public enum Predecessor: Sendable, Hashable {
        /// Nothing.
        case start
        /// An opening parenthesis.
        case openingBracket
        /// A comma.
        case comma
        /// A dot.
        case dot
        /// Another word.
        case word
        /// Anything else.
        case other
    }

    /// A keyword, a function or an identifier outside quotes.
    public struct Word: Sendable, Hashable {
        /// The word in small letters.
        public var text: String
        /// Where it begins, in bytes.
        public var offset: Int
        /// How many brackets it stands in.
        public var depth: Int
        /// Whether an opening parenthesis follows.
        public var isCalled: Bool
        /// What stands before it.
        public var predecessor: Predecessor
        /// Whether it directly follows an opening parenthesis.
        public var isFirstInBrackets: Bool { predecessor == .openingBracket }
        /// Whether it stands behind a dot, as a column of a table or a function of a schema does.
        public var isQualified: Bool { predecessor == .dot }
    }

    /// Why a text is not one statement that can be prepared.
    public enum Fault: Sendable, Hashable {
        /// A quote or comment that never ends.
        case unterminated(String)
        /// `$1`.
        case positionalParameter(String)
        /// A second statement.
        case secondStatement
        /// Nothing but blanks, comments and semicolons.
        case empty
    }

    /// A fault and where it is.
    public struct LocatedFault: Sendable, Hashable {
        /// What is wrong.
        public var fault: Fault
        /// Where it begins, in bytes.
        public var offset: Int
    }

    /// The inputs, each as often as it stands there.
    public private(set) var inputs: [Name] = []
    /// Names behind a slice's colon, which are columns and not inputs.
    public private(set) var sliceBounds: [Name] = []
    /// The words.
    public private(set) var words: [Word] = []
    /// What is wrong.
    public private(set) var faults: [LocatedFault] = []
    /// The statement in the text, without blanks and semicolons around it, in bytes.
    public private(set) var statement = 0..<0

    let bytes: [UInt8]
    private var position = 0
    /// Opening brackets that have not been closed.
    private var brackets: [UInt8] = []
    private var isBehindEnd = false
    private var hasContent = false
    private var previous: Predecessor = .start

    /// Scans `text`.
    public init(_ text: String) {
        bytes = Array(text.utf8)
        scan()
    }

    /// Whether a part of the text is nothing but blanks.
    func isBlank(_ range: Range<Int>) -> Bool {
        bytes[range].allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }

    /// Whether these words follow a word with nothing but blanks between.
    func isFollowed(_ index: Int, by phrase: [String]) -> Bool {
        guard index + phrase.count < words.count else { return false }
        for (position, text) in phrase.enumerated() {
            let word = words[index + position]
            let next = words[index + position + 1]
            let end = word.offset + word.text.utf8.count
            guard next.text == text, end <= next.offset, isBlank(end..<next.offset) else { return false }
        }
        return true
    }

    // MARK: - Scanning

    private mutating func scan() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D: position += 1
            case 0x2D where peek(1) == 0x2D: skipLine()
            case 0x2F where peek(1) == 0x2A: skipComment()
            case 0x3B:
                position += 1
                if hasContent { isBehindEnd = true }
            default:
                guard beginToken() else { return }
                let start = position
                scanToken()
                if faults.last?.fault.isUnterminated ?? false { return }
                if !hasContent { statement = start..<start }
                hasContent = true
                statement = statement.lowerBound..<position
            }
        }
        if !hasContent { faults.append(LocatedFault(fault: .empty, offset: 0)) }
    }

    /// Whether the token still belongs to the statement.
    private mutating func beginToken() -> Bool {
        guard isBehindEnd else { return true }
        faults.append(LocatedFault(fault: .secondStatement, offset: position))
        return false
    }

    private mutating func scanToken() {
        let byte = bytes[position]
        switch byte {
        case 0x27: skipString(hasEscapes: false)
        case 0x22: skipQuoted(by: 0x22, "quoted identifier")
        case 0x24: scanDollar()
        case 0x3A: scanColon()
        case 0x30...0x39:
            // A digit may be followed by letters, as in 0x1F and 1e5.
            while position < bytes.count, Self.isNamePart(bytes[position]), bytes[position] != 0x24 { position += 1 }
            previous = .other
        case 0x28, 0x5B:
            brackets.append(byte)
            position += 1
            previous = byte == 0x28 ? .openingBracket : .other
        case 0x29, 0x5D:
            _ = brackets.popLast()
            position += 1
            previous = .other
        case 0x2C:
            position += 1
            previous = .comma
        case 0x2E:
            position += 1
            previous = .dot
        case _ where Self.isNameStart(byte): scanWord()
        default:
            position += 1
            previous = .other
        }
    }

    private func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private mutating func fail(_ what: String, at offset: Int) {
        faults.append(LocatedFault(fault: .unterminated(what), offset: offset))
        position = bytes.count
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
    }

    private mutating func skipComment() {
        let start = position
        var depth = 0
        while position < bytes.count {
            if bytes[position] == 0x2F, peek(1) == 0x2A {
                depth += 1
                position += 2
            } else if bytes[position] == 0x2A, peek(1) == 0x2F {
                depth -= 1
                position += 2
                if depth == 0 { return }
            } else {
                position += 1
            }
        }
        fail("comment", at: start)
    }

    /// A string, and its continuations on further lines, which keep its kind.
    private mutating func skipString(hasEscapes: Bool) {
        previous = .other
        while true {
            let start = position
            position += 1
            var isClosed = false
            while position < bytes.count, !isClosed {
                switch bytes[position] {
                case 0x27 where peek(1) == 0x27: position += 2
                case 0x27:
                    isClosed = true
                    position += 1
                case 0x5C where hasEscapes: position += 2
                default: position += 1
                }
            }
            guard isClosed else { return fail("string", at: start) }
            guard let next = continuation() else { return }
            position = next
        }
    }

    /// The quote that continues a string: behind blanks and `--` comments with a line break among them.
    private func continuation() -> Int? {
        var index = position
        var hasBreak = false
        while index < bytes.count {
            switch bytes[index] {
            case 0x0A, 0x0D:
                hasBreak = true
                index += 1
            case 0x20, 0x09, 0x0B, 0x0C: index += 1
            case 0x2D where index + 1 < bytes.count && bytes[index + 1] == 0x2D:
                while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
            case 0x27: return hasBreak ? index : nil
            default: return nil
            }
        }
        return nil
    }

    private mutating func skipQuoted(by quote: UInt8, _ what: String) {
        let start = position
        previous = .other
        position += 1
        while position < bytes.count {
            if bytes[position] == quote {
                position += 1
                guard position < bytes.count, bytes[position] == quote else { return }
            }
            position += 1
        }
        fail(what, at: start)
    }

    private mutating func scanDollar() {
        let start = position
        previous = .other
        var end = position + 1
        if end < bytes.count, (0x30...0x39).contains(bytes[end]) {
            while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
            let text = String(decoding: bytes[start..<end], as: UTF8.self)
            faults.append(LocatedFault(fault: .positionalParameter(text), offset: start))
            position = end
            return
        }
        while end < bytes.count, Self.isNamePart(bytes[end]), bytes[end] != 0x24 { end += 1 }
        guard end < bytes.count, bytes[end] == 0x24 else {
            position += 1
            return
        }
        let tag = bytes[start...end]
        position = end + 1
        while position < bytes.count {
            if bytes[position] == 0x24, bytes[position...].starts(with: tag) {
                position += tag.count
                return
            }
            position += 1
        }
        fail("dollar quote", at: start)
    }

    private mutating func scanColon() {
        let start = position
        previous = .other
        if peek(1) == 0x3A || peek(1) == 0x3D {
            position += 2
            return
        }
        position += 1
        guard position < bytes.count, Self.isNameStart(bytes[position]), bytes[position] < 0x80 else { return }
        let isSlice = brackets.last == 0x5B && start > 0 && Self.endsOperand(bytes[start - 1])
        while position < bytes.count, Self.isNamePart(bytes[position]), bytes[position] != 0x24 { position += 1 }
        let name = Name(text: String(decoding: bytes[(start + 1)..<position], as: UTF8.self), offset: start)
        if isSlice { sliceBounds.append(name) } else { inputs.append(name) }
    }

    private mutating func scanWord() {
        let start = position
        while position < bytes.count, Self.isNamePart(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
        if text == "e", position < bytes.count, bytes[position] == 0x27 { return skipString(hasEscapes: true) }
        var next = position
        while next < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[next]) { next += 1 }
        words.append(
            Word(
                text: text,
                offset: start,
                depth: brackets.count,
                isCalled: next < bytes.count && bytes[next] == 0x28,
                predecessor: previous
            )
        )
        previous = .word
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
        default: false
        }
    }

    static func isNamePart(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (0x30...0x39).contains(byte) || byte == 0x24
    }

    /// Whether a value or a name can end with this byte.
    private static func endsOperand(_ byte: UInt8) -> Bool {
        isNamePart(byte) || [0x27, 0x22, 0x29, 0x5D].contains(byte)
    }
}

extension SQLScanner.Fault {
    var isUnterminated: Bool { if case .unterminated = self { true } else { false } }
}
