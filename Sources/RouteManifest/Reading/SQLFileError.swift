/// An error that prevented a `.sql` file from being read.
public enum SQLFileError: Error, Sendable, Hashable {
    /// The file does not exist.
    case notFound
    /// The file could not be read, for the reason that the system gave.
    case unreadable(String)
}
