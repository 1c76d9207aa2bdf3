import ArgumentParser
import Foundation

/// The option that says where a document goes.
struct DocumentOutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write to this file instead of the standard output.", valueName: "file"))
    var output: String?

    /// Writes a document to the file, or to the standard output.
    ///
    /// - Throws: `ValidationError` if the file can't be written.
    func write(_ text: String) throws {
        guard let output else { return FileHandle.standardOutput.write(Data(text.utf8)) }
        guard !output.hasSuffix("routes.yaml") else {
            throw ValidationError("\(output) has the name of a manifest, and that would be lost")
        }
        do { try Data(text.utf8).write(to: URL(filePath: output)) } catch {
            throw ValidationError("\(output) can't be written: \(error.localizedDescription)")
        }
    }
}
