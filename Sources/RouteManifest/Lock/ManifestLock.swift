/// The lock of a manifest as far as it is there, is to be used, and could be read.
enum ManifestLock {
    /// Locks are not used.
    case ignored
    /// There is none.
    case absent
    /// It could not be read, which has been reported.
    case unreadable
    /// It was read.
    case read(RouteLockDocument, LockUse)

    /// Reads a lock, or reports errors.
    ///
    /// - Parameters:
    ///   - text: the lock's text; `nil` if there is none.
    ///   - use: the use of the lock.
    init(_ text: LockText?, for use: LockUse, reportingTo diagnostics: Diagnostics) {
        if use == .ignored {
            self = .ignored
        } else if let text {
            self = RouteLockReader.read(text, reportingTo: diagnostics).map { .read($0, use) } ?? .unreadable
        } else {
            self = .absent
        }
    }
}
