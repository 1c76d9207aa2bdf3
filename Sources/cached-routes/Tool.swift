import ArgumentParser

/// The command line tool beside a service.
@main
struct Tool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cached-routes",
        abstract: "Looks after the answers that CachedRoutes keeps.",
        subcommands: [Purge.self, Triggers.self]
    )
}
