import ArgumentParser

/// The command line tool.
@main
struct Tool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cached-routes",
        abstract: "Checks manifests on a database, purges stored responses, and prints the SQL of table triggers.",
        subcommands: [CheckCommand.self, PurgeCommand.self, TriggersCommand.self]
    )
}
