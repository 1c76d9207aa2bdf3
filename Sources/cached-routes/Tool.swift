import ArgumentParser

/// The command line tool.
@main
struct Tool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cached-routes",
        abstract: """
            Serves manifests without Swift, checks them on a database, describes their routes, inspects and purges stored \
            responses, and prints the SQL of table triggers.
            """,
        subcommands: [
            InitCommand.self,
            ServeCommand.self,
            CheckCommand.self,
            ListCommand.self,
            ExplainCommand.self,
            InspectCommand.self,
            OpenAPICommand.self,
            SchemaCommand.self,
            PurgeCommand.self,
            TriggersCommand.self,
        ]
    )
}
