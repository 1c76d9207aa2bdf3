#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file descriptor that `poll(2)` watches. It is always watched for input.
struct PollDescriptor {
    private var descriptor: pollfd

    /// Makes a descriptor to watch.
    ///
    /// - Parameters:
    ///   - fileDescriptor: the file descriptor; a negative one is never ready.
    ///   - awaitsOutput: also watches for room to write.
    init(_ fileDescriptor: Int32, awaitsOutput: Bool = false) {
        let events = awaitsOutput ? POLLIN | POLLOUT : POLLIN
        descriptor = pollfd(fd: fileDescriptor, events: Int16(events), revents: 0)
    }

    /// A descriptor that is never ready.
    static var none: PollDescriptor { PollDescriptor(-1) }

    /// Indicates that the last wait found an event, an error or the end of input.
    var isReady: Bool { descriptor.revents != 0 }

    /// Blocks the thread until the descriptor is ready.
    ///
    /// - Parameter milliseconds: the longest wait; without a limit if it is negative.
    mutating func wait(milliseconds: Int32) {
        _ = poll(&descriptor, 1, milliseconds)
    }

    /// Blocks the thread until at least one of the descriptors is ready.
    ///
    /// - Parameters:
    ///   - descriptors: the descriptors; ``isReady`` is meaningful only if the wait has found one.
    ///   - milliseconds: the longest wait; without a limit if it is negative.
    /// - Returns: `true` if a descriptor is ready.
    static func wait(for descriptors: inout [PollDescriptor], milliseconds: Int32) -> Bool {
        descriptors.withUnsafeMutableBufferPointer { buffer in
            // The only stored property is a `pollfd`, so the layouts are the same.
            buffer.withMemoryRebound(to: pollfd.self) { poll($0.baseAddress, nfds_t($0.count), milliseconds) > 0 }
        }
    }
}
