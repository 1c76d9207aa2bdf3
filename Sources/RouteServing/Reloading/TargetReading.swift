package import RouteManifest

/// The manifests of one target as they were read from files, for all that serves, describes or checks them.
package struct TargetReading: Sendable {
    /// The manifests whose texts could be read.
    package private(set) var sources: [ManifestSet.Source] = []
    /// The locks as they are in their files, by the paths of the manifests; empty if locks are not used.
    package private(set) var fileLocks: [String: LockText] = [:]
    /// The manifests that were made of the texts.
    package let set: ManifestSet
    /// The `.sql` files that a manifest names, whether they are there or not.
    package let files: Set<String>
    /// The errors of files that can't be read.
    private var faults: [Diagnostic] = []

    /// The diagnostics of the files, then those of the manifests.
    package var diagnostics: [Diagnostic] { faults + set.diagnostics }

    /// Reads the manifests of a target, which are checked against each other as they are when it is built.
    ///
    /// - Parameters:
    ///   - paths: the paths of the manifests, as messages name them.
    ///   - lockUse: the use of the locks beside them.
    ///   - patches: entries to use in place of those of locks, by the paths of the manifests.
    ///   - content: returns the content of a file.
    package init(
        _ paths: [String],
        lockUse: LockUse,
        patches: [String: LockPatch] = [:],
        content: (String) -> FileContent
    ) {
        for path in paths {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            do {
                let text = try content(path).text()
                sources.append(.init(file: path, text: text, typeName: try GeneratedTypeName.from(fileName: name)))
            } catch let error as GeneratedTypeNameError {
                faults.append(Self.fault(error.message, in: path))
            } catch {
                let reason = (error as? SQLFileError)?.message ?? "\(error)"
                faults.append(Self.fault("the manifest cannot be read: \(reason)", in: path))
            }
            guard lockUse != .ignored else { continue }
            do throws(LockFileError) {
                fileLocks[path] = try Self.lock(beside: path, content: content)
            } catch {
                faults.append(error.diagnostic)
            }
        }
        var locks = fileLocks
        for path in paths {
            guard let patch = patches[path] else { continue }
            locks[path] = LockText(patching: locks[path], file: LockText.file(of: path), with: patch)
        }
        var files: Set<String> = []
        set = ManifestSet(sources, locks: { [locks] in locks[$0.file] }, lockUse: lockUse) {
            path,
            source throws(SQLFileError) in
            let file = Self.file(path, beside: source.file)
            files.insert(file)
            return try content(file).text()
        }
        self.files = files
    }

    /// The error of a lock that can't be read.
    package struct LockFileError: Error {
        /// The error with the place of the file.
        package let diagnostic: Diagnostic
    }

    /// Reads the lock beside a manifest.
    ///
    /// - Parameters:
    ///   - manifest: the path of the manifest.
    ///   - content: returns the content of a file.
    /// - Returns: the lock; `nil` if there is none.
    /// - Throws: ``LockFileError``
    package static func lock(
        beside manifest: String,
        content: (String) -> FileContent
    ) throws(LockFileError) -> LockText? {
        let file = LockText.file(of: manifest)
        let found = content(file)
        guard found != .absent else { return nil }
        do throws(SQLFileError) {
            return LockText(file: file, text: try found.text())
        } catch {
            throw LockFileError(diagnostic: fault("the lock cannot be read: \(error.message)", in: file))
        }
    }

    private static func fault(_ message: String, in file: String) -> Diagnostic {
        Diagnostic(.error, message, at: Location(file: file, line: 1, column: 1))
    }

    /// The path of a file that is named relative to a manifest's folder.
    private static func file(_ path: String, beside manifest: String) -> String {
        let folder = manifest.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (folder + [path[...]]).joined(separator: "/")
    }
}

extension FileContent {
    /// The text of a file in UTF-8.
    ///
    /// - Throws: the reason why there is none.
    fileprivate func text() throws(SQLFileError) -> String {
        switch self {
        case .absent: throw .notFound
        case .unreadable(let reason): throw .unreadable(reason)
        case .folder: throw .unreadable("it is a folder")
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .unreadable("it is not UTF-8") }
            return text
        }
    }
}
