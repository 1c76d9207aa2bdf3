/// The character classes of PostgreSQL's lexer. All bytes beyond ASCII belong to identifiers.
public enum SQLCharacterClasses {
    /// Tells whether a byte is a blank or a line break.
    public static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) }

    /// Tells whether a byte is LF or CR.
    public static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    /// Tells whether a byte is one of `0` to `9`.
    public static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Tells whether an unquoted identifier can begin with a byte.
    public static func isIdentifierStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    /// Tells whether an unquoted identifier can contain a byte.
    public static func isIdentifierPart(_ byte: UInt8) -> Bool {
        isIdentifierStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$")
    }

    /// Tells whether a byte can be part of an operator.
    public static func isOperator(_ byte: UInt8) -> Bool { "+-*/<>=~!@#%^&|`?".utf8.contains(byte) }

    /// Tells whether a value or a name can end with a byte.
    static func endsOperand(_ byte: UInt8) -> Bool { isIdentifierPart(byte) || "'\")]".utf8.contains(byte) }

    /// The end of the line that contains the byte at `start`.
    static func lineEnd(from start: Int, in bytes: [UInt8]) -> Int {
        bytes[start...].firstIndex(where: isLineEnd) ?? bytes.count
    }

    /// The index of the quote that continues a string, after blanks and `--` comments that include a line break; `nil`
    /// if the string doesn't continue.
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
