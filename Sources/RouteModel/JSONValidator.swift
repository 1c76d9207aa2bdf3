/// Reads a JSON text strictly (RFC 8259) from its first byte to its last.
///
/// The reader keeps open objects and arrays on its own stack, so that nesting doesn't use the thread's. The time is
/// linear in the length of the text: names are looked up in sets, whose hash seed is unknown outside the process.
struct JSONValidator {
    private struct Container {
        let isObject: Bool
        /// The unescaped names of the object's members so far.
        var names: Set<Name> = []
    }

    private struct Name: Hashable {
        let bytes: ArraySlice<UInt8>

        func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
    }

    private let bytes: [UInt8]
    private let depthLimit: Int
    private var position = 0
    private var open: [Container] = []

    init(_ bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    /// Reads the only value of the text.
    ///
    /// - Returns: the value's range, without the whitespace around it.
    /// - Throws: ``JSONError`` if the text is not exactly one JSON value.
    mutating func read() throws(JSONError) -> Range<Int> {
        skipBlanks()
        let start = position
        repeat {
            // A value begins here.
            while try begin() {}
        } while try proceed()
        let end = position
        skipBlanks()
        guard position == bytes.count else { throw fault(.malformed) }
        return start..<end
    }

    // MARK: - Structure

    /// Reads a scalar, an empty container, or the beginning of a container up to its first value.
    ///
    /// - Returns: `true` if a container was opened, so that another value begins.
    private mutating func begin() throws(JSONError) -> Bool {
        switch try peek() {
        case UInt8(ascii: "{"): return try enter(isObject: true, closing: UInt8(ascii: "}"))
        case UInt8(ascii: "["): return try enter(isObject: false, closing: UInt8(ascii: "]"))
        case UInt8(ascii: "\""): _ = try skipString()
        case UInt8(ascii: "t"): try skip("true")
        case UInt8(ascii: "f"): try skip("false")
        case UInt8(ascii: "n"): try skip("null")
        default: try skipNumber()
        }
        return false
    }

    private mutating func enter(isObject: Bool, closing: UInt8) throws(JSONError) -> Bool {
        guard open.count < depthLimit else { throw fault(.tooDeep) }
        position += 1
        skipBlanks()
        if try peek() == closing {
            position += 1
            return false
        }
        open.append(Container(isObject: isObject))
        if isObject { try readName() }
        return true
    }

    /// Continues behind a value: to the next value of its container, or out of the containers that end here.
    ///
    /// - Returns: `true` if another value begins.
    private mutating func proceed() throws(JSONError) -> Bool {
        // Copies only the flag: a copy of the container would make the insertion of the next name copy the whole set.
        while let isObject = open.last?.isObject {
            skipBlanks()
            switch try peek() {
            case UInt8(ascii: ","):
                position += 1
                skipBlanks()
                if isObject { try readName() }
                return true
            case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                position += 1
                open.removeLast()
            default: throw fault(.malformed)
            }
        }
        return false
    }

    private mutating func readName() throws(JSONError) {
        let start = position
        guard try peek() == UInt8(ascii: "\"") else { throw fault(.malformed) }
        let hasEscapes = try skipString()
        let quoted = bytes[(start + 1)..<(position - 1)]
        let name = Name(bytes: hasEscapes ? JSONStringUnescaper.unescaped(quoted)[...] : quoted)
        guard open[open.count - 1].names.insert(name).inserted else { throw JSONError(.duplicateName, at: start) }
        skipBlanks()
        guard try peek() == UInt8(ascii: ":") else { throw fault(.malformed) }
        position += 1
        skipBlanks()
    }

    // MARK: - Scalars

    private mutating func skip(_ literal: StaticString) throws(JSONError) {
        for index in 0..<literal.utf8CodeUnitCount {
            guard try peek() == literal.utf8Start[index] else { throw fault(.malformed) }
            position += 1
        }
    }

    private mutating func skipNumber() throws(JSONError) {
        if try peek() == UInt8(ascii: "-") { position += 1 }
        if try peek() == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(try peek()) { position += 1 }
            try skipDigits()
        }
    }

    private mutating func skipDigits() throws(JSONError) {
        guard try peek().isASCIIDigit else { throw fault(.malformed) }
        while position < bytes.count, bytes[position].isASCIIDigit { position += 1 }
    }

    /// Skips a string.
    ///
    /// - Returns: `true` if the string has escapes.
    private mutating func skipString() throws(JSONError) -> Bool {
        position += 1
        var hasEscapes = false
        while true {
            switch try peek() {
            case UInt8(ascii: "\""):
                position += 1
                return hasEscapes
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try skipEscape()
            case 0..<0x20: throw fault(.malformed)
            case 0x20..<0x80: position += 1
            case let first: try skipCharacter(first)
            }
        }
    }

    private mutating func skipEscape() throws(JSONError) {
        let start = position
        position += 1
        switch try peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            let unit = try readHexadecimal()
            guard (0xD800...0xDFFF).contains(unit) else { return }
            guard unit < 0xDC00, bytes[position...].starts(with: "\\u".utf8) else {
                throw JSONError(.loneSurrogate, at: start)
            }
            position += 2
            guard (0xDC00...0xDFFF).contains(try readHexadecimal()) else { throw JSONError(.loneSurrogate, at: start) }
        default: throw fault(.malformed)
        }
    }

    private mutating func readHexadecimal() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = PercentEncoding.hexadecimalValue(try peek()) else { throw fault(.malformed) }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    /// Skips a character in its shortest form, which must not be a surrogate (RFC 3629, 4).
    private mutating func skipCharacter(_ first: UInt8) throws(JSONError) {
        let length: Int
        var allowed: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if first == 0xE0 { allowed = 0xA0...0xBF } else if first == 0xED { allowed = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if first == 0xF0 { allowed = 0x90...0xBF } else if first == 0xF4 { allowed = 0x80...0x8F }
        default: throw fault(.invalidUTF8)
        }
        for index in (position + 1)..<(position + length) {
            guard index < bytes.count, allowed.contains(bytes[index]) else { throw fault(.invalidUTF8) }
            allowed = 0x80...0xBF
        }
        position += length
    }

    // MARK: - Bytes

    private func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw fault(.incomplete) }
        return bytes[position]
    }

    private mutating func skipBlanks() {
        while position < bytes.count, JSONValue.isBlank(bytes[position]) { position += 1 }
    }

    private func fault(_ reason: JSONError.Reason) -> JSONError { JSONError(reason, at: position) }
}
