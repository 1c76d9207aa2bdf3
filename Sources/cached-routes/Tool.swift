import ArgumentParser

/// The command line tool.
@main
struct Tool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cached-routes",
        abstract: """
            Serves manifests without Swift, checks them on a database, purges stored responses, and prints the SQL of table \
            triggers.
            """,
        subcommands: [
            ServeCommand.self, CheckCommand.self, OpenAPICommand.self, SchemaCommand.self, PurgeCommand.self,
            TriggersCommand.self,
        ]
    )
}
