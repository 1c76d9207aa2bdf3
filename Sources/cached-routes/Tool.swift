import ArgumentParser

/// The command line tool.
@main
struct Tool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cached-routes",
        abstract: "Purges stored responses, and prints the SQL of table triggers.",
        subcommands: [PurgeCommand.self, TriggersCommand.self]
    )
}
