import ArgumentParser
import PostgresClient
import RouteManifest
import RouteModel

/// Prints the SQL of the triggers that tell services of changes.
struct Triggers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the SQL that makes tables tell services of their changes.",
        discussion: """
            For the tables under 'tables' in all manifests, of all targets. Run it as the tables' owner, who needs CREATE \
            on their schemas, for instance:

              cached-routes triggers | psql "postgresql://owner@host/database"

            psql ends with a status other than 0 when it fails, and nothing is changed then. Other clients and migration tools \
            take --plain, which is SQL alone, in one transaction. It may be run again at any time, and is to be run again after a \
            partition was added. It changes nothing that is as it should be, and purges what was made from the tables it mends.
            """
    )

    @Flag(help: "Print the SQL that removes them instead.")
    var remove = false

    @Flag(help: "Print SQL alone, for clients other than psql.")
    var plain = false

    @OptionGroup var manifestOptions: ManifestOptions

    func run() throws {
        print(try sql(), terminator: "")
    }

    /// What is printed.
    func sql() throws -> String {
        let tables = Set(try manifestOptions.manifests().flatMap(\.tables)).sorted()
        guard !tables.isEmpty else { throw ValidationError("no route of the manifests names a table under 'tables'") }
        let triggers = TableTriggers(tables: tables)
        let sql = remove ? triggers.removeSQL : triggers.installSQL
        // Without it psql goes on after an error, and ends as if there had been none.
        return plain ? sql : "\\set ON_ERROR_STOP on\n" + sql
    }
}

extension Manifest {
    /// The tables whose changes purge an answer of some route.
    fileprivate var tables: [String] { routes.flatMap { $0.cache?.tables?.names ?? [] } }
}
