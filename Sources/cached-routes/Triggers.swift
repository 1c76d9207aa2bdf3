import ArgumentParser
import PostgresClient
import RouteManifest

/// Prints the SQL of the triggers that tell services of changes.
struct Triggers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the SQL that makes tables tell services of their changes.",
        discussion: """
            For the tables under 'tables' in the manifests. Run it as the tables' owner, for instance:

              cached-routes triggers | psql "$DATABASE_URL"

            It may be run again at any time, and is to be run again after a partition was added. It changes nothing that is as it \
            should be.
            """
    )

    @Flag(help: "Print the SQL that removes them instead.")
    var remove = false

    @OptionGroup var manifestOptions: ManifestOptions

    func run() throws {
        print(try sql())
    }

    /// What is printed.
    func sql() throws -> String {
        let tables = Set(try manifestOptions.manifests().flatMap(\.tables)).sorted()
        guard !tables.isEmpty else { throw ValidationError("no route of the manifests names a table under 'tables'") }
        let triggers = TableTriggers(tables: tables)
        return remove ? triggers.removeSQL : triggers.installSQL
    }
}

extension Manifest {
    /// The tables whose changes purge an answer of some route.
    fileprivate var tables: [String] { routes.flatMap { $0.cache?.tables?.names ?? [] } }
}
