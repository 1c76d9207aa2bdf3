extension RedisConfiguration.Endpoint {
    /// The address that a node of a cluster announces for a node.
    ///
    /// - Parameters:
    ///   - host: the announced host. An empty one is that of the node that announces it, and `?` is unknown to it.
    ///   - port: the announced port.
    ///   - node: the address at which the announcing node was asked.
    /// - Returns: the address; `nil` if the host is unknown.
    /// - Throws: ``RedisClusterSlotMapError`` if host or port can't be one.
    static func announced(host: String, port: Int, by node: Self) throws(RedisClusterSlotMapError) -> Self? {
        guard (1...65_535).contains(port) else {
            throw RedisClusterSlotMapError(.invalidPort, "\(port) is not a port")
        }
        guard host != "?" else { return nil }
        guard host.isEmpty else {
            guard host.utf8.count <= 255, host.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
                throw RedisClusterSlotMapError(
                    .invalidHost,
                    "a node announces a host that is neither a name nor an address"
                )
            }
            return .tcp(host: host, port: port)
        }
        return switch node {
        case .tcp(let host, _): .tcp(host: host, port: port)
        case .unixSocket: nil
        }
    }
}
