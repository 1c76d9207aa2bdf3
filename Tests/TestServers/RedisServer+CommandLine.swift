import Foundation

extension RedisServer {
    /// What `redis-cli` prints for a command, without the newline at its end.
    public func cli(_ arguments: String...) throws -> String { try cli(arguments) }

    /// What `redis-cli` prints for a command, without the newline at its end.
    public func cli(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = try ServerProcess.locate("redis-cli")
        process.arguments = ["-p", String(port), "--raw"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
