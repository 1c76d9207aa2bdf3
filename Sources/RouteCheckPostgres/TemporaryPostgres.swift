import Foundation
import PostgresClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A reason for which there is no private server, or for which a schema can't be loaded into it.
package struct TemporaryPostgresError: Error, CustomStringConvertible {
    /// The reason, and what to do.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// A private PostgreSQL server in a folder of its own, which is removed with it.
///
/// It belongs to a guardian process, see ``TemporaryPostgresPlan/guardian``, so that it goes however this process ends.
package final class TemporaryPostgres {
    private let plan: TemporaryPostgresPlan
    private let guardian: Process
    private let pipe: Pipe
    private var isStopped = false

    /// The name of the database for a schema.
    package static let database = TemporaryPostgresPlan.user

    /// The connection string of ``database``.
    package var url: String { plan.url(database: Self.database) }
    private var maintenanceURL: String { plan.url(database: "postgres") }
    /// The private folder.
    package var folder: String { plan.folder }

    /// Starts a server, and returns when it answers.
    package init() throws {
        let programs = try Self.programs()
        var template = Array("/tmp/cached-routes-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw TemporaryPostgresError("a folder in /tmp for a private PostgreSQL can't be made: \(Self.systemError)")
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var user: UnsafeMutablePointer<passwd>?
        if geteuid() == 0 {
            user = getpwnam("postgres") ?? getpwnam("nobody")
            guard let user, chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
                rmdir(folder)
                throw TemporaryPostgresError(
                    "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'"
                )
            }
        }
        #if os(Linux)
            let hasSetpriv = true
        #else
            let hasSetpriv = false
        #endif
        plan = TemporaryPostgresPlan(
            programs: programs,
            folder: folder,
            serverUser: user.map { String(cString: $0.pointee.pw_name) },
            hasSetpriv: hasSetpriv
        )
        pipe = Pipe()
        // Programs that this process starts must not hold the pipe open.
        for handle in [pipe.fileHandleForWriting, pipe.fileHandleForReading] {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        guardian = Process()
        guardian.executableURL = URL(filePath: "/bin/sh")
        guardian.arguments = ["-c", plan.guardian]
        guardian.standardInput = pipe
        guardian.standardOutput = FileHandle.nullDevice
        guardian.standardError = FileHandle.nullDevice
        do { try guardian.run() } catch {
            rmdir(folder)
            throw TemporaryPostgresError("/bin/sh can't be run: \(error)")
        }
        do {
            try waitForAnswer()
            try makeDatabase()
        } catch {
            stop()
            throw error
        }
    }

    deinit { stop() }

    /// Ends the server and removes its folder; waits for that, at most 10 s.
    package func stop() {
        guard !isStopped else { return }
        abandon()
        for _ in 0..<500 where guardian.isRunning { Thread.sleep(forTimeInterval: 0.02) }
    }

    /// Closes the pipe to the guardian, as the end of this process does.
    func abandon() {
        isStopped = true
        try? pipe.fileHandleForWriting.close()
    }

    /// Drops the database for a schema with all that is in it, and makes it again.
    func makeDatabase() throws {
        let session = try InspectionSession(url: maintenanceURL)
        try session.run("DROP DATABASE IF EXISTS \"\(Self.database)\"")
        try session.run("CREATE DATABASE \"\(Self.database)\"")
    }

    /// Makes a role that owns things of a schema, or has rights to them.
    func makeRole(_ name: String) throws {
        try InspectionSession(url: maintenanceURL).run("CREATE ROLE \(Self.quoted(name)) NOLOGIN")
    }

    private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    private func waitForAnswer() throws {
        for _ in 0..<1200 {
            do throws(PostgresError) {
                _ = try InspectionSession(url: maintenanceURL)
                return
            } catch {
                guard guardian.isRunning, !isServerGone else { break }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
        let words = (try? String(contentsOfFile: plan.log, encoding: .utf8)) ?? ""
        throw TemporaryPostgresError("a private PostgreSQL did not start: \(words.suffix(1000))")
    }

    /// Indicates that the log ends with the words of a program that has failed.
    private var isServerGone: Bool {
        let words = (try? String(contentsOfFile: plan.log, encoding: .utf8)) ?? ""
        return words.contains("initdb: error:") || words.contains("FATAL:  could not")
    }

    private static var systemError: String { String(cString: strerror(errno)) }

    /// The folder with the programs of the newest version.
    private static func programs() throws -> String {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let roots = [
            ("/usr/lib/postgresql", "bin"), ("/usr/local/opt", "bin"), ("/opt/homebrew/opt", "bin"),
        ]
        let installed = roots.flatMap { root, bin in
            ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [])
                .filter { root.hasSuffix("postgresql") || $0.hasPrefix("postgresql@") }
                .map { "\(root)/\($0)/\(bin)" }
        }
        for folder in TemporaryPostgresPlan.candidates(path: path, installed: installed)
        where ["initdb", "postgres"].allSatisfy({ access("\(folder)/\($0)", X_OK) == 0 }) {
            return folder
        }
        throw TemporaryPostgresError(
            "--temporary needs the programs initdb and postgres: install them with 'apt-get install postgresql' or "
                + "'brew install postgresql'"
        )
    }
}
