extension PostgresError {
    /// The index, from 0, of the parameter whose value the server was reading by an error's CONTEXT; `nil` where it did anything
    /// else.
    ///
    /// The outermost line comes last. While a value is read, that is `unnamed portal parameter $1`, and where the server adds values
    /// to errors (`log_parameter_max_length_on_error`), ` = '…'` follows. While the statement runs, it is then
    /// `unnamed portal with parameters: $1 = '…', $2 = NULL`, and otherwise about whatever the statement calls. A server of another
    /// language has other words around the same number, but quotes and colons only while the statement runs. A value may hold
    /// anything, lines like these included, so the context is read from its end.
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
        // The Spanish words have no dollar before the number.
        guard words.last == "$" || String(words) == "portal sin nombre, parámetro " else { return nil }
        let isPlain = words.dropLast().allSatisfy { " ,".unicodeScalars.contains($0) || $0.properties.isAlphabetic }
        return isPlain && words.contains { $0.properties.isAlphabetic } ? number - 1 : nil
    }

    private static var quote: UInt8 { UInt8(ascii: "'") }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// The index of the quote with which the value begins that ends in the last byte. Quotes inside are doubled.
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
    /// The longest end of the collection whose elements all satisfy a predicate.
    fileprivate func suffix(while predicate: (Element) -> Bool) -> SubSequence {
        self[(lastIndex { !predicate($0) }.map(index(after:)) ?? startIndex)...]
    }
}
