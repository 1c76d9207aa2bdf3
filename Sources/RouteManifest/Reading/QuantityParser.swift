import RouteModel

/// Reads durations, sizes and percentages, with suggestions for other texts.
enum QuantityParser {
    /// The error about a text that is not a quantity.
    struct ParsingError: Error, Hashable {
        var message: String
    }

    /// The longest duration: a hundred years. Sums of such durations don't overflow.
    private static let longest: Duration = .seconds(36_500 * 86_400)

    private static let unitSpellings: [(unit: String, spellings: [String])] = [
        ("ms", ["ms", "msec", "msecs", "millis", "millisecond", "milliseconds"]),
        ("s", ["s", "sec", "secs", "second", "seconds"]),
        ("m", ["m", "min", "mins", "minute", "minutes"]),
        ("h", ["h", "hr", "hrs", "hour", "hours"]),
        ("d", ["d", "day", "days"]),
    ]

    /// Reads `500ms`, `10s`, `5m`, `2h` or `7d`.
    static func duration(_ text: String) throws(ParsingError) -> Duration {
        let (digits, unit) = split(text)
        guard !digits.isEmpty, unitSpellings.contains(where: { $0.unit == unit }) else {
            throw ParsingError(message: "'\(text)' is not a duration" + durationHint(text))
        }
        guard let duration = QuantityNotation.duration(text), duration <= longest else {
            throw ParsingError(message: "the duration '\(text)' is too long")
        }
        return duration
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

    /// Reads `512B`, `64KiB`, `16MiB`, `1GiB` or `0`.
    static func size(_ text: String) throws(ParsingError) -> Int {
        let (digits, unit) = split(text)
        guard !digits.isEmpty, ["B", "KiB", "MiB", "GiB"].contains(unit) || text == "0" else {
            throw ParsingError(message: "'\(text)' is not a size" + sizeHint(text))
        }
        guard let size = QuantityNotation.bytes(text) else {
            throw ParsingError(message: "the size '\(text)' is too large")
        }
        return size
    }

    private static func sizeHint(_ text: String) -> String {
        let (digits, word) = split(text.filter { $0 != " " && $0 != "_" }.lowercased())
        guard !digits.isEmpty else { return " (such as '64KiB' or '16MiB')" }
        switch word {
        case "": return " (write '\(digits)KiB' or '\(digits)MiB', or '\(digits)B' for bytes)"
        case "b", "byte", "bytes": return " (write '\(digits)B')"
        case "k", "kb", "kib": return " (write '\(digits)KiB')"
        case "m", "mb", "mib": return " (write '\(digits)MiB')"
        case "g", "gb", "gib": return " (write '\(digits)GiB')"
        default: return " (a whole number and one of B, KiB, MiB, GiB)"
        }
    }

    /// Reads `0%` to `99%`.
    static func percentage(_ text: String) throws(ParsingError) -> Int {
        let (digits, unit) = split(text)
        guard !digits.isEmpty, unit == "%" else {
            throw ParsingError(message: "'\(text)' is not a percentage" + percentageHint(text))
        }
        guard let percentage = Int(digits), percentage <= 99 else {
            throw ParsingError(message: "the percentage '\(text)' is too large (at most '99%')")
        }
        return percentage
    }

    private static func percentageHint(_ text: String) -> String {
        let (digits, word) = split(text.filter { $0 != " " && $0 != "_" }.lowercased())
        let isWhole = ["", "%", "percent", "percents", "pct"].contains(word)
        if isWhole, let number = Int(digits), number <= 99 { return " (write '\(number)%')" }
        // A fraction such as 0.1 or 0.05.
        let places = split(String(word.dropFirst()))
        if digits == "0", word.first == ".", places.unit.isEmpty, let number = Int(places.digits), number > 0 {
            if places.digits.count == 1 { return " (write '\(number * 10)%')" }
            if places.digits.count == 2 { return " (write '\(number)%')" }
        }
        return " (a whole number from '0%' to '99%')"
    }

    private static func split(_ text: String) -> (digits: String, unit: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        return (String(digits), String(text.dropFirst(digits.count)))
    }
}
