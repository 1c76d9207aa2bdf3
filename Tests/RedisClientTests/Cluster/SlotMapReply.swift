import NIOCore

@testable import RedisClient

/// The reply to `CLUSTER SLOTS` with these ranges, each with its primary alone.
func slotMapReply(_ ranges: [(slots: ClosedRange<UInt16>, endpoint: RedisConfiguration.Endpoint?)]) -> RedisReply {
    var text = "*\(ranges.count)\r\n"
    for (slots, endpoint) in ranges {
        guard case .tcp(let host, let port) = endpoint ?? .tcp(host: "?", port: 1) else { continue }
        text +=
            "*3\r\n:\(slots.lowerBound)\r\n:\(slots.upperBound)\r\n*2\r\n$\(host.utf8.count)\r\n\(host)\r\n:\(port)\r\n"
    }
    var replies: [RedisReply] = []
    _ = RedisReplyParser(maximumReplySize: 1 << 24).parse(ByteBuffer(string: text), into: &replies)
    return replies[0]
}

/// A map with these ranges.
func slotMap(
    _ ranges: (slots: ClosedRange<UInt16>, endpoint: RedisConfiguration.Endpoint?)...
) throws -> RedisClusterSlotMap {
    try RedisClusterSlotMap(slotMapReply(ranges), from: .tcp(host: "asked", port: 1))
}

extension RedisConfiguration.Endpoint {
    /// A node of a made-up cluster.
    static func node(_ name: String) -> Self { .tcp(host: name, port: 6379) }
}

extension RedisHashSlot {
    /// A slot that there is.
    static func number(_ number: Int) -> RedisHashSlot { RedisHashSlot(number)! }
}
