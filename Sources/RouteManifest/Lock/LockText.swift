/// The text of a lock.
package struct LockText: Sendable, Hashable {
    /// The lock's file as diagnostics name it.
    package var file: String
    /// The text.
    package var text: String

    /// Creates a text.
    package init(file: String, text: String) {
        self.file = file
        self.text = text
    }

    /// The name of the lock beside a manifest: `routes.lock.json` for `routes.yaml`, `admin.routes.lock.json` for
    /// `admin.routes.yaml`.
    ///
    /// - Parameter manifest: the name or path of the manifest.
    package static func file(of manifest: String) -> String {
        let ending = [".yaml", ".yml"].first { manifest.hasSuffix($0) } ?? ""
        return manifest.dropLast(ending.count) + ".lock.json"
    }
}

/// The use of locks when manifests are read.
package enum LockUse: Sendable, Hashable {
    /// For a build: each route has an entry that fits its statement, or is an error.
    case build
    /// For commands that need the tables of routes alone: an entry that no longer fits is a warning.
    case tablesOnly
    /// For serving manifests that are being edited: an entry that is missing or no longer fits is no fault, and `tables: auto`
    /// without an entry is left open.
    case serving
    /// For `check`, which makes locks: nothing is read of them, and `tables: auto` is left open.
    case ignored
}
