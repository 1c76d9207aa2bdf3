import Foundation

/// Loads schemas into a private server by psql, so that all of psql's own commands work, and what pg_dump prints.
package struct SchemaFeeder {
    private let server: TemporaryPostgres
    /// The variables of psql.
    private let variables: [String]
    /// The number of times that a schema is loaded with something added that it lacked.
    private static let limit = 50

    /// Makes a feeder.
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
    /// A role that does not exist is made, without a login. A setting that the server lacks, because the file was printed by a newer
    /// pg_dump, is left out. For either the database is made again.
    ///
    /// - Throws: ``TemporaryPostgresError`` with psql's words about anything else.
    package func load(_ files: [String]) throws {
        var missingSettings: Set<String> = []
        for _ in 0..<Self.limit {
            guard let failure = try firstFailure(files, without: missingSettings) else { return }
            if let role = Self.missingRole(failure) {
                try server.makeRole(role)
            } else if let setting = Self.missingSetting(failure), missingSettings.insert(setting).inserted {
            } else {
                throw TemporaryPostgresError(failure)
            }
            try server.makeDatabase()
        }
        throw TemporaryPostgresError("the schema needs more than \(Self.limit) roles")
    }

    /// The first name in double quotes of a message, if the message has these words.
    private static func name(in message: String, _ words: String...) -> String? {
        guard words.allSatisfy({ message.contains($0) }), let start = message.firstIndex(of: "\"") else { return nil }
        let rest = message[message.index(after: start)...]
        return rest.firstIndex(of: "\"").map { String(rest[..<$0]) }
    }

    static func missingRole(_ message: String) -> String? {
        name(in: message, "42704", "role \"", "does not exist")
    }

    static func missingSetting(_ message: String) -> String? {
        name(in: message, "42704", "unrecognized configuration parameter \"")
    }

    /// Returns psql's words about the first file that it refuses.
    private func firstFailure(_ files: [String], without settings: Set<String>) throws -> String? {
        for file in files {
            let bytes: Data
            do { bytes = try Data(contentsOf: URL(filePath: file)) } catch {
                throw TemporaryPostgresError("\(file) can't be read: \(error.localizedDescription)")
            }
            if let failure = try failure(of: file, settings.isEmpty ? nil : Self.without(settings, in: bytes)) {
                return failure
            }
        }
        return nil
    }

    /// A text without the lines that set these parameters; the numbers of the other lines stay.
    static func without(_ settings: Set<String>, in text: Data) -> Data {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line -> Data in
            let words = String(decoding: line, as: UTF8.self).split { " =".contains($0) }.prefix(2)
            guard words.count == 2, words[0].lowercased() == "set", settings.contains(words[1].lowercased()) else {
                return Data(line)
            }
            return Data()
        }
        return Data(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    /// Returns psql's words if it refuses a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - text: the text in place of the file's own; `nil` for that, whose `\ir` then works.
    private func failure(of file: String, _ text: Data?) throws -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        var arguments = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose"]
        for variable in variables { arguments += ["-v", variable] }
        let changed = "\(server.folder)/schema.sql"
        if let text {
            do { try text.write(to: URL(filePath: changed)) } catch {
                throw TemporaryPostgresError("\(changed) can't be written: \(error.localizedDescription)")
            }
        }
        process.arguments = arguments + ["-d", server.url, "-f", text == nil ? file : changed]
        var environment = ProcessInfo.processInfo.environment
        for name in environment.keys where name.hasPrefix("PG") { environment[name] = nil }
        environment["LC_ALL"] = "C"
        process.environment = environment
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        do { try process.run() } catch {
            throw TemporaryPostgresError("psql can't be run: \(error.localizedDescription)")
        }
        let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus != 0 else { return nil }
        guard process.terminationStatus != 127 else {
            return "--schema needs the program psql: install it with 'apt-get install postgresql-client'"
        }
        let failure = words.isEmpty ? "psql failed with status \(process.terminationStatus)" : words
        return Self.located(text == nil ? failure : failure.replacing(changed, with: file))
    }

    /// psql's words from the first error on, without its name and the place in the server's source.
    static func located(_ words: String) -> String {
        let lines = words.split(separator: "\n").map { line in
            line.hasPrefix("psql:") && !line.hasPrefix("psql: ") ? String(line.dropFirst("psql:".count)) : String(line)
        }
        let first = lines.firstIndex { $0.contains("ERROR:") || $0.contains("FATAL:") || $0.contains("error:") } ?? 0
        return lines[first...].filter { !$0.hasPrefix("LOCATION:") }.joined(separator: "\n")
    }
}
