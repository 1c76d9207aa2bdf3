/// Swift literals for values of a manifest.
enum SwiftLiteral {
    /// A literal of one line.
    static func string(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\n": literal += "\\n"
            case "\t": literal += "\\t"
            default: append(scalar, to: &literal)
            }
        }
        return literal + "\""
    }

    /// The lines between the delimiters of a `"""` literal, without indentation. Only characters that Swift or a reader
    /// would misinterpret are escaped.
    static func multilineString(_ text: String) -> [String] {
        var lines = [""]
        var quotes = 0
        for scalar in text.unicodeScalars {
            quotes = scalar == "\"" ? quotes + 1 : 0
            switch scalar {
            case "\n": lines.append("")
            case "\t": lines[lines.count - 1] += "\t"
            case "\"":
                lines[lines.count - 1] += quotes == 3 ? "\\\"" : "\""
                quotes %= 3
            default: append(scalar, to: &lines[lines.count - 1])
            }
        }
        return lines
    }

    /// A duration in the largest unit that represents it exactly.
    static func duration(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        if duration == .zero { return ".zero" }
        if attoseconds == 0 { return ".seconds(\(seconds))" }
        let milliseconds = 1_000_000_000_000_000 as Int64
        if attoseconds % milliseconds == 0 { return ".milliseconds(\(seconds * 1000 + attoseconds / milliseconds))" }
        return ".nanoseconds(\(seconds * 1_000_000_000 + attoseconds / 1_000_000_000))"
    }

    /// A number of bytes, as a shifted number where it is a whole number of MiB or KiB.
    static func bytes(_ count: Int) -> String {
        for shift in [20, 10] where count > 0 && count % (1 << shift) == 0 {
            return "\(count >> shift) << \(shift)"
        }
        return "\(count)"
    }

    private static func append(_ scalar: Unicode.Scalar, to literal: inout String) {
        if scalar == "\\" {
            literal += "\\\\"
        } else if scalar == "\r" {
            literal += "\\r"
        } else if scalar.isInvisibleControl {
            literal += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        } else {
            literal.unicodeScalars.append(scalar)
        }
    }
}

extension Unicode.Scalar {
    /// Indicates a control character or one that ends or reorders a line, with which code would read differently from
    /// its meaning.
    var isInvisibleControl: Bool {
        switch value {
        case 0...0x1F, 0x7F...0x9F: true
        case 0x200E, 0x200F, 0x061C, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
