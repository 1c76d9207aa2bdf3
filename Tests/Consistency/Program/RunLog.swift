import Foundation
import Synchronization

/// The times of a run's faults and violations, beside the logs of its processes.
final class RunLog: Sendable {
    /// The folder of the logs.
    let folder: URL
    private let file: Mutex<FileHandle>

    /// Creates the folder and the file `run.log` in it.
    init(folder path: String) throws {
        folder = URL(filePath: path, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "run.log")
        guard FileManager.default.createFile(atPath: file.path(percentEncoded: false), contents: nil) else {
            throw HarnessError("\(file.path(percentEncoded: false)) can't be written")
        }
        self.file = Mutex(try FileHandle(forWritingTo: file))
    }

    /// Adds a line.
    func note(_ text: String) {
        let time = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
        file.withLock { $0.write(Data("\(time) \(text)\n".utf8)) }
    }
}
