import Foundation
import TestServers
import Testing

@Suite struct PeakMemoryTests {
    /// In a process of its own, because other tests take memory too.
    @Test func anAnswerOf50MBIsNotHeldTwice() async throws {
        let tool = try #require(Self.tool, "micro-benchmarks is built beside the tests")
        let url = try PostgresServer.shared.get().url
        let words = try await blocking {
            let output = Pipe()
            let process = Process()
            process.executableURL = tool
            process.arguments = ["memory", "50"]
            process.environment = ProcessInfo.processInfo.environment.merging(["DATABASE_URL": url]) { $1 }
            process.standardOutput = output
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return text.split(separator: " ").map(String.init)
        }
        // "answer N bytes, peak growth M bytes, F times its size"
        let size = try #require(words.count > 6 ? Int(words[1]) : nil)
        let growth = try #require(Int(words[5]))
        #expect(size > 50_000_000)
        #expect(growth < size * 3 / 2)
        #expect(growth >= size, "an answer that takes no memory was not measured")
    }

    /// The tool, in one of the folders that the tests' own program lies in.
    private static var tool: URL? {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        for _ in 0..<4 {
            let tool = folder.appending(path: "micro-benchmarks")
            if FileManager.default.isExecutableFile(atPath: tool.path(percentEncoded: false)) { return tool }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
