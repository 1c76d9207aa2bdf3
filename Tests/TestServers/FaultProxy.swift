import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A loopback port in front of a server's: it passes bytes on, late and in pieces if it is told to, or treats connections badly.
public final class FaultProxy: Sendable {
    /// The ways to treat a new connection.
    public enum Treatment: Sendable {
        /// Passes bytes on both ways.
        case relay
        /// Closes it at once, with a reset if so told.
        case close(withReset: Bool)
        /// Sends bytes that no protocol has, and closes it.
        case garbage
        /// Closes it when it has passed on so many bytes of the server's.
        case half(Int)
    }

    /// Waits before a piece is passed on.
    public struct Pauses: Sendable {
        /// A wait comes once in so many pieces; 0: never.
        public var oneIn = 0
        /// The longest wait.
        public var milliseconds = 0

        /// Pauses from their parts; without any, none.
        public init(oneIn: Int = 0, milliseconds: Int = 0) {
            self.oneIn = oneIn
            self.milliseconds = milliseconds
        }
    }

    struct Control: Sendable {
        var pauses = Pauses()
        var cuts = 0
        var isListening = true
        var isStopping = false
        var accepted = 0
        var open = 0
        var hasEnded = false
    }

    /// The port on 127.0.0.1.
    public let port: Int
    let target: Int
    let treatment: @Sendable (Int) -> Treatment
    let control = Mutex(Control())

    /// Starts a proxy.
    ///
    /// - Parameters:
    ///   - target: the server's port on 127.0.0.1.
    ///   - seed: the seed of what is left to chance.
    ///   - treatment: the treatment of a connection, by its number from 0.
    /// - Throws: ``ServerProcess/StartError`` when the system has no port.
    public init(
        to target: Int,
        seed: UInt64,
        treatment: @escaping @Sendable (Int) -> Treatment = { _ in .relay }
    ) throws {
        self.target = target
        self.treatment = treatment
        port = try ServerProcess.lastingFreePort()
        guard let listener = LoopbackSocket.listen(on: port) else {
            throw ServerProcess.StartError(description: "cannot listen on port \(port): errno \(errno)")
        }
        // The thread keeps the proxy until it is stopped.
        LoopbackSocket.detachThread { FaultProxyLoop(self, listener: listener, seed: seed).run() }
    }

    /// The connections accepted so far.
    public var accepted: Int { control.withLock { $0.accepted } }
    /// The connections that are passed on now.
    public var open: Int { control.withLock { $0.open } }

    /// Waits before pieces from now on.
    public func pause(_ pauses: Pauses) { control.withLock { $0.pauses = pauses } }

    /// Closes all connections, with what they hold.
    public func cut() { control.withLock { $0.cuts += 1 } }

    /// Refuses connections, or accepts them again.
    public func listen(_ isListening: Bool) { control.withLock { $0.isListening = isListening } }

    /// Closes everything; returns when that is done.
    public func stop() {
        control.withLock { $0.isStopping = true }
        while !control.withLock({ $0.hasEnded }) { usleep(1_000) }
    }
}
