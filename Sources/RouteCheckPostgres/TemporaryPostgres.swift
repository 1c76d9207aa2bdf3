import Foundation
import PostgresClient
import SQLSyntax

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
    /// Ends with this process, which ends the guardian.
    private let lifeline = Pipe()
    /// Ends with the last program of the server.
    private let serverLifeline = Pipe()
    private var isStopped = false

    /// The name of the database for a schema.
    package static let database = TemporaryPostgresPlan.user

    /// The connection string of ``database``.
    package var url: String { plan.url(database: Self.database) }
    private var maintenanceURL: String { plan.url(database: "postgres") }
    /// The private folder.
    package var folder: String { plan.folder }

    /// Starts a server, and returns when it answers.
    ///
    /// It takes all variables of libpq from the environment of this process, so that from then on no session, no psql and no
    /// program of the server can mean another server or other settings.
    package convenience init() throws {
        try self.init(programs: Self.programs(), users: ["postgres", "nobody"])
    }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - programs: the folder with the programs.
    ///   - users: the users of which the first one that exists runs the programs if this process is root's.
    init(programs: String, users: [String]) throws {
        Self.removeVariables()
        var template = Array("/tmp/cached-routes-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw TemporaryPostgresError("a folder in /tmp for a private PostgreSQL can't be made: \(Self.systemError)")
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var user: TemporaryPostgresPlan.User?
        if geteuid() == 0 {
            user = users.lazy.compactMap { TemporaryPostgresPlan.User(named: $0) }.first
            guard let user, chown(folder, user.id, user.group) == 0 else {
                rmdir(folder)
                throw TemporaryPostgresError(
                    "PostgreSQL does not run as root, and there is no user \(users.map { "'\($0)'" }.joined(separator: " or "))"
                )
            }
        }
        #if os(Linux)
            let hasSetpriv = true
        #else
            let hasSetpriv = false
        #endif
        plan = TemporaryPostgresPlan(programs: programs, folder: folder, serverUser: user, hasSetpriv: hasSetpriv)
        // Programs that this process starts must not hold the pipes open.
        for handle in [lifeline, serverLifeline].flatMap({ [$0.fileHandleForWriting, $0.fileHandleForReading] }) {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        guardian = Process()
        guardian.executableURL = URL(filePath: "/bin/sh")
        guardian.arguments = ["-c", plan.guardian]
        guardian.standardInput = lifeline
        guardian.standardOutput = serverLifeline
        guardian.standardError = FileHandle.nullDevice
        do { try guardian.run() } catch {
            rmdir(folder)
            throw TemporaryPostgresError("/bin/sh can't be run: \(error)")
        }
        try? serverLifeline.fileHandleForWriting.close()
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
        // There unless the guardian's shell has found no program to remove it.
        if !guardian.isRunning { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Closes the pipe to the guardian, as the end of this process does.
    func abandon() {
        isStopped = true
        try? lifeline.fileHandleForWriting.close()
    }

    // MARK: - Databases and roles

    private func makeDatabase() throws {
        try InspectionSession(url: maintenanceURL).run("CREATE DATABASE \"\(Self.database)\"")
    }

    /// Makes the server as it was at the start, without the databases, tablespaces and roles that a schema has made, and makes
    /// roles that own things of a schema, or have rights to them.
    ///
    /// - Parameter roles: the names. The roles are superusers: a schema may act as any of them, and what rights they had in the
    ///   database that it was dumped from it doesn't tell.
    func reset(withRoles roles: Set<String>) throws {
        let session = try InspectionSession(url: maintenanceURL)
        // The first OID of what is not made by initdb.
        func names(_ column: String, _ catalogue: String) throws -> [String] {
            try session.rows("SELECT quote_ident(\(column)) FROM \(catalogue) WHERE oid >= 16384 ORDER BY oid")
                .compactMap(\.first).compactMap { $0 }
        }
        for database in try names("datname", "pg_database") {
            try session.run("ALTER DATABASE \(database) IS_TEMPLATE false")
            try session.run("DROP DATABASE \(database)")
        }
        for space in try names("spcname", "pg_tablespace") { try session.run("DROP TABLESPACE \(space)") }
        let made = try names("rolname", "pg_roles")
        for role in made { try session.run("DROP OWNED BY \(role) CASCADE") }
        for role in made { try session.run("DROP ROLE \(role)") }
        for role in roles.sorted() {
            try session.run("CREATE ROLE \(SQLIdentifierSyntax.quoted(role)) SUPERUSER NOLOGIN")
        }
        try makeDatabase()
    }

    /// Returns the connection string of the database that has a schema: of the only one that it has made if
    /// ``database`` has no relation.
    func urlOfSchema() throws -> String {
        let names = try InspectionSession(url: maintenanceURL).rows(
            "SELECT datname FROM pg_database WHERE oid >= 16384 AND datname <> '\(Self.database)'"
        )
        guard names.count == 1, let name = names[0][0] else { return url }
        let relations = try InspectionSession(url: url).rows("SELECT count(*) FROM pg_class WHERE oid >= 16384")
        return relations == [["0"]] ? plan.url(database: name) : url
    }

    // MARK: - Start

    private func waitForAnswer() throws {
        var refusal = ""
        for _ in 0..<1200 {
            do throws(PostgresError) {
                _ = try InspectionSession(url: maintenanceURL)
                return
            } catch {
                refusal = error.fullDescription
            }
            guard !isServerGone(withinMilliseconds: 50) else {
                throw TemporaryPostgresError("a private PostgreSQL ended before it answered\(logged)")
            }
        }
        throw TemporaryPostgresError("a private PostgreSQL did not answer within 60 s: \(refusal)\(logged)")
    }

    /// Waits until neither initdb nor the server runs any more, which ends the pipe that both hold.
    private func isServerGone(withinMilliseconds time: Int32) -> Bool {
        var descriptor = pollfd(
            fd: serverLifeline.fileHandleForReading.fileDescriptor,
            events: Int16(POLLIN),
            revents: 0
        )
        return poll(&descriptor, 1, time) == 1 && descriptor.revents & Int16(POLLHUP) != 0
    }

    /// The end of the programs' messages.
    private var logged: String {
        let words = (try? String(contentsOfFile: plan.log, encoding: .utf8)) ?? ""
        return words.isEmpty ? ", without a word" : ": \(words.suffix(1000))"
    }

    private static var systemError: String { String(cString: strerror(errno)) }

    /// Removes the variables by which libpq and the programs of PostgreSQL are led; the names of all begin with `PG`.
    private static func removeVariables() {
        for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("PG") { unsetenv(name) }
    }

    // MARK: - Programs

    private static var path: [String] {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    }

    private static func isProgram(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// The path of psql: that of the server's version, or else one of PATH.
    func psql() throws -> String { try Self.psql(programs: plan.programs, path: Self.path) }

    /// The path of psql.
    ///
    /// - Parameters:
    ///   - programs: the folder with the server's programs, or with links to them.
    ///   - path: the folders of `PATH`.
    static func psql(programs: String, path: [String]) throws -> String {
        let linked = URL(filePath: "\(programs)/postgres").resolvingSymlinksInPath().deletingLastPathComponent()
        let folders = [programs, linked.path(percentEncoded: false)] + path
        guard let psql = folders.map({ "\($0)/psql" }).first(where: isProgram) else {
            throw TemporaryPostgresError(
                "--schema needs the program psql: install it with 'apt-get install postgresql-client' or "
                    + "'brew install postgresql@17'"
            )
        }
        return psql
    }

    /// The folder with the programs of the newest version.
    static func programs() throws -> String {
        let roots = [
            ("/usr/lib/postgresql", "bin"), ("/usr/local/opt", "bin"), ("/opt/homebrew/opt", "bin"),
        ]
        let installed = roots.flatMap { root, bin in
            ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [])
                .filter { root.hasSuffix("postgresql") || $0.hasPrefix("postgresql@") }
                .map { "\(root)/\($0)/\(bin)" }
        }
        for folder in TemporaryPostgresPlan.candidates(path: path, installed: installed)
        where ["initdb", "postgres"].allSatisfy({ isProgram("\(folder)/\($0)") }) {
            return folder
        }
        throw TemporaryPostgresError(
            "--temporary needs the programs initdb and postgres: install them with 'apt-get install postgresql' or "
                + "'brew install postgresql@17'"
        )
    }
}

extension TemporaryPostgresPlan.User {
    /// The user of a name; `nil` if there is none.
    init?(named name: String) {
        guard let entry = getpwnam(name) else { return nil }
        self.init(name: name, id: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
    }
}
