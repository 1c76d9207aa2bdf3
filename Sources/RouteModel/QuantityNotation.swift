/// The notation of durations and sizes in manifests and in the environment.
package enum QuantityNotation {
    private static let durationUnits: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    private static let sizeUnits: [(suffix: String, bytes: Int64)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1),
    ]

    /// Reads `500ms`, `10s`, `5m`, `2h` or `7d`; `nil` for anything else and for durations whose milliseconds don't fit
    /// in 64 bits.
    package static func duration(_ text: some StringProtocol) -> Duration? {
        guard let unit = durationUnits.first(where: { text.hasSuffix($0.suffix) }),
            let milliseconds = product(text.dropLast(unit.suffix.count), unit.milliseconds)
        else { return nil }
        return .milliseconds(milliseconds)
    }

    /// Reads a size in bytes: `512B`, `64KiB`, `16MiB`, `1GiB` or `0`; `nil` for anything else.
    package static func bytes(_ text: some StringProtocol) -> Int? {
        if text == "0" { return 0 }
        guard let unit = sizeUnits.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        return product(text.dropLast(unit.suffix.count), unit.bytes).map(Int.init)
    }

    /// Writes a duration of whole milliseconds, in the largest unit that divides it: `90s`, `5m`, `1d`; zero is `0s`.
    package static func text(of duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        let unit = durationUnits.last { milliseconds % $0.milliseconds == 0 && milliseconds / $0.milliseconds > 0 }
        return unit.map { "\(milliseconds / $0.milliseconds)\($0.suffix)" } ?? "\(milliseconds / 1000)s"
    }

    /// Writes a size in the largest unit that divides it.
    package static func text(ofBytes bytes: Int) -> String {
        let unit = sizeUnits.filter { bytes > 0 && Int64(bytes) % $0.bytes == 0 }.max { $0.bytes < $1.bytes }
        return unit.map { "\(Int64(bytes) / $0.bytes)\($0.suffix)" } ?? "0"
    }

    private static func product(_ digits: some StringProtocol, _ factor: Int64) -> Int64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0.isASCIIDigit }),
            let number = Int64(String(digits))
        else { return nil }
        let (result, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : result
    }
}

extension Duration {
    /// The whole milliseconds, rounded towards zero and limited to a hundred thousand years.
    package var milliseconds: Int64 {
        let longest: Int64 = 3_153_600_000_000
        let seconds = min(max(components.seconds, -longest), longest)
        return seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
