import ArgumentParser
import Foundation
import RouteDocuments
import RouteManifest

/// The command that describes the routes of manifests in OpenAPI.
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi",
        abstract: "Describes the routes of manifests in OpenAPI 3.1.",
        discussion: """
            Inputs have their constraints, responses the types of the locks that 'check --write' keeps beside the manifests. A \
            client in Swift comes from swift-openapi-generator:

              cached-routes openapi --server https://example.com --output Sources/Client/openapi.yaml

            The status is 1 if a manifest has an error.
            """
    )

    /// A form of the document.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml, json
    }

    /// What the document says about authenticated requests.
    enum Security: String, ExpressibleByArgument, CaseIterable {
        case bearer, none
    }

    @Argument(help: "The manifests of one service. Default: those of --manifest.")
    var manifests: [String] = []

    @Option(help: "The form of the document: yaml or json.")
    var format = Format.yaml

    @Option(help: "The title. Default: the namespaces.")
    var title: String?

    @Option(help: "The version of the API.")
    var apiVersion = "1"

    @Option(help: ArgumentHelp("The URL below which the paths are.", valueName: "url"))
    var server: String?

    @Option(help: "How requests are authenticated where routes have context inputs: bearer, or none to leave it open.")
    var security = Security.bearer

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Paths below which the app lets authenticated requests through alone, such as /admin.",
            valueName: "path"
        )
    )
    var secured: [String] = []

    @Flag(help: "Say in 'x-cached-routes' how responses are cached.")
    var extensions = false

    @OptionGroup var destination: DocumentOutputOptions

    @OptionGroup var manifestOptions: ManifestFileOptions

    func validate() throws {
        for path in secured where !path.hasPrefix("/") {
            throw ValidationError("'\(path)' is no path; write --secured /admin")
        }
        if let title, title.allSatisfy(\.isWhitespace) { throw ValidationError("--title is empty") }
        if let server, !server.hasPrefix("/"), URL(string: server)?.host() == nil {
            throw ValidationError("'\(server)' is neither a URL nor a path; write --server https://example.com")
        }
    }

    func run() throws { try destination.write(text()) }

    /// The document.
    ///
    /// - Throws: `ExitCode` if a manifest has errors, or two routes answer the same requests, after reporting it.
    func text() throws -> String {
        let read = try manifestOptions.adding(manifests).manifests(lockUse: .serving)
        let document: Document
        do throws(OpenAPIWriter.RepeatedOperation) {
            document = try OpenAPIWriter.document(
                read,
                options: OpenAPIWriter.Options(
                    title: title,
                    version: apiVersion,
                    server: server,
                    hasSecurity: security == .bearer,
                    securedPaths: secured,
                    hasExtensions: extensions
                )
            )
        } catch {
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            throw ExitCode(1)
        }
        switch format {
        case .yaml: return YAMLPrinter.text(of: document)
        case .json: return JSONPrinter.text(of: document)
        }
    }
}
