/// A position in the write-ahead log of a database cluster, the type `pg_lsn`. Everything that was committed on the
/// primary, or that a standby has replayed, lies before the respective position.
public struct PostgresLSN: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The byte offset in the log.
    public let offset: UInt64

    /// Makes a position from its byte offset in the log.
    public init(offset: UInt64) {
        self.offset = offset
    }

    /// Reads PostgreSQL's notation, two hexadecimal numbers: `16/B374D848`.
    public init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let high = UInt32(halves[0], radix: 16), let low = UInt32(halves[1], radix: 16)
        else { return nil }
        offset = UInt64(high) << 32 | UInt64(low)
    }

    /// PostgreSQL's notation.
    public var description: String {
        let high = String(offset >> 32, radix: 16, uppercase: true)
        let low = String(offset & 0xffff_ffff, radix: 16, uppercase: true)
        return "\(high)/\(low)"
    }

    /// Compares positions by their order in the log.
    public static func < (left: PostgresLSN, right: PostgresLSN) -> Bool { left.offset < right.offset }
}
