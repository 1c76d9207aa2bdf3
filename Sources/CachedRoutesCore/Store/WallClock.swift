#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The clock that determines the age of entries. Tests use one of their own.
package struct WallClock: Sendable {
    private let read: @Sendable () -> Int64

    /// Makes a clock.
    ///
    /// - Parameter milliseconds: returns the time in milliseconds since 1970-01-01T00:00:00Z.
    package init(milliseconds: @escaping @Sendable () -> Int64) {
        read = milliseconds
    }

    /// The current time in milliseconds since 1970-01-01T00:00:00Z.
    package var now: Int64 { read() }

    /// The system's clock.
    package static let system = WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
