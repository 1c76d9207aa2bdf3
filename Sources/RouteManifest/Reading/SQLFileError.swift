/// Why a `.sql` file could not be read.
public enum SQLFileError: Error, Sendable, Hashable {
    /// There is no such file.
    case notFound
    /// The file is there, but could not be read; the system's own words.
    case unreadable(String)
}
