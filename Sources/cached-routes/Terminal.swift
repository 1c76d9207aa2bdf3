import Dispatch
import Foundation

/// Lines on standard error, in the order in which they were given. Whoever gives one does not wait, because a full pipe would hold up
/// an event loop.
enum Terminal {
    private static let queue = DispatchQueue(label: "cached-routes.terminal")

    /// Writes a line.
    static func write(_ text: String) {
        queue.async { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
    }

    /// Waits until all lines are written. It blocks.
    static func flush() { queue.sync {} }
}
