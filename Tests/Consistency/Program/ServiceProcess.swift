import ConsistencyChecker
import Foundation
import NIOHTTP1
import Synchronization
import TestServers

/// A process of the service, with the same port and the same addresses of Redis through all of its lives.
final class ServiceProcess: Sendable {
    private struct State {
        var process: ServerProcess?
        var life = 0
    }

    /// The number of the process, from 1.
    let number: Int
    let port: Int
    private let arguments: [String]
    private let environment: [String: String]
    private let logs: URL
    private let state = Mutex(State())

    /// - Parameters:
    ///   - redis: the variables by which it finds Redis.
    ///   - logs: the folder for a log of each life.
    init(
        number: Int,
        redis: [String: String],
        databaseURL: String,
        checksTokens: Bool,
        logs: URL,
        logLevel: String
    ) throws {
        self.number = number
        self.logs = logs
        port = try ServerProcess.lastingFreePort()
        arguments = ["serve"] + (checksTokens ? [] : ["--without-token-checks"])
        let others = [
            "DATABASE_URL": databaseURL, "PORT": "\(port)", "HOST": "127.0.0.1", "DATABASE_POOL_MAX": "8",
            "LOG_LEVEL": logLevel,
        ]
        environment = redis.merging(others) { $1 }
    }

    /// The present life.
    var incarnation: Incarnation { Incarnation(process: number, life: state.withLock { $0.life }) }

    /// Begins another life, and returns when it answers.
    func start() async throws {
        let life = state.withLock { state in
            state.life += 1
            return state.life
        }
        let executable = URL(filePath: CommandLine.arguments[0]).standardizedFileURL.path(percentEncoded: false)
        let log = log(life)
        let process = try ServerProcess(executable, arguments: arguments, environment: environment, log: log)
        state.withLock { $0.process = process }
        let connection = PersistentConnection(port: port)
        for _ in 0..<600 {
            if (try? await connection.send(.GET, "/health").status) == 200 { return }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        let words = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        throw HarnessError("process \(number) did not start: \(words.suffix(2000))")
    }

    /// Ends this life.
    ///
    /// - Returns: `true` if it had ended by itself before, which is an error. Its log is then on the standard error.
    @discardableResult
    func stop(with signal: Int32) async -> Bool {
        guard let (process, life) = state.withLock({ state in state.process.take().map { ($0, state.life) } }) else {
            return false
        }
        let hasCrashed = !process.isRunning
        if hasCrashed {
            let words = (try? String(contentsOf: log(life), encoding: .utf8)) ?? ""
            let text = "process \(number) ended by itself; its last words:\n\(words.suffix(4000))\n"
            FileHandle.standardError.write(Data(text.utf8))
        }
        await withCheckedContinuation { continuation in
            // `stop` blocks.
            Thread.detachNewThread {
                process.stop(with: signal)
                continuation.resume()
            }
        }
        return hasCrashed
    }

    private func log(_ life: Int) -> URL { logs.appending(path: "process-\(number)-\(life).log") }
}

/// An error of the harness itself or of its arguments.
struct HarnessError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
