/// The stamp of a file, which differs after almost every change of it.
package struct FileStamp: Hashable, Sendable {
    /// The device that has the file.
    package var device: UInt64
    /// The number of the file on its device.
    package var inode: UInt64
    /// The size in bytes.
    package var size: Int64
    /// The time of the last change of the contents, in nanoseconds since 1970.
    package var modified: Int64
    /// The time of the last change of the contents or of what the system knows of the file, such as a `modified` that a program
    /// has set, in nanoseconds since 1970.
    package var changed: Int64

    /// Creates a stamp.
    package init(device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }
}

/// The stamps of files by their paths; a file that is absent has none.
package typealias FileStamps = [String: FileStamp]

/// The content of a file, as far as it could be read.
package enum FileContent: Hashable, Sendable {
    /// There is no such file.
    case absent
    /// The file can't be read, for this reason.
    case unreadable(String)
    /// The bytes.
    case bytes([UInt8])
    /// A folder, with the names of what is in it, sorted.
    case folder([String])
}

/// The contents of all watched files by their paths, those that are absent included.
package typealias FileContents = [String: FileContent]
