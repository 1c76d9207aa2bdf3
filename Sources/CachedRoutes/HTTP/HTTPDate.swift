import RouteModel

/// Dates as HTTP prints them: IMF-fixdate (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The date of a time in milliseconds after 1970-01-01T00:00:00Z, for instance `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func string(milliseconds: Int64) -> String {
        let seconds = Int(milliseconds / 1000)
        let day = seconds / 86_400
        let time = seconds % 86_400
        let date = CalendarDate(daysSinceEpoch: day)
        var text: [UInt8] = []
        text.reserveCapacity(29)
        text.append(contentsOf: days[day % 7].utf8)
        text.append(contentsOf: ", ".utf8)
        text.appendPadded(date.day, width: 2)
        text.append(0x20)
        text.append(contentsOf: months[date.month - 1].utf8)
        text.append(0x20)
        text.appendPadded(date.year, width: 4)
        text.append(0x20)
        text.appendTimeOfDay(time)
        text.append(contentsOf: " GMT".utf8)
        return String(decoding: text, as: UTF8.self)
    }
}
