import RouteModel

/// Prints dates as IMF-fixdate and parses the three formats of HTTP (RFC 9110, 5.6.7).
package enum HTTPDate {
    private static let days: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let longDays: [StaticString] = [
        "Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday",
    ]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Prints a time in milliseconds since 1970-01-01T00:00:00Z, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    package static func string(milliseconds: Int64) -> String {
        String(unsafeUninitializedCapacity: length) { bytes in
            write(milliseconds: milliseconds, to: UnsafeMutableRawBufferPointer(bytes))
            return length
        }
    }

    /// The length of a date in bytes.
    static let length = 29

    /// The earliest time that can be printed: the start of year 1, in milliseconds.
    static let earliest: Int64 = -62_135_596_800_000

    /// Writes the date of a time into the first ``length`` bytes.
    ///
    /// - Parameters:
    ///   - milliseconds: since 1970-01-01T00:00:00Z; negative for earlier times.
    ///   - bytes: receives the date.
    static func write(milliseconds: Int64, to bytes: UnsafeMutableRawBufferPointer) {
        let seconds = Int((milliseconds < 0 ? milliseconds - 999 : milliseconds) / 1000)
        let day = (seconds < 0 ? seconds - 86_399 : seconds) / 86_400
        let time = seconds - day * 86_400
        let date = CalendarDate(daysSinceEpoch: day)
        var position = 0
        func write(_ text: StaticString) {
            for byte in text.bytes {
                bytes[position] = byte
                position += 1
            }
        }
        func write(_ number: Int, width: Int) {
            var rest = number
            for place in (position..<position + width).reversed() {
                bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            position += width
        }
        write(days[(day % 7 + 7) % 7])
        write(", ")
        write(date.day, width: 2)
        write(" ")
        write(months[date.month - 1])
        write(" ")
        write(date.year, width: 4)
        write(" ")
        write(time / 3600, width: 2)
        write(":")
        write(time / 60 % 60, width: 2)
        write(":")
        write(time % 60, width: 2)
        write(" GMT")
    }

    /// Parses a date in one of HTTP's three formats as milliseconds since 1970-01-01T00:00:00Z; `nil` if it is
    /// malformed.
    ///
    /// The day name must be valid but is not compared with the date, which is more precise. A leap second, 23:59:60, is
    /// the start of the next day, because POSIX time does not count it.
    ///
    /// - Parameters:
    ///   - text: the date.
    ///   - now: the current time in milliseconds, which completes two-digit years.
    static func milliseconds(_ text: String, now: Int64) -> Int64? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = Reader(rest: bytes[...])
            if reader.name(among: longDays) != nil { return readRFC850(&reader, now: now) }
            guard reader.name(among: days) != nil else { return nil }
            return reader.skip(", ") ? readFixdate(&reader) : readAsctime(&reader)
        }
    }

    /// The rest of `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func readFixdate(_ reader: inout Reader) -> Int64? {
        guard let day = reader.number(of: 2), reader.skip(" "), let month = reader.month(), reader.skip(" "),
            let year = reader.number(of: 4), reader.skip(" "), let time = reader.timeOfDay(), reader.skip(" GMT"),
            reader.isAtEnd
        else { return nil }
        return milliseconds(year: year, month: month, day: day, time: time)
    }

    /// The rest of `Sunday, 06-Nov-94 08:49:37 GMT`.
    private static func readRFC850(_ reader: inout Reader, now: Int64) -> Int64? {
        guard reader.skip(", "), let day = reader.number(of: 2), reader.skip("-"), let month = reader.month(),
            reader.skip("-"), let lastDigits = reader.number(of: 2), reader.skip(" "),
            let time = reader.timeOfDay(), reader.skip(" GMT"), reader.isAtEnd
        else { return nil }
        // The latest year with these digits in which the time is at most 50 years ahead of now.
        let seconds = Int(now / 1000)
        let today = CalendarDate(daysSinceEpoch: seconds / 86_400)
        let limit = (today.year + 50, today.month, today.day, seconds % 86_400)
        var year = today.year - today.year % 100 + 100 + lastDigits
        while (year, month, day, time) > limit { year -= 100 }
        return milliseconds(year: year, month: month, day: day, time: time)
    }

    /// The rest of `Sun Nov  6 08:49:37 1994`.
    private static func readAsctime(_ reader: inout Reader) -> Int64? {
        guard reader.skip(" "), let month = reader.month(), reader.skip(" "),
            let day = reader.number(of: reader.skip(" ") ? 1 : 2), reader.skip(" "),
            let time = reader.timeOfDay(), reader.skip(" "), let year = reader.number(of: 4), reader.isAtEnd
        else { return nil }
        return milliseconds(year: year, month: month, day: day, time: time)
    }

    private static func milliseconds(year: Int, month: Int, day: Int, time: Int) -> Int64? {
        CalendarDate(year: year, month: month, day: day).map { Int64($0.daysSinceEpoch * 86_400 + time) * 1000 }
    }

    /// Reads the parts of a date, all of which have a fixed width.
    private struct Reader {
        var rest: Slice<UnsafeBufferPointer<UInt8>>

        var isAtEnd: Bool { rest.isEmpty }

        mutating func skip(_ text: StaticString) -> Bool {
            guard rest.starts(with: text.bytes) else { return false }
            rest = rest.dropFirst(text.utf8CodeUnitCount)
            return true
        }

        mutating func name(among names: [StaticString]) -> Int? { names.firstIndex { skip($0) } }

        mutating func month() -> Int? { name(among: months).map { $0 + 1 } }

        mutating func number(of width: Int) -> Int? {
            let digits = rest.prefix(width)
            guard digits.count == width, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { return nil }
            rest = rest.dropFirst(width)
            return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }

        /// Seconds after midnight.
        mutating func timeOfDay() -> Int? {
            guard let hour = number(of: 2), hour < 24, skip(":"), let minute = number(of: 2), minute < 60, skip(":"),
                let second = number(of: 2), second < 60 || second == 60 && hour == 23 && minute == 59
            else { return nil }
            return hour * 3600 + minute * 60 + second
        }
    }
}
