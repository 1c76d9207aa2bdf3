import CachedRoutes
import Foundation

/// The method behind the route that says `handler: swift`.
struct UsageHandlers: Routes.Handlers {
    /// The sign-ups of each of the first days. The example's users follow a rule, so they are counted without a query.
    func usage(_ input: Routes.UsageInput) async throws -> Usage {
        Usage(
            days: input.days,
            signups: (0..<input.days).map(Usage.signups(onDay:)),
            last: Usage.user(Usage.users(beforeSecond: input.days * 86_400))
        )
    }
}

/// How many users signed up on each of the first days of 2024, and the last of them.
struct Usage: Codable {
    let days: Int
    let signups: [Int]
    /// A row of the type that the lock gives to the statement of another route.
    let last: Routes.NewestUsersRow

    /// User 1 signed up 61 seconds after midnight of the first day, and each of the 20,000 61 seconds after the one before.
    static func signups(onDay day: Int) -> Int {
        users(beforeSecond: (day + 1) * 86_400) - users(beforeSecond: day * 86_400)
    }

    static func users(beforeSecond second: Int) -> Int {
        min(20_000, (second - 1) / 61)
    }

    static func user(_ number: Int) -> Routes.NewestUsersRow {
        Routes.NewestUsersRow(
            id: Int32(number),
            full_name: "First\(number % 997) Last\(number % 1009)",
            created_at: TimestampText(Date(timeIntervalSince1970: Double(1_704_067_200 + number * 61)))
        )
    }
}
