import Foundation
import RouteCodegen
import Testing

/// A generator of another version than the library would only show by errors in code that nobody wrote.
struct GeneratedCodeTests {
    @Test("The version of generated code is the digest of what is generated, here and in the plugin")
    func version() throws {
        let files = [
            "Sources/RouteCodegen/GeneratedCode.swift", "Plugins/CachedRoutesPlugin/GeneratedCode.swift",
        ]
        let declaration = /static let version = "([0-9a-f]{16})"/
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        for file in files.map({ root.appending(path: $0) }) {
            let text = try String(decoding: Data(contentsOf: file), as: UTF8.self)
            if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
                let updated = text.replacing(declaration, with: "static let version = \"\(Self.digest)\"")
                if updated != text { try Data(updated.utf8).write(to: file) }
                continue
            }
            let match = try #require(text.firstMatch(of: declaration))
            #expect(String(match.1) == Self.digest, "Golden files are renewed by UPDATE_GOLDENS=1, and this with them")
        }
    }

    /// The FNV-1a digest of all goldens that are whole files.
    private static var digest: String {
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        for (fileName, manifest) in Manifests.all.sorted(by: { $0.key < $1.key }) {
            for byte in RoutesFile(manifest, fileName: fileName).text.utf8 {
                digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            }
        }
        let digits = String(digest, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
