import ArgumentParser
import RouteDocuments

/// The command that lists the routes of manifests.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists routes with their keys, ttls, tags and tables.",
        discussion: """
            No database is asked. In a key the names of inputs stand in place of their values. With --format json the list has all that \
            a script needs to send requests: inputs with their constraints, and the settings that differ from the defaults, by \
            their names in manifests. The status is 1 if a manifest has an error.
            """
    )

    /// The form of the list.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Argument(help: "The manifests. Default: all routes.yaml and *.routes.yaml under Sources.")
    var manifests: [String] = []

    @Option(help: "The form of the list: text or json.")
    var format = Format.text

    @OptionGroup var manifestOptions: ManifestFileOptions

    func run() throws { print(try output(), terminator: "") }

    /// Returns the list.
    func output() throws -> String {
        let routes = try ManifestRoutes(manifestOptions.adding(manifests).files).all
        return switch format {
        case .text: RouteListing.text(of: routes)
        case .json: JSONPrinter.text(of: RouteListing.document(of: routes))
        }
    }
}
