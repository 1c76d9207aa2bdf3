extension RedisProxy {
    /// What can go wrong on the ways.
    static let faults: [Fault] = [.connectionsDropped, .connectionsDelayed, .connectionsSwallowed, .connectionsRefused]

    /// One fault on these ways, from its beginning to its end.
    ///
    /// - Parameter longest: how long it lasts at most, in milliseconds.
    static func inject(
        _ fault: Fault,
        _ proxies: [RedisProxy],
        longest: Int = 2000,
        _ random: inout SeededGenerator
    ) async throws {
        func during(_ mode: Mode, _ shortest: Int, _ random: inout SeededGenerator) async throws {
            for proxy in proxies { proxy.set(mode) }
            if mode == .refuse { for proxy in proxies { proxy.drop() } }
            try await Task.sleep(for: .milliseconds(Int.random(in: shortest...longest, using: &random)))
            for proxy in proxies { proxy.set(.pass) }
        }
        switch fault {
        case .connectionsDelayed:
            try await during(.delay(Int64.random(in: 1...300, using: &random)), 200, &random)
        case .connectionsSwallowed:
            try await during(.swallow, 100, &random)
            // What was swallowed is missing for ever.
            for proxy in proxies { proxy.drop() }
        case .connectionsRefused: try await during(.refuse, 100, &random)
        default: for proxy in proxies { proxy.drop() }
        }
    }
}
