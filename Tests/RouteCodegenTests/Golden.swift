import Foundation
import Testing

/// A file of the `Goldens` folder. It is a source of this target too, so that what the generator writes is also compiled and run.
///
/// With `UPDATE_GOLDENS=1` in the environment the tests write the files instead of comparing them.
enum Golden {
    static func expect(_ text: String, in name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name)")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Data(text.utf8).write(to: file)
            return
        }
        let golden = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(
            text.split(separator: "\n", omittingEmptySubsequences: false)
                == golden.split(separator: "\n", omittingEmptySubsequences: false),
            sourceLocation: sourceLocation
        )
        // Equal strings may still differ in bytes.
        #expect(text.utf8.elementsEqual(golden.utf8), sourceLocation: sourceLocation)
    }
}
