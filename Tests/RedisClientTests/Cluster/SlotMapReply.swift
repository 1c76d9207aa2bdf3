import NIOCore

@testable import RedisClient

/// A node in a reply to `CLUSTER SLOTS`: its address, `nil` for one that nobody knows, and its ID.
typealias ListedNode = (endpoint: RedisConfiguration.Endpoint?, id: String?)

/// The reply to `CLUSTER SLOTS` with these ranges, each with its primary alone, which has no ID.
func slotMapReply(_ ranges: [(slots: ClosedRange<UInt16>, endpoint: RedisConfiguration.Endpoint?)]) -> RedisReply {
    slotMapReply(ranges.map { ($0.slots, [($0.endpoint, nil)]) })
}

/// The reply to `CLUSTER SLOTS` with these ranges, each with its primary and then its replicas.
func slotMapReply(_ ranges: [(slots: ClosedRange<UInt16>, nodes: [ListedNode])]) -> RedisReply {
    func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }
    var text = "*\(ranges.count)\r\n"
    for (slots, nodes) in ranges {
        text += "*\(2 + nodes.count)\r\n:\(slots.lowerBound)\r\n:\(slots.upperBound)\r\n"
        for (endpoint, id) in nodes {
            guard case .tcp(let host, let port) = endpoint ?? .tcp(host: "?", port: 1) else { continue }
            text += "*\(id == nil ? 2 : 3)\r\n" + bulk(host) + ":\(port)\r\n" + (id.map(bulk) ?? "")
        }
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
