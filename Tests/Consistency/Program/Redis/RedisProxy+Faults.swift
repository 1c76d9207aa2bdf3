extension RedisProxy {
    /// The faults of connections.
    static let faults: [Fault] = [.connectionsDropped, .connectionsDelayed, .connectionsSwallowed, .connectionsRefused]

    /// Makes one fault on the connections of these proxies, from its beginning to its end.
    ///
    /// - Parameter longest: the longest duration in milliseconds.
    /// - Returns: `true` if a connection was concerned.
    /// - Throws: ``HarnessError`` for a fault that is not one of connections.
    static func inject(
        _ fault: Fault,
        _ proxies: [RedisProxy],
        longest: Int = 2000,
        _ random: inout SeededGenerator
    ) async throws -> Bool {
        let before = proxies.map(\.disturbances)
        func drop() { for proxy in proxies { proxy.drop() } }
        func set(_ mode: Mode) { for proxy in proxies { proxy.set(mode) } }
        func pause(_ shortest: Int, _ random: inout SeededGenerator) async throws {
            try await Task.sleep(for: .milliseconds(Int.random(in: shortest...longest, using: &random)))
        }
        switch fault {
        case .connectionsDropped: drop()
        case .connectionsDelayed:
            set(.delay(Int64.random(in: 1...300, using: &random)))
            try await pause(200, &random)
        case .connectionsSwallowed:
            set(.swallow)
            try await pause(100, &random)
            // Connections that have lost bytes pass nothing on any more. They are closed once no new one can lose any: a replica's,
            // for example, would otherwise wait for its primary for a minute.
            set(.pass)
            drop()
        case .connectionsRefused:
            set(.refuse)
            drop()
            try await pause(100, &random)
        default: throw HarnessError.unknown(fault, "connections")
        }
        set(.pass)
        return zip(before, proxies).contains { $0 < $1.disturbances }
    }
}
