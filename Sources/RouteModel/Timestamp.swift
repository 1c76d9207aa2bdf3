/// A point in time with microseconds, like PostgreSQL's `timestamptz`.
package struct Timestamp: Hashable, Sendable, CustomStringConvertible {
    /// The microseconds since 1970-01-01T00:00:00Z.
    package var microseconds: Int

    /// Makes a point in time from the microseconds since 1970-01-01T00:00:00Z.
    package init(microseconds: Int) {
        self.microseconds = microseconds
    }

    /// Reads a `date-time` of RFC 3339. A space may replace the `T`, and UTC is assumed if the zone is left out.
    ///
    /// A fraction is rounded to microseconds, which may carry into the next year. As in PostgreSQL, second 60 is the
    /// first second of the next minute; at the end of a day it must not have a fraction.
    package init?(_ raw: some Collection<UInt8>) {
        guard let date = CalendarDate(raw.prefix(10)) else { return nil }
        var reader = DigitReader(raw.dropFirst(10))
        guard reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.number(of: 2), hour < 24, reader.skip(":"),
            let minute = reader.number(of: 2), minute < 60, reader.skip(":"),
            let second = reader.number(of: 2), second <= 60
        else { return nil }
        var fraction = 0
        if reader.skip(".") {
            let digits = reader.digits()
            guard !digits.isEmpty else { return nil }
            fraction = Self.microseconds(ofFraction: digits)
        }
        var offset = 0
        if !reader.isAtEnd, !(reader.skip("Z") || reader.skip("z")) {
            let isEast = reader.next == UInt8(ascii: "+")
            guard reader.skip("+") || reader.skip("-"),
                let hours = reader.number(of: 2), hours < 24, reader.skip(":"),
                let minutes = reader.number(of: 2), minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (isEast ? 1 : -1)
        }
        guard reader.isAtEnd else { return nil }
        let time = (hour * 3600 + minute * 60 + second) * 1_000_000 + fraction
        // 24:00:00 is midnight; anything later is refused.
        guard time <= 86_400_000_000 else { return nil }
        microseconds = (date.daysSinceEpoch * 86_400 - offset) * 1_000_000 + time
        // The zone or the rounding may have moved the result out of the years that four digits can express.
        let days = Self.floorDivide(microseconds, 86_400_000_000)
        guard (1...9999).contains(CalendarDate(daysSinceEpoch: days).year) else { return nil }
    }

    /// The microseconds of a fraction of a second. More than six digits are rounded as PostgreSQL does: as a double,
    /// with ties to even.
    private static func microseconds(ofFraction digits: some Collection<UInt8>) -> Int {
        guard digits.count > 6 else {
            let written = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            return (digits.count..<6).reduce(written) { microseconds, _ in microseconds * 10 }
        }
        let fraction = Double("0." + String(decoding: digits, as: UTF8.self)) ?? 0
        return Int((fraction * 1_000_000).rounded(.toNearestOrEven))
    }

    /// Appends the time in UTC, without zeros at the end of its fraction.
    package func append(to output: inout [UInt8]) {
        let seconds = Self.floorDivide(microseconds, 1_000_000)
        var fraction = microseconds - seconds * 1_000_000
        let days = Self.floorDivide(seconds, 86_400)
        let time = seconds - days * 86_400
        CalendarDate(daysSinceEpoch: days).append(to: &output)
        output.append(UInt8(ascii: "T"))
        output.appendTimeOfDay(time)
        if fraction > 0 {
            var width = 6
            while fraction % 10 == 0 {
                fraction /= 10
                width -= 1
            }
            output.append(UInt8(ascii: "."))
            output.appendPadded(fraction, width: width)
        }
        output.append(UInt8(ascii: "Z"))
    }

    /// The canonical text.
    package var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }
}
