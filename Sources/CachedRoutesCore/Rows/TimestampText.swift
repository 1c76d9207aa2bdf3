import RouteModel

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A `timestamp` or `timestamptz` of a row, as JSON has it: `2024-02-03T04:05:06.7`, `2024-02-03T04:05:06.7+00:00`, `infinity`,
/// `0044-03-15T12:00:00 BC`.
///
/// Values are compared as texts, which are the same for the same time, since PostgreSQL writes both types in one form here.
public struct TimestampText: Hashable, Sendable {
    /// The time as it was sent.
    public var text: String

    /// Makes the value of a text, which is not checked.
    ///
    /// - Parameter text: the time.
    public init(_ text: String) { self.text = text }

    /// Makes the value of a point in time, as PostgreSQL writes a `timestamptz` in UTC, to the microsecond.
    ///
    /// - Parameter date: the time; one that PostgreSQL can't hold, which ends with the year 294276 and begins with 4714 BC, is
    ///   an infinity.
    public init(_ date: Date) {
        let time = date.timeIntervalSince1970
        guard time >= -210_866_803_200 else {
            self.init("-infinity")
            return
        }
        let end = 9_224_318_016_000
        // An infinite number has no fraction.
        let whole = min(time, Double(end)).rounded(.down)
        let fraction = time < Double(end) ? Int(((time - whole) * 1_000_000).rounded()) : 0
        let seconds = Int(whole) + fraction / 1_000_000
        guard seconds < end else {
            self.init("infinity")
            return
        }
        let timeOfDay = (seconds % 86_400 + 86_400) % 86_400
        var day = CalendarDate(daysSinceEpoch: (seconds - timeOfDay) / 86_400)
        let isBC = day.year < 1
        if isBC { day.year = 1 - day.year }
        var bytes: [UInt8] = []
        day.append(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendTimeOfDay(timeOfDay)
        if fraction % 1_000_000 > 0 {
            bytes.append(UInt8(ascii: "."))
            bytes.appendPadded(fraction, width: 6)
            while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
        }
        bytes += (isBC ? "+00:00 BC" : "+00:00").utf8
        self.init(String(decoding: bytes, as: UTF8.self))
    }

    /// The point in time; `nil` for the infinities and for a text of another form.
    ///
    /// A time without an offset is read as UTC. A `Date` is a binary number of seconds: it is exact to the microsecond in the
    /// centuries around 2001 only.
    public var date: Date? {
        time.map { Date(timeIntervalSince1970: Double($0.seconds) + Double($0.microseconds) / 1_000_000) }
    }

    /// The time since 1970-01-01T00:00:00Z. PostgreSQL's last year has more microseconds than an `Int`.
    private var time: (seconds: Int, microseconds: Int)? {
        let era = " BC"
        let isBC = text.hasSuffix(era)
        var reader = DigitReader((isBC ? text.dropLast(era.count) : text[...]).utf8)
        guard let year = Int(String(decoding: reader.digits(), as: UTF8.self)), reader.skip("-"),
            let month = reader.number(of: 2), (1...12).contains(month), reader.skip("-"),
            let day = reader.number(of: 2), (1...31).contains(day), reader.skip("T"),
            let hour = reader.number(of: 2), reader.skip(":"), let minute = reader.number(of: 2), reader.skip(":"),
            let second = reader.number(of: 2), year <= 300_000
        else { return nil }
        var fraction = 0
        if reader.skip(".") {
            let digits = Array(reader.digits())
            guard (1...6).contains(digits.count) else { return nil }
            for index in 0..<6 {
                fraction = fraction * 10 + (index < digits.count ? Int(digits[index] - UInt8(ascii: "0")) : 0)
            }
        }
        var offset = 0
        if !reader.isAtEnd {
            let isWest = reader.next == UInt8(ascii: "-")
            guard reader.skip("+") || reader.skip("-"), let hours = reader.number(of: 2), reader.skip(":"),
                let minutes = reader.number(of: 2), reader.isAtEnd
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
        }
        var date = CalendarDate(daysSinceEpoch: 0)
        (date.year, date.month, date.day) = (isBC ? 1 - year : year, month, day)
        return (date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second - offset, fraction)
    }
}

extension TimestampText: CustomStringConvertible, ExpressibleByStringLiteral {
    /// Makes the value of a literal.
    ///
    /// - Parameter value: the time.
    public init(stringLiteral value: String) { self.init(value) }

    /// The time as it was sent.
    public var description: String { text }
}

extension TimestampText: Codable {
    /// Reads a JSON string.
    ///
    /// - Parameter decoder: the decoder of the value.
    /// - Throws: `DecodingError` for anything else.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes a JSON string.
    ///
    /// - Parameter encoder: the encoder of the value.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
