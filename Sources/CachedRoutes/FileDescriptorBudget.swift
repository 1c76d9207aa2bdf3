#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The file descriptors of this process.
enum FileDescriptorBudget {
    /// The smallest useful number of connections: with fewer, idle clients could keep out health checks.
    static let leastConnections = 16

    /// Returns the number of clients' connections for which the process's file descriptors suffice.
    ///
    /// A quarter is left for everything else: the connections to Redis and PostgreSQL, which could not be opened again
    /// without a descriptor, the app's own files, and event loops. Where the limit is enormous, as in many containers,
    /// memory runs out first: a connection takes some tens of kilobytes.
    static func connections() -> Int { connections(within: limit()) }

    static func connections(within limit: Int) -> Int { min(65_536, max(leastConnections, limit / 4 * 3)) }

    private static func limit() -> Int {
        var limits = rlimit()
        #if canImport(Glibc)
            let result = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        #else
            let result = getrlimit(RLIMIT_NOFILE, &limits)
        #endif
        // The minimum that POSIX promises.
        return result == 0 ? Int(clamping: limits.rlim_cur) : 20
    }
}
