import CMemory
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The resources that this process holds.
public struct ProcessResources: Sendable, CustomStringConvertible {
    /// The open file descriptors.
    public var descriptors: Int
    /// The threads; `nil` where the system does not say.
    public var threads: Int?
    /// The bytes of memory in use, what has been freed given back to the system before; `nil` where the system does not say.
    public var memory: Int?

    /// The files, pipes and sockets behind the descriptors, as far as the system names them.
    public var names: [String]

    /// All of them in words.
    public var description: String {
        let kinds = Dictionary(grouping: names) { $0.prefix { $0 != "[" } }.map { "\($0.value.count) \($0.key)" }
            .sorted()
        return "\(descriptors) file descriptors (\(kinds.joined(separator: ", "))), \(threads ?? 0) threads, "
            + "\((memory ?? 0) >> 10) KiB"
    }

    /// The resources now.
    public static func current() -> ProcessResources {
        _ = cmemory_release_free()
        let descriptors = (0..<Int32(4_096)).count { fcntl($0, F_GETFD) != -1 }
        return ProcessResources(
            descriptors: descriptors,
            threads: threadCount,
            memory: residentBytes,
            names: (0..<4_096).compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
            }
        )
    }

    /// Asks until no more is held than in `base`, memory apart, for 30 s at most.
    public static func settled(to base: ProcessResources) async throws -> ProcessResources {
        var now = current()
        for _ in 0..<3_000 {
            if now.descriptors <= base.descriptors, now.threads ?? 0 <= base.threads ?? 0 { break }
            try await Task.sleep(for: .milliseconds(10))
            now = current()
        }
        return now
    }

    private static var threadCount: Int? {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task"))?.count
    }

    private static var residentBytes: Int? {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
