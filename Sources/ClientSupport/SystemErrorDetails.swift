#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The facts about the operating system that clients tell of in their errors.
package enum SystemErrorDetails {
    /// The message of an `errno`.
    package static func message(of error: Int32) -> String { String(cString: strerror(error)) }

    /// The longest path of a Unix domain socket in bytes, without the null at its end.
    package static var longestSocketPath: Int { MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1 }
}
