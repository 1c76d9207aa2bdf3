import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A date (RFC 9110, 5.6.7)")
struct HTTPDateTests {
    /// 2026-07-01T12:00:00Z
    private static let now: Int64 = 1_782_907_200_000

    private func read(_ text: String, now: Int64 = Self.now) -> Int64? { HTTPDate.milliseconds(text, now: now) }

    @Test(
        "is printed as IMF-fixdate, in whole seconds",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (784_111_777_999, "Sun, 06 Nov 1994 08:49:37 GMT"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_782_907_200_000, "Wed, 01 Jul 2026 12:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (-1000, "Wed, 31 Dec 1969 23:59:59 GMT"), (-86_400_000, "Wed, 31 Dec 1969 00:00:00 GMT"),
            (-86_400_001, "Tue, 30 Dec 1969 23:59:59 GMT"), (-5_364_662_400_000, "Wed, 01 Jan 1800 00:00:00 GMT"),
            (HTTPDate.earliest, "Mon, 01 Jan 0001 00:00:00 GMT"),
        ] as [(Int64, String)]
    )
    func printed(milliseconds: Int64, text: String) {
        #expect(HTTPDate.string(milliseconds: milliseconds) == text)
    }

    @Test(
        "is read in the RFC's three formats",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            "Sun Nov 06 08:49:37 1994",
        ]
    )
    func formats(text: String) {
        #expect(read(text) == 784_111_777_000)
    }

    @Test(
        "may be any day of the years 1 to 9999",
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Wed, 31 Dec 1969 23:59:59 GMT", -1000),
            ("Wed Dec 31 23:59:59 1969", -1000), ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400_000),
            ("Mon, 01 Jan 0001 00:00:00 GMT", -62_135_596_800_000),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799_000),
            ("Tue, 19 Jan 2038 03:14:08 GMT", 2_147_483_648_000),
        ] as [(String, Int64)]
    )
    func range(text: String, milliseconds: Int64) {
        #expect(read(text) == milliseconds)
    }

    @Test("that was printed is read again, in each format")
    func roundTrip() {
        var random = SystemRandomNumberGenerator.seeded(1)
        let longDays = [
            "Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday",
            "Sat": "Saturday",
            "Sun": "Sunday",
        ]
        for _ in 0..<5000 {
            let time = Int64.random(in: HTTPDate.earliest...253_402_300_799_999, using: &random)
            let second = (time < 0 ? time - 999 : time) / 1000 * 1000
            let text = HTTPDate.string(milliseconds: time)
            #expect(read(text) == second)
            // For instance Sun, 06 Nov 1994 08:49:37 GMT
            let parts = text.split(separator: " ")
            let day = parts[0].dropLast()
            let padded = parts[1].first == "0" ? " \(parts[1].dropFirst())" : parts[1]
            #expect(read("\(day) \(parts[2]) \(padded) \(parts[4]) \(parts[3])") == second)
            let old = "\(longDays[String(day)] ?? ""), \(parts[1])-\(parts[2])-\(parts[3].suffix(2)) \(parts[4]) GMT"
            for distance: Int64 in [-49, -1, 0, 1, 49] {
                let now = time + distance * 31_556_952_000
                if now >= 0 { #expect(read(old, now: now) == second, "\(old) at \(now)") }
            }
        }
    }

    @Test(
        "with a year of two digits is no more than 50 years ahead, else in the past",
        arguments: [
            ("2026-07-01T12:00:00Z", "Wednesday, 01-Jul-26 12:00:00 GMT", "Wed, 01 Jul 2026 12:00:00 GMT"),
            ("2026-07-01T12:00:00Z", "Thursday, 31-Dec-99 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:59 GMT"),
            ("2026-07-01T12:00:00Z", "Saturday, 01-Jan-00 00:00:00 GMT", "Sat, 01 Jan 2000 00:00:00 GMT"),
            ("2026-07-01T12:00:00Z", "Tuesday, 31-Dec-75 00:00:00 GMT", "Tue, 31 Dec 2075 00:00:00 GMT"),
            ("2026-07-01T12:00:00Z", "Wednesday, 01-Jul-76 12:00:00 GMT", "Wed, 01 Jul 2076 12:00:00 GMT"),
            ("2026-07-01T12:00:00Z", "Thursday, 01-Jul-76 12:00:01 GMT", "Thu, 01 Jul 1976 12:00:01 GMT"),
            ("2026-07-01T12:00:00Z", "Friday, 02-Jul-76 00:00:00 GMT", "Fri, 02 Jul 1976 00:00:00 GMT"),
            ("2026-07-01T12:00:00Z", "Sunday, 01-Aug-76 00:00:00 GMT", "Sun, 01 Aug 1976 00:00:00 GMT"),
            ("2026-07-01T12:00:00Z", "Friday, 01-Jan-77 00:00:00 GMT", "Sat, 01 Jan 1977 00:00:00 GMT"),
            ("2099-07-01T12:00:00Z", "Saturday, 01-Jan-01 00:00:00 GMT", "Sat, 01 Jan 2101 00:00:00 GMT"),
            ("2099-07-01T12:00:00Z", "Friday, 01-Jan-50 00:00:00 GMT", "Sat, 01 Jan 2050 00:00:00 GMT"),
            ("2000-01-01T00:00:00Z", "Friday, 31-Dec-99 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:59 GMT"),
            // A leap day exists in the year that is meant, or not at all.
            ("2026-07-01T12:00:00Z", "Tuesday, 29-Feb-00 00:00:00 GMT", "Tue, 29 Feb 2000 00:00:00 GMT"),
            ("2199-07-01T12:00:00Z", "Tuesday, 29-Feb-00 00:00:00 GMT", nil),
        ] as [(String, String, String?)]
    )
    func century(now: String, text: String, fixdate: String?) throws {
        let now = try #require(Timestamp(now.utf8)).microseconds / 1000
        #expect(read(text, now: Int64(now)).map { HTTPDate.string(milliseconds: $0) } == fixdate)
    }

    @Test(
        "may have the name of another day",
        arguments: ["Mon, 06 Nov 1994 08:49:37 GMT", "Monday, 06-Nov-94 08:49:37 GMT", "Mon Nov  6 08:49:37 1994"]
    )
    func inconsistentDay(text: String) {
        #expect(read(text) == 784_111_777_000)
    }

    @Test(
        "in a leap second is the start of the next day",
        arguments: [
            ("Sat, 31 Dec 2016 23:59:60 GMT", "Sun, 01 Jan 2017 00:00:00 GMT"),
            ("Saturday, 31-Dec-16 23:59:60 GMT", "Sun, 01 Jan 2017 00:00:00 GMT"),
            ("Sat Dec 31 23:59:60 2016", "Sun, 01 Jan 2017 00:00:00 GMT"),
        ]
    )
    func leapSecond(text: String, fixdate: String) {
        #expect(read(text).map { HTTPDate.string(milliseconds: $0) } == fixdate)
    }

    @Test(
        "exists in the calendar and on the clock",
        arguments: [
            "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 32 Jan 1994 08:49:37 GMT",
            "Sun, 29 Feb 1994 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT", "Sun, 30 Feb 2000 08:49:37 GMT",
            "Sun, 06 Nov 0000 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49:60 GMT", "Sun, 06 Nov 1994 23:49:60 GMT", "Sun, 06 Nov 1994 22:59:60 GMT",
            "Sun, 06 Nov 1994 23:59:61 GMT", "Sunday, 31-Nov-94 08:49:37 GMT", "Sunday, 29-Feb-94 08:49:37 GMT",
            "Sunday, 06-Nov-94 24:00:00 GMT", "Sun Nov 31 08:49:37 1994", "Sun Nov  0 08:49:37 1994",
            "Sun Feb 29 08:49:37 1994", "Sun Nov  6 24:49:37 1994", "Sun Nov  6 08:49:37 0000",
        ]
    )
    func impossible(text: String) {
        #expect(read(text) == nil)
    }

    @Test(
        "has no other form",
        arguments: [
            "", " ", "0", "784111777", "1994-11-06T08:49:37Z", "GMT", "Sun", "Sunday", "Sun,", "Sunday, ", "Sun ",
            // Names are case-sensitive, and names.
            "sun, 06 Nov 1994 08:49:37 GMT", "SUN, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 NOV 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 +0000", "Son, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Okt 1994 08:49:37 GMT",
            "sunday, 06-Nov-94 08:49:37 GMT", "Sund, 06 Nov 1994 08:49:37 GMT", "sun Nov  6 08:49:37 1994",
            " Nov  6 08:49:37 1994", ", 06 Nov 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT",
            // Formats don't mix.
            "Sunday, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sun, 06-Nov-1994 08:49:37 GMT", "Sunday Nov  6 08:49:37 1994", "Sun, Nov  6 08:49:37 1994",
            "Sun Nov  6 08:49:37 1994 GMT", "Sun Nov  6 08:49:37 94", "Sun, 06 Nov 94 08:49:37 GMT",
            // Widths are fixed.
            "Sun, 6 Nov 1994 08:49:37 GMT", "Sun,  6 Nov 1994 08:49:37 GMT", "Sun, 006 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 19940 08:49:37 GMT", "Sun, 06 Nov 994 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
            "Sun, 06 Nov 1994 08:9:37 GMT", "Sun, 06 Nov 1994 08:49:7 GMT", "Sun, 06 Nov 1994 08:49 GMT",
            "Sunday, 6-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-094 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
            "Sun Nov   6 08:49:37 1994", "Sun Nov  06 08:49:37 1994", "Sun Nov  6 8:49:37 1994",
            // Nothing stands before, between or behind.
            " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun,06 Nov 1994 08:49:37 GMT",
            "Sun, 06  Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994  08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37  GMT",
            "Sun, 06 Nov 1994 08:49:37GMT", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37.5 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT; length=5", "Sunday, 06-Nov-94 08:49:37 GMT ", "Sun Nov  6 08:49:37 1994 ",
            "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov -994 08:49:37 GMT", "Sun, 06 Nov 1994 08.49.37 GMT", "Sun, ٠٦ Nov 1994 08:49:37 GMT",
            "Sun\u{301}, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT\u{0}",
        ]
    )
    func malformed(text: String) {
        #expect(read(text) == nil)
    }
}
