/// The choice of a language from `Accept-Language` (RFC 9110, 12.5.4), by lookup (RFC 4647, 3.4).
enum LanguageNegotiation {
    /// The member of `offered` that the field's value asks for most; `nil` when it asks for none of them.
    ///
    /// Ranges are tried from the greatest weight to the least, in the field's order among equals; a range that matches nothing
    /// is shortened from its end. What is malformed is skipped.
    static func choose(from offered: [String], for value: String) -> String? {
        var ranges: [(range: Substring, weight: Int)] = []
        for item in value.split(separator: ",") {
            let parts = item.split(separator: ";", maxSplits: 1)
            guard let range = parts.first.map(trimmed), isRange(range) else { continue }
            guard let weight = parts.count == 1 ? 1000 : weight(parts[1]), weight > 0 else { continue }
            ranges.append((range, weight))
        }
        // Stable, which sort(by:) does not promise.
        let byWeight = ranges.enumerated().sorted { left, right in
            left.element.weight != right.element.weight
                ? left.element.weight > right.element.weight : left.offset < right.offset
        }
        for (_, candidate) in byWeight {
            if candidate.range == "*" { return offered.first }
            var range = candidate.range
            while !range.isEmpty {
                if let match = offered.first(where: { $0.lowercased() == range.lowercased() }) { return match }
                guard let hyphen = range.lastIndex(of: "-") else { break }
                range = range[..<hyphen]
                // A single letter or digit introduces what was just cut off.
                if range.dropLast().last == "-" { range = range.dropLast(2) }
            }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    private static func isRange(_ text: Substring) -> Bool {
        text == "*"
            || !text.isEmpty
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: true
                    default: false
                    }
                }
    }

    /// A weight in thousandths (RFC 9110, 12.4.2).
    private static func weight(_ parameter: Substring) -> Int? {
        let text = trimmed(parameter)
        guard text.lowercased().hasPrefix("q=") else { return nil }
        let number = text.dropFirst(2)
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0] == "0" || parts[0] == "1" else { return nil }
        let fraction = parts.count > 1 ? parts[1] : ""
        guard fraction.utf8.count <= 3, fraction.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let thousandths = Int(fraction + String(repeating: "0", count: 3 - fraction.utf8.count)) ?? 0
        let weight = (parts[0] == "1" ? 1000 : 0) + thousandths
        return weight <= 1000 ? weight : nil
    }
}
