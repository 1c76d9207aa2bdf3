#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Signals to a process that a test's server has started.
public enum ProcessSignal {
    /// Freezes it.
    public static func stop(_ process: Int32) { kill(process, SIGSTOP) }
    /// Lets it go on.
    public static func resume(_ process: Int32) { kill(process, SIGCONT) }
}
