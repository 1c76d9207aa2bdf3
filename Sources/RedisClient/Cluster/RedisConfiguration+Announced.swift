extension RedisConfiguration.Endpoint {
    /// The address that a node of a cluster announces for a node.
    ///
    /// - Parameters:
    ///   - host: the announced host. An empty one is that of the node that announces it, and `?` is unknown to it.
    ///   - port: the announced port.
    ///   - node: the address at which the announcing node was asked.
    /// - Returns: the address; `nil` if the host is unknown, or if host or port can't be one.
    static func announced(host: String, port: Int, by node: Self) -> Self? {
        guard (1...65_535).contains(port), host != "?" else { return nil }
        guard host.isEmpty else {
            let isPossible =
                host.utf8.count <= 255 && host.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
            return isPossible ? .tcp(host: host, port: port) : nil
        }
        return switch node {
        case .tcp(let host, _): .tcp(host: host, port: port)
        case .unixSocket: nil
        }
    }
}
