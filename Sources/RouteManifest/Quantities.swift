/// Durations and sizes as manifests write them.
enum Quantities {
    /// Why a text is not a quantity.
    struct Problem: Error, Hashable {
        var message: String
    }

    private static let milliseconds: [String: Int64] = [
        "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]
    /// A hundred years. Nothing a manifest sets is sensibly longer, and sums of such durations are far from overflowing.
    private static let longest: Int64 = 36_500 * 86_400_000

    private static let unitSpellings: [(unit: String, spellings: [String])] = [
        ("ms", ["ms", "msec", "msecs", "millis", "millisecond", "milliseconds"]),
        ("s", ["s", "sec", "secs", "second", "seconds"]),
        ("m", ["m", "min", "mins", "minute", "minutes"]),
        ("h", ["h", "hr", "hrs", "hour", "hours"]),
        ("d", ["d", "day", "days"]),
    ]

    /// Reads `500ms`, `10s`, `5m`, `2h` or `7d`.
    static func duration(_ text: String) throws(Problem) -> Duration {
        let (digits, unit) = split(text)
        guard let factor = milliseconds[unit], !digits.isEmpty else {
            throw Problem(message: "'\(text)' is not a duration" + durationHint(text))
        }
        guard let number = Int64(digits) else { throw Problem(message: "the duration '\(text)' is too long") }
        let (total, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow, total <= longest else { throw Problem(message: "the duration '\(text)' is too long") }
        return .milliseconds(total)
    }

    private static func durationHint(_ text: String) -> String {
        let compact = text.filter { $0 != " " && $0 != "_" }.lowercased()
        let (digits, word) = split(compact)
        guard !digits.isEmpty else { return " (such as '500ms', '10s', '5m', '2h' or '7d')" }
        if word.isEmpty { return " (write '\(digits)s' for seconds)" }
        if let unit = unitSpellings.first(where: { $0.spellings.contains(word) })?.unit {
            return " (write '\(digits)\(unit)')"
        }
        return " (a whole number and one of ms, s, m, h, d)"
    }

    /// Reads `64KiB`, `16MiB`, `1GiB`, or plain bytes.
    static func size(_ text: String) throws(Problem) -> Int {
        let (digits, unit) = split(text)
        let shift: Int? =
            switch unit {
            case "", "B": 0
            case "KiB": 10
            case "MiB": 20
            case "GiB": 30
            default: nil
            }
        guard let shift, !digits.isEmpty else { throw Problem(message: "'\(text)' is not a size" + sizeHint(text)) }
        guard let number = Int(digits), number <= Int.max >> shift else {
            throw Problem(message: "the size '\(text)' is too large")
        }
        return number << shift
    }

    private static func sizeHint(_ text: String) -> String {
        let (digits, word) = split(text.filter { $0 != " " && $0 != "_" }.lowercased())
        guard !digits.isEmpty else { return " (such as '64KiB' or '16MiB')" }
        switch word {
        case "k", "kb", "kib": return " (write '\(digits)KiB')"
        case "m", "mb", "mib": return " (write '\(digits)MiB')"
        case "g", "gb", "gib": return " (write '\(digits)GiB')"
        default: return " (a whole number and KiB, MiB or GiB, or bytes without a unit)"
        }
    }

    private static func split(_ text: String) -> (digits: String, unit: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        return (String(digits), String(text.dropFirst(digits.count)))
    }
}
