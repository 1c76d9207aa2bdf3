/// An error reply by which a node of a cluster says where or when to repeat a command.
enum RedisRedirection: Hashable, Sendable {
    typealias Endpoint = RedisConfiguration.Endpoint

    /// `MOVED`: another node has the slot. `to` is `nil` if its host is unknown to the node that replied.
    case moved(RedisHashSlot, to: Endpoint?)
    /// `ASK`: the slot is being moved, and another node has the key already or is to have it. The command is repeated there
    /// right after `ASKING`, on one connection, and later commands still go to the node that replied.
    case ask(RedisHashSlot, to: Endpoint?)
    /// `TRYAGAIN`: the slot is being moved, and one node has not all of the keys of the command.
    case tryAgain
    /// `CLUSTERDOWN`: the node serves no slots, or no node has this one.
    case clusterDown

    /// Reads an error reply; `nil` if it is another one.
    ///
    /// - Parameters:
    ///   - error: the reply.
    ///   - node: the address of the node that replied, whose host is meant by an empty one.
    init?(_ error: RedisServerError, by node: Endpoint) {
        switch error.code {
        case "MOVED":
            guard let (slot, endpoint) = Self.target(error.message, node) else { return nil }
            self = .moved(slot, to: endpoint)
        case "ASK":
            guard let (slot, endpoint) = Self.target(error.message, node) else { return nil }
            self = .ask(slot, to: endpoint)
        case "TRYAGAIN": self = .tryAgain
        case "CLUSTERDOWN": self = .clusterDown
        default: return nil
        }
    }

    /// Reads the slot and the address of `MOVED 3999 127.0.0.1:6381`. An IPv6 address has no brackets. An address that can't be
    /// one is as good as an unknown one.
    private static func target(_ message: String, _ node: Endpoint) -> (RedisHashSlot, Endpoint?)? {
        let words = message.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count >= 3, let slot = Int(words[1]).flatMap({ RedisHashSlot($0) }),
            let colon = words[2].lastIndex(of: ":"), let port = Int(words[2][words[2].index(after: colon)...])
        else { return nil }
        return (slot, Endpoint.announced(host: String(words[2][..<colon]), port: port, by: node))
    }
}
