/// What a database said about statements whose entries in a manifest's lock are missing or outdated.
package struct LockPatch: Hashable, Sendable {
    /// The server and its major version.
    package var server: String
    /// The labels of enums in their order, by the name of the type.
    package var enums: [String: [String]]
    /// The statements by their routes.
    package var routes: [String: LockedStatement]

    /// Creates a patch.
    package init(server: String, enums: [String: [String]] = [:], routes: [String: LockedStatement] = [:]) {
        self.server = server
        self.enums = enums
        self.routes = routes
    }
}

extension LockText {
    /// Creates the text of a lock with other entries. One that can't be read stays as it is, with its errors.
    ///
    /// - Parameters:
    ///   - lock: the lock; `nil` if there is none.
    ///   - file: the lock's file as diagnostics name it.
    ///   - patch: the other entries.
    package init(patching lock: LockText?, file: String, with patch: LockPatch) {
        var patched = RouteLock(server: patch.server)
        if let lock {
            guard let document = RouteLockReader.read(lock).document else {
                self = lock
                return
            }
            patched = document.lock
        }
        for (route, statement) in patch.routes { patched.routes[route] = [statement] }
        patched.enums.merge(patch.enums) { _, new in new }
        self.init(file: file, text: RouteLockWriter.text(patched))
    }
}
