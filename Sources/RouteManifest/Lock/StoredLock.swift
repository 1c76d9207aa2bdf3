/// The lock beside a manifest as far as it is there and could be read.
package enum StoredLock: Sendable {
    /// There is none.
    case absent
    /// It could not be read, which has been reported.
    case unreadable
    /// It was read.
    case read(RouteLockDocument)

    /// Reads a lock.
    ///
    /// - Parameter text: the lock's text; `nil` if there is none.
    /// - Returns: the lock, and the diagnostics of its text.
    package static func reading(_ text: LockText?) -> (lock: StoredLock, diagnostics: [Diagnostic]) {
        let diagnostics = Diagnostics()
        let lock = StoredLock(text, reportingTo: diagnostics)
        return (lock, diagnostics.sorted)
    }

    /// Reads a lock, or reports errors.
    ///
    /// - Parameter text: the lock's text; `nil` if there is none.
    init(_ text: LockText?, reportingTo diagnostics: Diagnostics) {
        guard let text else {
            self = .absent
            return
        }
        self = RouteLockReader.read(text, reportingTo: diagnostics).map { .read($0) } ?? .unreadable
    }
}
