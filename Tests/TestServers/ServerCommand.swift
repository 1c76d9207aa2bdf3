import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A program with its arguments.
///
/// PostgreSQL's programs and PgBouncer refuse to run as root, so a test that does drops them to the user `postgres`.
struct ServerCommand {
    let executable: String
    let arguments: [String]

    init(_ executable: String, _ arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// The command that runs a server program as the user `postgres` where this process is root's.
    static func asServerUser(_ executable: String, _ arguments: [String]) throws -> ServerCommand {
        guard isRoot else { return ServerCommand(executable, arguments) }
        let drop = ["--reuid=postgres", "--regid=postgres", "--init-groups"]
        return ServerCommand("setpriv", drop + [try ServerProcess.locate(executable).path] + arguments)
    }

    /// Lets server programs write to a file or folder.
    static func giveToServerUser(_ path: URL) throws {
        guard isRoot else { return }
        guard let user = getpwnam("postgres"), chown(path.path, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
            throw ServerProcess.StartError(description: "\(path.path) cannot be given to the user postgres")
        }
    }

    /// Starts the program as a server that goes on.
    func start(log: URL) throws -> ServerProcess {
        try ServerProcess(executable, arguments: arguments, environment: ["LC_ALL": "C"], log: log)
    }

    /// Runs the program to its end and returns what it prints, without the last line break.
    @discardableResult
    func run() throws -> String {
        let output = Pipe()
        let errors = Pipe()
        let process = Process()
        process.executableURL = try ServerProcess.locate(executable)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ServerProcess.StartError(description: "\(executable) failed: \(words.suffix(2000))")
        }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Runs SQL by `psql` and returns what it prints: a line per row, columns separated by `|`.
    static func psql(_ url: String, _ sql: String) throws -> String {
        let arguments = ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "-v", "ON_ERROR_STOP=1"]
        return try ServerCommand("psql", arguments + ["-d", url, "-c", sql]).run()
    }

    private static var isRoot: Bool { geteuid() == 0 }
}
