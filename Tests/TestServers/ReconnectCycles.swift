/// Connections of a client that are lost and made again, and the resources that this costs.
public struct ReconnectCycles: Sendable {
    /// The resources before them, and after them.
    public let base, end: ProcessResources
    /// The connections that were made meanwhile.
    public let accepted: Int

    /// Has clients connect to a server on `port` by way of a proxy that treats every other connection badly, each kind in turn,
    /// with halves of a reply of up to `longestHalf` bytes.
    ///
    /// - Parameter run: has a client lose its connections so many times, and ends it.
    public static func measured(
        to port: Int,
        longestHalf: Int,
        _ run: (_ cycles: Int, FaultProxy) async throws -> Void
    ) async throws -> ReconnectCycles {
        let proxy = try FaultProxy(to: port, seed: 1) { number in
            guard number % 2 == 0 else { return .relay }
            return switch number / 2 % 4 {
            case 0: .close(withReset: false)
            case 1: .close(withReset: true)
            case 2: .garbage
            default: .half(number % (longestHalf + 1))
            }
        }
        defer { proxy.stop() }
        // What is made once in a process, such as the system's timers, is there after a first client.
        try await run(50, proxy)
        let base = ProcessResources.current()
        let accepted = proxy.accepted
        try await run(1_000, proxy)
        let made = proxy.accepted - accepted
        return ReconnectCycles(base: base, end: try await ProcessResources.settled(to: base), accepted: made)
    }
}
