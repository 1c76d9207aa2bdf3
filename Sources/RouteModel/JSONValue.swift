/// A JSON value in a text that has been read to its end, so that walking through it cannot fail.
package struct JSONValue: Sendable {
    /// What a value is.
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
        /// The name in UTF-8, without escapes.
        package let name: ArraySlice<UInt8>
        /// The value.
        package let value: JSONValue
    }

    /// How many objects and arrays may stand in each other.
    package static let depthLimit = 64

    /// What the value is.
    package let kind: Kind
    /// The value as it was sent, without the blanks around it. The indices are those of the whole text.
    package let bytes: ArraySlice<UInt8>

    /// Reads the one value of a text.
    ///
    /// - Throws: ``JSONError`` for anything but one JSON value with blanks around it (RFC 8259), and for what JSON allows but
    ///   two readers may understand differently: lone surrogates, and two members of one name.
    package init(_ text: [UInt8], depthLimit: Int = Self.depthLimit) throws(JSONError) {
        var reader = JSONReader(text, depthLimit: depthLimit)
        self.init(read: text[try reader.read()])
    }

    /// A value of a text that has been read.
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

    /// The text of a string in UTF-8, without quotes and escapes.
    package var text: ArraySlice<UInt8> {
        let quoted = bytes.dropFirst().dropLast()
        return quoted.contains(UInt8(ascii: "\\")) ? JSONString.unescaped(quoted)[...] : quoted
    }

    /// True for a number with neither a fraction nor an exponent.
    var isDigitsAlone: Bool { !bytes.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") } }

    /// The elements of an array; none for other values.
    package var elements: some Sequence<JSONValue> {
        var walk = Walk(kind == .array ? bytes : [])
        return AnyIterator { walk.next() }
    }

    /// The members of an object in their order; none for other values.
    package var members: some Sequence<Member> {
        var walk = Walk(kind == .object ? bytes : [])
        return AnyIterator { walk.next().flatMap { name in walk.next().map { Member(name: name.text, value: $0) } } }
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// Goes through the values directly inside a container; an object's names are values too.
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

        /// A number, `true`, `false` or `null`.
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
