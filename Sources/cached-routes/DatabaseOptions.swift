import ArgumentParser
import Foundation
import PostgresClient
import RouteCheckPostgres

/// The options that name a database, or ask for a private server.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The database. Default: DATABASE_URL, else that of libpq's environment.", valueName: "url")
    )
    var database: String?

    @Flag(help: "Use a private PostgreSQL server, which is started for it and removed.")
    var temporary = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The SQL of the private server's schema, for psql; several are loaded in order.",
            valueName: "file"
        )
    )
    var schema: [String] = []

    @Option(
        name: .customLong("set"),
        parsing: .upToNextOption,
        help: ArgumentHelp("Variables of psql for --schema.", valueName: "name=value")
    )
    var variables: [String] = []

    /// Refuses options of the private server that don't fit together.
    ///
    /// - Throws: `ValidationError`.
    func checkSchema() throws {
        guard temporary == !schema.isEmpty else {
            throw ValidationError("--temporary and --schema need each other: the schema is that of the private server")
        }
        guard temporary || variables.isEmpty else { throw ValidationError("--set is for --schema") }
        for variable in variables where !variable.dropFirst().contains("=") {
            throw ValidationError("'\(variable)' is no variable; write --set name=value")
        }
    }

    /// Loads the schema into a private server.
    ///
    /// - Returns: the connection string of the database with the schema.
    func load(into server: TemporaryPostgres) throws -> String {
        try SchemaLoader(server, variables: variables).load(schema)
    }

    /// The words about a database that can't be asked, in one line, and what names another one.
    static func reason(_ error: PostgresError) -> String {
        let lines = error.fullDescription.split { $0 == "\n" || $0 == "\t" }.map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return lines.joined(separator: " ")
            + "; --database or DATABASE_URL names one, and --temporary --schema FILE starts a private one"
    }

    /// The connection string of a database, else that of the environment; `nil` for libpq's environment.
    static func url(_ database: String?) -> String? {
        let text = database ?? ProcessInfo.processInfo.environment["DATABASE_URL"] ?? ""
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? nil : trimmed
    }
}
