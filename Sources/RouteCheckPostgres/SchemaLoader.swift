import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Loads schemas into a private server by psql, so that psql's own commands work, and so does the output of pg_dump.
package struct SchemaLoader {
    private let server: TemporaryPostgres
    /// The variables of psql.
    private let variables: [String]
    /// The number of times that a schema is loaded with roles that it lacked.
    private static let limit = 50

    /// Makes a loader.
    ///
    /// - Parameters:
    ///   - server: the server.
    ///   - variables: variables of psql as `name=value`.
    package init(_ server: TemporaryPostgres, variables: [String] = []) {
        self.server = server
        self.variables = variables
    }

    /// Loads the files, one after the other.
    ///
    /// psql goes on after an error, and its messages are judged here. An unknown setting of a newer server is passed over, in
    /// included files too. Roles that do not exist are made, without a login, and the schema is loaded again into a server
    /// that has nothing else of the first attempt.
    ///
    /// - Returns: the connection string of the database that has the schema: of the one that the files make, as the output of
    ///   `pg_dump --create` does, or else of ``TemporaryPostgres/database``.
    /// - Throws: ``TemporaryPostgresError`` with psql's words about the first other error.
    @discardableResult
    package func load(_ files: [String]) throws -> String {
        let files = try files.enumerated().map { try File($1, number: $0, folder: server.folder) }
        var roles: Set<String> = []
        for _ in 0..<Self.limit {
            var missing: Set<String> = []
            for file in files {
                let run = try psql(file)
                missing.formUnion(run.messages.compactMap(\.missingRole).filter { !roles.contains($0) })
                guard missing.isEmpty else { continue }
                if let fault = run.fault(besides: roles) { throw TemporaryPostgresError(fault) }
            }
            guard !missing.isEmpty else { return try server.urlOfSchema() }
            roles.formUnion(missing)
            try server.reset(withRoles: roles)
        }
        throw TemporaryPostgresError("the schema has to be loaded more than \(Self.limit) times for its roles")
    }

    /// A file of a schema.
    private struct File {
        /// The path as it was given.
        let name: String
        /// The path that psql reads: that of a copy for a pipe, which can be read only once and by this process alone.
        let path: String

        init(_ name: String, number: Int, folder: String) throws {
            self.name = name
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
                throw TemporaryPostgresError("\(name) can't be read: there is no such file")
            }
            guard !isFolder.boolValue else { throw TemporaryPostgresError("\(name) can't be read: it is a folder") }
            var status = stat()
            if stat(name, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
                path = name
                return
            }
            path = "\(folder)/schema-\(number).sql"
            guard let handle = FileHandle(forReadingAtPath: name) else {
                throw TemporaryPostgresError("\(name) can't be read")
            }
            do { try (handle.readToEnd() ?? Data()).write(to: URL(filePath: path)) } catch {
                throw TemporaryPostgresError("\(name) can't be read: \(error.localizedDescription)")
            }
        }
    }

    /// A file as psql has loaded it.
    private struct Run {
        let file: String
        let words: String
        let status: Int32
        var messages: [PsqlMessage] { PsqlMessage.all(in: words) }

        /// Returns the words about the first error that leaves something of the schema out; `nil` if there is none.
        ///
        /// - Parameter roles: the roles that were made for the schema.
        func fault(besides roles: Set<String>) -> String? {
            let errors = messages.filter(\.isError)
            if let fault = errors.first(where: { !$0.isHarmless(besides: roles) }) { return fault.text }
            guard status != 0 else { return nil }
            guard status == PsqlMessage.stopped, let last = errors.last else {
                return words.isEmpty ? "\(file): psql ended with status \(status)" : words
            }
            return
                "\(last.text)\nThe schema sets ON_ERROR_STOP, so that psql ended here. Leave it out: without it this line "
                + "is passed over, and all other errors are reported"
        }
    }

    private func psql(_ file: File) throws -> Run {
        let process = Process()
        process.executableURL = URL(filePath: try server.psql())
        var arguments = ["-X", "-q"]
        let settings = ["VERBOSITY=verbose", "ECHO=errors", "ON_ERROR_STOP=off", "ON_ERROR_ROLLBACK=on"]
        for variable in settings + variables { arguments += ["-v", variable] }
        process.arguments = arguments + ["-d", server.url, "-f", file.path]
        process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        do { try process.run() } catch {
            throw TemporaryPostgresError("psql can't be run: \(error.localizedDescription)")
        }
        let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Run(
            file: file.name,
            words: file.path == file.name ? words : words.replacing(file.path, with: file.name),
            status: process.terminationStatus
        )
    }
}
