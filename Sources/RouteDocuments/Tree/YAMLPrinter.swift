/// Prints documents as YAML, in block style, that YAML 1.1 and 1.2 read alike.
package struct YAMLPrinter {
    private var text = ""

    private init() {}

    /// The text of a document, with a line feed at its end.
    package static func text(of document: Document) -> String {
        var printer = YAMLPrinter()
        if let line = scalar(document) {
            printer.text = line + "\n"
        } else {
            printer.append(document, indentation: 0, isFirstLineBegun: false)
        }
        return printer.text
    }

    /// Appends an object or an array that has elements.
    ///
    /// - Parameter isFirstLineBegun: true if the first line is indented already, behind the `-` of an array.
    private mutating func append(_ document: Document, indentation: Int, isFirstLineBegun: Bool) {
        let indent = String(repeating: " ", count: indentation)
        switch document {
        case .object(let members):
            for (index, member) in members.enumerated() {
                text += index == 0 && isFirstLineBegun ? "" : indent
                text += YAMLPrinter.scalar(member.name) + ":"
                if let line = YAMLPrinter.scalar(member.value) {
                    text += " \(line)\n"
                } else {
                    text += "\n"
                    append(member.value, indentation: indentation + 2, isFirstLineBegun: false)
                }
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                text += (index == 0 && isFirstLineBegun ? "" : indent) + "- "
                if let line = YAMLPrinter.scalar(element) {
                    text += "\(line)\n"
                } else {
                    append(element, indentation: indentation + 2, isFirstLineBegun: true)
                }
            }
        case .string, .number, .bool, .null: break
        }
    }

    /// The text of a document that takes one line; `nil` for objects and arrays with elements.
    private static func scalar(_ document: Document) -> String? {
        switch document {
        case .object(let members): members.isEmpty ? "{}" : nil
        case .array(let elements): elements.isEmpty ? "[]" : nil
        case .string(let string): scalar(string)
        case .number(let number): withPoint(number)
        case .bool(let bool): bool ? "true" : "false"
        case .null: "null"
        }
    }

    /// A number that YAML 1.1 reads as one too: with an exponent it has a point there.
    private static func withPoint(_ number: String) -> String {
        guard let exponent = number.firstIndex(where: { $0 == "e" || $0 == "E" }), !number.contains(".") else {
            return number
        }
        return "\(number[..<exponent]).0\(number[exponent...])"
    }

    /// A string without quotes where no reader takes it for anything else, else in double quotes.
    private static func scalar(_ string: String) -> String { isPlain(string) ? string : quoted(string) }

    private static func isPlain(_ string: String) -> Bool {
        guard let first = string.utf8.first, isLetter(first) || first == UInt8(ascii: "/"), string.utf8.last != 0x20
        else { return false }
        return !words.contains(string.lowercased())
            && string.utf8.allSatisfy { isLetter($0) || isDigit($0) || " _/.,()-{}$'`;=+*".utf8.contains($0) }
    }

    /// Words that are other values than strings in some version of YAML.
    private static let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// A string in double quotes with YAML's escapes. Unlike JSON's they name characters, and YAML 1.1 has no pairs of UTF-16 for
    /// those beyond U+FFFF.
    private static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case " "..."~": text.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                let width = scalar.value > 0xFFFF ? 8 : 4
                text += (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
            }
        }
        return text + "\""
    }
}
