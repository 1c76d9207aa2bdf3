package import CachedRoutes
import Synchronization

/// A time of day that stands still until a test moves it.
public final class ManualClock: Sendable {
    private let milliseconds: Mutex<Int64>

    /// A clock that shows `milliseconds` after 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64 = 1_700_000_000_000) {
        self.milliseconds = Mutex(milliseconds)
    }

    /// Milliseconds after 1970-01-01T00:00:00Z.
    public var now: Int64 { milliseconds.withLock { $0 } }

    /// Moves the clock.
    public func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        milliseconds.withLock { $0 += seconds * 1000 + attoseconds / 1_000_000_000_000_000 }
    }

    /// The clock as a service takes it.
    package var wallClock: WallClock { WallClock { self.now } }
}
