/// A date of the proleptic Gregorian calendar, years 1 to 9999.
package struct CalendarDate: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int

    /// Reads `YYYY-MM-DD` (RFC 3339, 5.6) and checks that the day exists.
    package init?(_ raw: some Collection<UInt8>) {
        var digits = DigitReader(raw)
        guard let year = digits.number(of: 4), digits.skip("-"), let month = digits.number(of: 2), digits.skip("-"),
            let day = digits.number(of: 2), digits.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The date with these numbers; `nil` if there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The date that is `days` after 1970-01-01.
    package init(daysSinceEpoch days: Int) {
        // Counting years from March puts the leap day last; an era of 400 years has 146,097 days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The number of days since 1970-01-01, negative before it.
    package var daysSinceEpoch: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    package func append(to output: inout [UInt8]) {
        output.appendPadded(year, width: 4)
        output.append(UInt8(ascii: "-"))
        output.appendPadded(month, width: 2)
        output.append(UInt8(ascii: "-"))
        output.appendPadded(day, width: 2)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Reads numbers of a fixed width and single characters.
package struct DigitReader<Bytes: Collection<UInt8>> {
    private var rest: Bytes.SubSequence

    package init(_ bytes: Bytes) { rest = bytes[...] }

    package var isAtEnd: Bool { rest.isEmpty }
    package var next: UInt8? { rest.first }

    package mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    package mutating func number(of width: Int) -> Int? {
        let digits = rest.prefix(width)
        guard digits.count == width, digits.allSatisfy({ $0.isASCIIDigit }) else { return nil }
        rest = rest.dropFirst(width)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Reads all digits up to the next other byte.
    package mutating func digits() -> Bytes.SubSequence {
        let digits = rest.prefix { $0.isASCIIDigit }
        rest = rest.dropFirst(digits.count)
        return digits
    }
}

extension [UInt8] {
    /// Appends a non-negative number, padded with leading zeros.
    package mutating func appendPadded(_ number: Int, width: Int) {
        let digits = String(number).utf8
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Swift.max(0, width - digits.count)))
        append(contentsOf: digits)
    }

    /// Appends the time that is `seconds` after midnight, as `HH:MM:SS`.
    package mutating func appendTimeOfDay(_ seconds: Int) {
        appendPadded(seconds / 3600, width: 2)
        append(UInt8(ascii: ":"))
        appendPadded(seconds / 60 % 60, width: 2)
        append(UInt8(ascii: ":"))
        appendPadded(seconds % 60, width: 2)
    }
}
