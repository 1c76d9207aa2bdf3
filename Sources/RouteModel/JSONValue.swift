/// A JSON value in a text that was read to its end, so that walking through it cannot fail.
package struct JSONValue: Sendable {
    /// The type of a JSON value.
    package enum Kind: Hashable, Sendable {
        case string
        case number
        case `true`
        case `false`
        case null
        case object
        case array
    }

    /// A member of an object.
    package struct Member: Sendable {
        /// The unescaped name in UTF-8.
        package let name: ArraySlice<UInt8>
        /// The value.
        package let value: JSONValue
    }

    /// The largest depth of nested objects and arrays.
    package static let depthLimit = 64

    /// The type of the value.
    package let kind: Kind
    /// The value as it was sent, without the whitespace around it. The indices are those of the whole text.
    package let bytes: ArraySlice<UInt8>

    /// Reads the only value of a text.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - depthLimit: the largest depth of nested objects and arrays.
    /// - Throws: ``JSONError`` if the text is not exactly one JSON value (RFC 8259), and for what JSON allows but
    ///   parsers treat differently: lone surrogates and duplicate names.
    package init(_ text: [UInt8], depthLimit: Int = Self.depthLimit) throws(JSONError) {
        var reader = JSONValidator(text, depthLimit: depthLimit)
        self.init(read: text[try reader.read()])
    }

    /// Makes a value from a part of a text that has been read.
    private init(read bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        kind =
            switch bytes.first {
            case UInt8(ascii: "{"): .object
            case UInt8(ascii: "["): .array
            case UInt8(ascii: "\""): .string
            case UInt8(ascii: "t"): .true
            case UInt8(ascii: "f"): .false
            case UInt8(ascii: "n"): .null
            default: .number
            }
    }

    /// The unescaped text of a string in UTF-8, without the quotes.
    package var text: ArraySlice<UInt8> {
        let quoted = bytes.dropFirst().dropLast()
        return quoted.contains(UInt8(ascii: "\\")) ? JSONStringUnescaper.unescaped(quoted)[...] : quoted
    }

    /// Indicates that a number has neither a fraction nor an exponent.
    var isDigitsAlone: Bool { !bytes.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") } }

    /// The elements of an array; empty for other values.
    package var elements: some Sequence<JSONValue> {
        var walk = Walk(kind == .array ? bytes : [])
        return AnyIterator { walk.next() }
    }

    /// The members of an object in their order; empty for other values.
    package var members: some Sequence<Member> {
        var walk = Walk(kind == .object ? bytes : [])
        return AnyIterator { walk.next().flatMap { name in walk.next().map { Member(name: name.text, value: $0) } } }
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// Iterates over the values directly inside a container, which include an object's names.
    private struct Walk {
        private let bytes: ArraySlice<UInt8>
        private var position: Int

        init(_ container: ArraySlice<UInt8>) {
            bytes = container.dropLast()
            position = container.startIndex + 1
        }

        mutating func next() -> JSONValue? {
            while position < bytes.endIndex, Self.isBetweenValues(bytes[position]) { position += 1 }
            guard position < bytes.endIndex else { return nil }
            let start = position
            skipValue()
            return JSONValue(read: bytes[start..<position])
        }

        private mutating func skipValue() {
            var depth = 0
            repeat {
                switch bytes[position] {
                case UInt8(ascii: "\""): skipString()
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    position += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    position += 1
                case let byte where Self.isBetweenValues(byte): position += 1
                default: skipWord()
                }
            } while depth > 0
        }

        private mutating func skipString() {
            position += 1
            while bytes[position] != UInt8(ascii: "\"") { position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1 }
            position += 1
        }

        /// Skips a number, `true`, `false` or `null`.
        private mutating func skipWord() {
            while position < bytes.endIndex {
                switch bytes[position] {
                case UInt8(ascii: "}"), UInt8(ascii: "]"): return
                case let byte where Self.isBetweenValues(byte): return
                default: position += 1
                }
            }
        }

        private static func isBetweenValues(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") || JSONValue.isBlank(byte)
        }
    }
}
