/// Times of repeated runs.
struct Measurement {
    /// Seconds, sorted.
    let seconds: [Double]

    var median: Double { seconds[seconds.count / 2] }
    var best: Double { seconds[0] }

    /// Runs `body` so many times, after a few that do not count.
    init(runs: Int, _ body: () throws -> Void) rethrows {
        for _ in 0..<3 { try body() }
        seconds = try (0..<runs).map { _ in try Self.seconds { try body() } }.sorted()
    }

    /// Runs `body` so many times, after a few that do not count.
    init(runs: Int, _ body: () async throws -> Void) async rethrows {
        for _ in 0..<3 { try await body() }
        var seconds: [Double] = []
        for _ in 0..<runs {
            let start = ContinuousClock.now
            try await body()
            seconds.append((ContinuousClock.now - start) / .seconds(1))
        }
        self.seconds = seconds.sorted()
    }

    /// Times measured elsewhere.
    init(seconds: [Double]) {
        self.seconds = seconds.sorted()
    }

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .seconds(1)
    }
}

extension Double {
    /// The number with so many digits behind its point.
    func formatted(digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((magnitude * scale).rounded())
        let fraction = String(scaled % Int(scale))
        let whole = "\(self < 0 ? "-" : "")\(scaled / Int(scale))"
        return digits == 0 ? whole : whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
