import Foundation
import RouteServing

/// Files as the system has them.
enum Files {
    /// The largest file that is read, in bytes.
    private static let largest = 16 << 20

    /// The stamps of files, of those that are there.
    static func stamps(of paths: Set<String>) -> FileStamps {
        var stamps: FileStamps = [:]
        for path in paths { stamps[path] = stamp(of: path) }
        return stamps
    }

    private static func stamp(of path: String) -> FileStamp? { status(of: path).map { FileStamp($0) } }

    private static func status(of path: String) -> stat? {
        var info = stat()
        return stat(path, &info) == 0 ? info : nil
    }

    /// The contents of files.
    static func contents(of paths: Set<String>) -> FileContents {
        var contents: FileContents = [:]
        for path in paths { contents[path] = content(of: path) }
        return contents
    }

    /// The content of a file.
    static func content(of path: String) -> FileContent {
        guard let status = status(of: path) else { return .absent }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return .folder((try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [])
        default: return .unreadable("it is a device, a pipe or the like")
        }
        guard status.st_size <= largest else { return .unreadable("it has more than 16 MiB") }
        do {
            return .bytes(Array(try Data(contentsOf: URL(filePath: path))))
        } catch {
            return FileManager.default.fileExists(atPath: path) ? .unreadable(error.localizedDescription) : .absent
        }
    }
}

extension FileStamp {
    fileprivate init(_ info: stat) {
        #if canImport(Darwin)
            let (modified, changed) = (info.st_mtimespec, info.st_ctimespec)
        #else
            let (modified, changed) = (info.st_mtim, info.st_ctim)
        #endif
        func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
        self.init(
            device: UInt64(truncatingIfNeeded: info.st_dev),
            inode: UInt64(truncatingIfNeeded: info.st_ino),
            size: Int64(info.st_size),
            modified: nanoseconds(modified),
            changed: nanoseconds(changed)
        )
    }
}
