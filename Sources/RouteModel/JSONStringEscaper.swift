/// Writes JSON strings (RFC 8259, 7).
package enum JSONStringEscaper {
    /// The control characters that are written by a letter, such as `\n`. All others are written by their number, as in
    /// `\u0001`.
    package enum Letters: Sendable {
        /// All that JSON has a letter for, as PostgreSQL writes strings.
        case all
        /// A line feed and a tab.
        case lineFeedAndTab
        /// None.
        case none

        fileprivate func letter(for byte: UInt8) -> UInt8? {
            switch (self, byte) {
            case (.all, 0x08): UInt8(ascii: "b")
            case (.all, 0x09), (.lineFeedAndTab, 0x09): UInt8(ascii: "t")
            case (.all, 0x0A), (.lineFeedAndTab, 0x0A): UInt8(ascii: "n")
            case (.all, 0x0C): UInt8(ascii: "f")
            case (.all, 0x0D): UInt8(ascii: "r")
            default: nil
            }
        }
    }

    /// Returns a string in double quotes.
    ///
    /// - Parameters:
    ///   - text: the string.
    ///   - letters: the control characters that are written by a letter.
    ///   - isASCII: writes all characters but the printable ones of ASCII by their numbers, as in `\u00e9`.
    package static func quoted(_ text: String, letters: Letters = .all, isASCII: Bool = false) -> String {
        var output: [UInt8] = []
        append(text, to: &output, letters: letters, isASCII: isASCII)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends a string in double quotes.
    ///
    /// - Parameters:
    ///   - text: the string.
    ///   - output: receives the string in UTF-8.
    ///   - letters: the control characters that are written by a letter.
    ///   - isASCII: writes all characters but the printable ones of ASCII by their numbers, as in `\u00e9`.
    package static func append(
        _ text: String,
        to output: inout [UInt8],
        letters: Letters = .all,
        isASCII: Bool = false
    ) {
        let quote = UInt8(ascii: "\"")
        output.append(quote)
        if isASCII {
            for unit in text.utf16 {
                if unit < 0x7F {
                    append(UInt8(unit), to: &output, letters)
                } else {
                    append(number: unit, to: &output)
                }
            }
        } else {
            for byte in text.utf8 { append(byte, to: &output, letters) }
        }
        output.append(quote)
    }

    private static func append(_ byte: UInt8, to output: inout [UInt8], _ letters: Letters) {
        let backslash = UInt8(ascii: "\\")
        if byte == UInt8(ascii: "\"") || byte == backslash {
            output += [backslash, byte]
        } else if byte >= 0x20 {
            output.append(byte)
        } else if let letter = letters.letter(for: byte) {
            output += [backslash, letter]
        } else {
            append(number: UInt16(byte), to: &output)
        }
    }

    private static func append(number unit: UInt16, to output: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        output += #"\u"#.utf8
        output += [12, 8, 4, 0].map { digits[Int(unit >> $0 & 15)] }
    }
}
