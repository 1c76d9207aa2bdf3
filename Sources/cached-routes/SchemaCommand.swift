import ArgumentParser
import Foundation
import RouteDocuments

/// The command that prints the JSON Schema of manifests.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of manifests, by which editors complete and check them.",
        discussion: """
            Kept beside a manifest, it is named by the manifest's first line, which editors with the YAML language server \
            heed:

              cached-routes schema --output Sources/App/.routes.schema.json

              # yaml-language-server: $schema=.routes.schema.json
            """
    )

    @OptionGroup var destination: DocumentOutputOptions

    func run() throws { try destination.write(JSONPrinter.text(of: ManifestSchema.document())) }
}
