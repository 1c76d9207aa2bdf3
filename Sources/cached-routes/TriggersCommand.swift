import ArgumentParser
import PostgresClient
import RouteManifest
import RouteModel

/// The command that prints the SQL of the triggers which announce changes of tables.
struct TriggersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "triggers",
        abstract: "Prints the SQL of triggers that announce changes of tables to services.",
        discussion: """
            The SQL covers the tables under 'tables' in all manifests of all targets. Run it as the tables' owner, who needs \
            CREATE on their schemas, for instance:

              cached-routes triggers | psql "postgresql://owner@host/database"

            If it fails, nothing is changed and psql's status is not 0. For other clients and migration tools use --plain, which \
            prints SQL alone, in one transaction. It may be run again at any time, and must be after a partition was added. It \
            changes only missing or different triggers, and purges the responses made from these tables.
            """
    )

    @Flag(help: "Print the SQL that removes them instead.")
    var remove = false

    @Flag(help: "Print SQL alone, for clients other than psql.")
    var plain = false

    @OptionGroup var manifestOptions: ManifestFileOptions

    func run() throws {
        print(try sql(), terminator: "")
    }

    /// Returns the text to print.
    ///
    /// - Parameter report: gets diagnostics, see ``ManifestFileOptions/manifests(report:)``.
    func sql(report: (Diagnostic) -> Void = ManifestFileOptions.printError) throws -> String {
        let tables = Set(try manifestOptions.manifests(report: report).flatMap(\.tables)).sorted()
        guard !tables.isEmpty else { throw ValidationError("no route of the manifests names a table under 'tables'") }
        let triggers = TableTriggerSQL(tables: tables)
        let sql = remove ? triggers.removeSQL : triggers.installSQL
        // Without it psql goes on after an error, and its status is 0.
        return plain ? sql : "\\set ON_ERROR_STOP on\n" + sql
    }
}

extension Manifest {
    /// The tables whose changes purge responses of some route.
    fileprivate var tables: [String] { routes.flatMap { $0.cache?.tables?.names ?? [] } }
}
