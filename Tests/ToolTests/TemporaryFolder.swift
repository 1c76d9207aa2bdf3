import Foundation

/// Calls `body` with an empty folder, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = URL.temporaryDirectory.appending(path: "tool-\(UUID())", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

/// Calls `body` with the path of a manifest in a folder of its own.
func withManifest<Result>(_ text: String, _ body: (String) async throws -> Result) async throws -> Result {
    try await withTemporaryFolder { folder in
        let file = folder.appending(path: "routes.yaml")
        try Data(text.utf8).write(to: file)
        return try await body(file.path(percentEncoded: false))
    }
}
