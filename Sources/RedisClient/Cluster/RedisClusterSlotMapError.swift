/// The reason for which a reply to `CLUSTER SLOTS` is not used.
package struct RedisClusterSlotMapError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of reason.
    package enum Code: Sendable, Hashable {
        /// The node replied with an error.
        case refused
        /// The reply does not have the form of a slot map.
        case unexpectedReply
        /// No slot is assigned to any node, as on a node that has joined no cluster.
        case noSlots
        /// No node has a host that is known to the node that was asked.
        case noKnownHosts
        /// A range of slots is reversed, or ends after the last slot.
        case invalidRange
        /// A slot is in more than one range.
        case overlappingRanges
    }

    /// The kind of reason.
    package let code: Code
    /// The reason in words.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
