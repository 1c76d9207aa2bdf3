extension PostgresError {
    /// The index, from 0, of the parameter whose value the server was reading, from an error's CONTEXT; `nil` if it was
    /// doing something else.
    ///
    /// The outermost line is the last one. While a value is read it is `unnamed portal parameter $1`, followed by
    /// ` = '…'` if the server adds values to errors (`log_parameter_max_length_on_error`). While the statement runs it
    /// is `unnamed portal with parameters: $1 = '…', $2 = NULL` with that setting, and otherwise about what the
    /// statement calls. In other languages the words around the number differ, but quotes and colons occur only while
    /// the statement runs. A value may contain anything, even lines like these, so the context is read from its end.
    static func unreadParameter(context: String) -> Int? {
        var bytes = Array(context.utf8)[...]
        if bytes.last == quote {
            guard let value = startOfValue(endingIn: bytes),
                bytes[..<value].reversed().starts(with: " = ".utf8.reversed())
            else { return nil }
            bytes = bytes[..<(value - 3)]
        }
        let line = String(decoding: bytes.suffix(while: { $0 != 0x0A }), as: UTF8.self).unicodeScalars
        let digits = line.drop { !isDigit($0) }.prefix(while: isDigit)
        let words = line[..<digits.startIndex]
        let rest = line[digits.endIndex...]
        guard let number = Int(String(digits)), number > 0, rest.allSatisfy({ $0 == " " || $0.properties.isAlphabetic })
        else { return nil }
        // The Spanish message has no dollar sign before the number.
        guard words.last == "$" || String(words) == "portal sin nombre, parámetro " else { return nil }
        let isPlain = words.dropLast().allSatisfy { " ,".unicodeScalars.contains($0) || $0.properties.isAlphabetic }
        return isPlain && words.contains { $0.properties.isAlphabetic } ? number - 1 : nil
    }

    private static var quote: UInt8 { UInt8(ascii: "'") }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// The index of the opening quote of the value that ends in the last byte. Quotes inside it are doubled.
    private static func startOfValue(endingIn bytes: ArraySlice<UInt8>) -> Int? {
        var rest = bytes.dropLast()
        while !rest.isEmpty {
            let quotes = rest.suffix(while: { $0 == quote })
            if quotes.count % 2 == 1 { return quotes.startIndex }
            rest = rest.dropLast(max(1, quotes.count))
        }
        return nil
    }
}

extension BidirectionalCollection {
    /// The longest suffix whose elements all satisfy a predicate.
    fileprivate func suffix(while predicate: (Element) -> Bool) -> SubSequence {
        self[(lastIndex { !predicate($0) }.map(index(after:)) ?? startIndex)...]
    }
}
