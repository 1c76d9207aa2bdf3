#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The file descriptors of this process.
enum FileDescriptors {
    /// The least number of connections with which a server is of use: with fewer, clients that only keep theirs open keep out whoever
    /// looks whether the process lives.
    static let leastConnections = 16

    /// The number of connections of clients for which the process's descriptors suffice.
    ///
    /// A quarter is left for everything else: the connections to Redis and PostgreSQL, which a server that has no descriptor left
    /// could not open again, the app's own files, and event loops. Where the limit is enormous, as in many containers, it is memory
    /// that ends first: a connection takes some tens of kilobytes.
    static func connections() -> Int { connections(within: limit()) }

    static func connections(within limit: Int) -> Int { min(65_536, max(leastConnections, limit / 4 * 3)) }

    private static func limit() -> Int {
        var limits = rlimit()
        #if canImport(Glibc)
            let result = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        #else
            let result = getrlimit(RLIMIT_NOFILE, &limits)
        #endif
        // POSIX promises at least so many.
        return result == 0 ? Int(clamping: limits.rlim_cur) : 20
    }
}
