import Foundation

/// A generated file.
struct OutputFile {
    let path: String
    let text: String

    /// Writes the file unless it already has the same contents, so that dependents are not rebuilt.
    func writeIfChanged() throws {
        let file = URL(filePath: path)
        let bytes = Data(text.utf8)
        if let present = try? Data(contentsOf: file), present == bytes { return }
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file, options: .atomic)
    }
}
