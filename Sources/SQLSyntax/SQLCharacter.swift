/// The classes of characters that PostgreSQL's lexer tells apart. Bytes of letters beyond ASCII belong to identifiers.
public enum SQLCharacter {
    /// Blanks and line ends.
    public static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) }

    /// LF and CR.
    public static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    /// `0` to `9`.
    public static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// The characters that an identifier without quotes begins with.
    public static func isIdentifierStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    /// The characters of an identifier without quotes.
    public static func isIdentifierPart(_ byte: UInt8) -> Bool {
        isIdentifierStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$")
    }

    /// The characters of operators.
    public static func isOperator(_ byte: UInt8) -> Bool { "+-*/<>=~!@#%^&|`?".utf8.contains(byte) }

    /// Whether a value or a name can end with this byte.
    static func endsOperand(_ byte: UInt8) -> Bool { isIdentifierPart(byte) || "'\")]".utf8.contains(byte) }

    /// The end of the line in which the byte at `start` stands.
    static func lineEnd(from start: Int, in bytes: [UInt8]) -> Int {
        bytes[start...].firstIndex(where: isLineEnd) ?? bytes.count
    }

    /// The quote that continues a string: behind blanks and `--` comments with a line break among them.
    static func stringContinuation(from start: Int, in bytes: [UInt8]) -> Int? {
        var index = start
        var hasBreak = false
        while index < bytes.count {
            switch bytes[index] {
            case let byte where isBlank(byte):
                if isLineEnd(byte) { hasBreak = true }
                index += 1
            case UInt8(ascii: "-") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "-"):
                index = lineEnd(from: index, in: bytes)
            case UInt8(ascii: "'"): return hasBreak ? index : nil
            default: return nil
            }
        }
        return nil
    }
}
