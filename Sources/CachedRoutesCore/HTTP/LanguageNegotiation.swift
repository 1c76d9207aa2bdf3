/// Chooses a language by `Accept-Language` (RFC 9110, 12.5.4), with the lookup of RFC 4647, 3.4.
struct LanguageNegotiation: Sendable {
    /// The number of ranges that are read: more than a person configures, and few enough that a hostile field costs
    /// nothing.
    private static let rangeLimit = 64

    private let offered: [String]
    private let lowercased: [Substring]
    private let longest: Int

    /// Makes a choice among languages in order of preference.
    init(offered: [String]) {
        self.offered = offered
        lowercased = offered.map { $0.lowercased()[...] }
        longest = offered.map(\.utf8.count).max() ?? 0
    }

    /// The offered language that the field's value prefers; `nil` if it accepts none of them.
    ///
    /// Ranges are tried from the greatest weight to the least, in the field's order among equals. A range without a
    /// match is shortened from its end. Malformed ranges and those after the first 64 are skipped.
    func choose(for value: String) -> String? {
        var ranges: [(range: Substring, weight: Int)] = []
        var refused: Set<Substring> = []
        for item in value.split(separator: ",", maxSplits: Self.rangeLimit).prefix(Self.rangeLimit) {
            guard let (bytes, weight) = QualityValueParser.split(item.utf8), Self.isRange(bytes) else { continue }
            let lowered = Substring(bytes).lowercased()[...]
            if weight > 0 { ranges.append((lowered, weight)) } else { refused.insert(lowered) }
        }
        // Stable, which `sort(by:)` does not guarantee.
        let byWeight = ranges.enumerated().sorted { left, right in
            left.element.weight != right.element.weight
                ? left.element.weight > right.element.weight : left.offset < right.offset
        }
        for (_, candidate) in byWeight {
            if let match = match(candidate.range, refused) { return offered[match] }
        }
        return nil
    }

    private func match(_ range: Substring, _ refused: Set<Substring>) -> Int? {
        if range == "*" { return lowercased.firstIndex { !refused.contains($0) } }
        // A range longer than all offers matches none of them, so it is truncated to their length first, at a hyphen.
        var rest = range
        if rest.utf8.count > longest {
            guard let cut = rest.utf8.prefix(longest + 1).lastIndex(of: UInt8(ascii: "-")) else { return nil }
            rest = rest[..<cut]
        }
        while !rest.isEmpty {
            if let match = lowercased.firstIndex(of: rest) { return match }
            guard let hyphen = rest.lastIndex(of: "-") else { return nil }
            rest = rest[..<hyphen]
            // A single letter or digit only introduces the subtag that was removed.
            if rest.dropLast().last == "-" { rest = rest.dropLast(2) }
        }
        return nil
    }

    private static func isRange(_ bytes: Substring.UTF8View) -> Bool {
        bytes.elementsEqual("*".utf8)
            || !bytes.isEmpty
                && bytes.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
    }
}
