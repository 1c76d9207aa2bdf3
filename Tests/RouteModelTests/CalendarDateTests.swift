import RouteModel
import Testing

@Suite struct CalendarDateTests {
    @Test(
        "A day has a number, counted from 1970",
        arguments: [
            (1, 1, 1, -719_162), (1969, 12, 31, -1), (1970, 1, 1, 0), (1970, 3, 1, 59), (1972, 2, 29, 789),
            (1972, 3, 1, 790), (2000, 2, 29, 11_016), (2100, 3, 1, 47_541), (9999, 12, 31, 2_932_896),
        ]
    )
    func numbers(year: Int, month: Int, day: Int, number: Int) throws {
        let date = try #require(CalendarDate(year: year, month: month, day: day))
        #expect(date.daysSinceEpoch == number)
        #expect(CalendarDate(daysSinceEpoch: number) == date)
    }

    @Test("Days follow one another in all years")
    func sequence() throws {
        var number = try #require(CalendarDate(year: 1, month: 1, day: 1)).daysSinceEpoch
        for year in 1...9999 {
            let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
            for month in 1...12 {
                let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
                // The ends of a month show where a day too many or too few was counted.
                let first = CalendarDate(year: year, month: month, day: 1)
                let last = CalendarDate(year: year, month: month, day: length)
                guard first?.daysSinceEpoch == number, last?.daysSinceEpoch == number + length - 1,
                    CalendarDate(daysSinceEpoch: number) == first,
                    CalendarDate(daysSinceEpoch: number + length - 1) == last,
                    CalendarDate(year: year, month: month, day: length + 1) == nil
                else {
                    Issue.record("\(year)-\(month)")
                    return
                }
                number += length
            }
        }
    }

    @Test(
        "A day that does not exist is no date",
        arguments: [
            (0, 1, 1), (10_000, 1, 1), (-1, 1, 1), (2000, 0, 1), (2000, 13, 1), (2000, 1, 0), (2000, 1, -1),
            (2000, 1, 32),
            (2000, 4, 31), (2000, 2, 30), (2001, 2, 29), (1900, 2, 29),
        ]
    )
    func impossible(year: Int, month: Int, day: Int) {
        #expect(CalendarDate(year: year, month: month, day: day) == nil)
    }
}
