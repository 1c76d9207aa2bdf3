/// A place in the write-ahead log of a database cluster, the type `pg_lsn`: what has been committed on the primary lies
/// before it, and so does what a standby has replayed up to it.
public struct PostgresLSN: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The byte of the log.
    public let offset: UInt64

    /// The place at this byte of the log.
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

    /// The order of the log.
    public static func < (left: PostgresLSN, right: PostgresLSN) -> Bool { left.offset < right.offset }
}
