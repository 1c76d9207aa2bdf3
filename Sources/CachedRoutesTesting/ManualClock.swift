package import CachedRoutesCore
import Synchronization

/// A clock that stands still until a test advances it.
public final class ManualClock: Sendable {
    private let milliseconds: Mutex<Int64>

    /// Makes a clock.
    ///
    /// - Parameter milliseconds: the time in milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64 = 1_700_000_000_000) {
        self.milliseconds = Mutex(milliseconds)
    }

    /// The current time in milliseconds since 1970-01-01T00:00:00Z.
    public var now: Int64 { milliseconds.withLock { $0 } }

    /// Advances the clock.
    public func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        milliseconds.withLock { $0 += seconds * 1000 + attoseconds / 1_000_000_000_000_000 }
    }

    /// The clock in the type that a service uses.
    package var wallClock: WallClock { WallClock { self.now } }
}
