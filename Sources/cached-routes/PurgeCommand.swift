import ArgumentParser
import CachedRoutes
import Foundation
import Logging
import NIOPosix
import RedisClient
import RouteManifest
import RouteModel

/// The command that purges tags and routes, by one `UNLINK`, as a service does.
struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Purges stored responses by tag, by route, or of all routes in the manifests.",
        discussion: """
            Sends one UNLINK to the Redis of REDIS_URL, or in a cluster one for each key: where that fails, a part may be purged, \
            and the command can be repeated. From then on no service reuses an older response, or one that is being \
            made from older data; near caches follow a moment later. A tag without responses is not an error. The \
            variables about TLS (REDIS_TLS_CA_FILE and others) have to be those of the services.
            """
    )

    @Option(help: ArgumentHelp("A tag with its values filled in, such as user:7; may be given several times."))
    var tag: [String] = []

    @Option(help: ArgumentHelp("The name of a route in the manifests; may be given several times."))
    var route: [String] = []

    @Flag(help: "All routes of the manifests.")
    var all = false

    @Option(help: ArgumentHelp("The namespace of tags and routes, where there is no manifest to read it from."))
    var namespace: String?

    @Option(help: ArgumentHelp("The Redis server. Default: REDIS_URL.", valueName: "url"))
    var redis: String?

    @OptionGroup var manifestOptions: ManifestFileOptions

    func validate() throws {
        guard !tag.isEmpty || !route.isEmpty || all else {
            throw ValidationError("nothing to purge: give --tag, --route or --all")
        }
        guard !all || namespace == nil else {
            throw ValidationError("--all purges the routes of manifests; --namespace stands in for manifests")
        }
        for tag in tag where CacheTag(text: tag) == nil {
            throw ValidationError(
                "'\(tag)' is not a tag: percent-encode characters other than A-Z a-z 0-9 _ . - ~ : / @ % +"
            )
        }
    }

    func run() async throws {
        let names = try names()
        let url = (redis ?? ProcessInfo.processInfo.environment["REDIS_URL"] ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard !url.isEmpty else {
            throw ValidationError(
                "REDIS_URL is not set: only a process itself can purge the responses in its memory"
            )
        }
        let count: Int64
        do {
            count = try await Self.unlink(names, at: url)
        } catch let error as RedisConfigurationError {
            throw ValidationError("\(redis == nil ? "REDIS_URL" : "--redis"): \(error.message)")
        }
        print(
            "Purged \(names.count) \(names.count == 1 ? "key" : "keys"), \(count) of which existed"
        )
    }

    /// Returns the tag versions to purge.
    func names() throws -> [TagVersionKey] {
        if let namespace {
            return tag.map { .tag($0.utf8, in: namespace) } + route.map { .route($0, in: namespace) }
        }
        let manifests = try manifestOptions.manifests()
        var names: [TagVersionKey] = []
        for manifest in manifests {
            let reading = manifest.routes.filter { $0.cache != nil }.map(\.name)
            names += tag.map { .tag($0.utf8, in: manifest.namespace) }
            names += (all ? reading : route.filter(reading.contains)).map { .route($0, in: manifest.namespace) }
        }
        for route in route
        where !manifests.contains(where: { $0.routes.contains { $0.name == route && $0.cache != nil } }) {
            throw ValidationError("no GET route is called '\(route)' in the manifests")
        }
        return names.withoutRepetitions
    }

    private static func unlink(_ names: [TagVersionKey], at url: String) async throws -> Int64 {
        guard !names.isEmpty else { return 0 }
        var configuration = try RedisConfiguration(url: url, environment: ProcessInfo.processInfo.environment)
        configuration.commandTimeout = .seconds(5)
        configuration.clientName = "cached-routes-tool"
        let client = try RedisClient(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next(),
            logger: Logger(label: "cached-routes") { _ in SwiftLogNoOpLogHandler() }
        )
        let connection = Task { try await client.run() }
        defer { connection.cancel() }
        return try await client.remove(names.map { .bytes($0.bytes) })
    }
}
