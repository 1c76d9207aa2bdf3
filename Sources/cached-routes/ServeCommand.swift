import ArgumentParser
import CachedRoutes
import CachedRoutesServer
import Foundation
import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import PostgresClient
import RedisClient
import RouteCheckPostgres
import RouteManifest
import RouteServing

/// The command that serves manifests without the app's Swift, while they are being written.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves manifests without Swift, and again after each save.",
        discussion: """
            For development. Routes with SQL answer as those of the built app do; routes with 'handler: swift' answer from --canned, or 501. \
            With --watch a saved manifest, .sql file or lock is served at once; while one has errors, every request gets them. \
            Responses are stored in memory unless --redis names a server. A private database:

              cached-routes serve --watch --temporary --schema database/schema.sql

            On a loopback address the request field 'Cached-Routes-Context: name=value&…' gives values of context inputs.
            The status is 1 if a manifest has an error and --watch is not given, 69 if there is no database.
            """
    )

    @Argument(help: "The manifests. Default: all routes.yaml and *.routes.yaml under Sources.")
    var manifests: [String] = []

    @OptionGroup var manifestOptions: ManifestFileOptions

    @Flag(help: "Serve files again when they change.")
    var watch = false

    @OptionGroup var databaseOptions: DatabaseOptions

    @Option(
        help: ArgumentHelp(
            "The Redis server. Default: the memory of this process, whatever REDIS_URL says.",
            valueName: "url"
        )
    )
    var redis: String?

    @Option(
        help: ArgumentHelp(
            "A folder with responses of routes that a method of the app answers, such as usage.json or usage.202.json.",
            valueName: "folder"
        )
    )
    var canned: String?

    @OptionGroup var contextOptions: ContextOptions

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 for one that the system chooses.")
    var port = 8080

    @Flag(help: "Print each request.")
    var verbose = false

    func validate() throws {
        guard !databaseOptions.temporary || databaseOptions.database == nil else {
            throw ValidationError("--temporary has a database of its own; leave out --database")
        }
        try databaseOptions.checkSchema()
        guard redis.map({ !$0.trimmingCharacters(in: .whitespaces).isEmpty }) ?? true else {
            throw ValidationError(
                "--redis names a server, such as redis://127.0.0.1; leave it out for the memory of this process"
            )
        }
        do throws(RedisConfigurationError) {
            if let redis { _ = try RedisConfiguration(url: redis.trimmingCharacters(in: .whitespacesAndNewlines)) }
        } catch {
            throw ValidationError("--redis: \(error.message)")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("\(port) is no port") }
    }

    func run() async throws {
        defer { Terminal.flush() }
        let named = manifestOptions.adding(manifests).files
        let files = try await Blocking.run { try ManifestFileOptions.files(named) }
        let served = ServedManifests(targets: try ManifestFileOptions.grouped(files))
        try await checkAddress()
        do {
            guard databaseOptions.temporary else {
                return try await serve(served, at: DatabaseOptions.url(databaseOptions.database))
            }
            try await serveFromTemporary(served)
        } catch let error as PostgresError {
            Self.write("error: the database can't be asked: \(DatabaseOptions.reason(error))")
            throw ExitCode(CheckCommand.unavailable)
        } catch let error as TemporaryPostgresError {
            Self.write("error: \(error)")
            throw ExitCode(CheckCommand.unavailable)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            // Another process was faster.
            Self.write("error: \(Self.reason(error, listeningAt: host, port))")
            throw ExitCode(1)
        }
    }

    /// Listens for a moment, so that an address that can't be had is told before a database is asked or started.
    private func checkAddress() async throws {
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
            try await channel.close()
        } catch {
            Self.write("error: \(Self.reason(error, listeningAt: host, port))")
            throw ExitCode(1)
        }
    }

    /// The words about an address on which nobody can listen.
    static func reason(_ error: any Error, listeningAt host: String, _ port: Int) -> String {
        switch error {
        case let error as IOError where error.errnoCode == EADDRINUSE:
            "port \(port) of \(host) is in use; end what uses it, or take another one with --port"
        case let error as IOError where error.errnoCode == EADDRNOTAVAIL:
            "\(host) is no address of this machine; name one of its own with --host"
        case is SocketAddressError.UnknownHost:
            "no machine is called '\(host)'; name an address of this machine with --host"
        default: "port \(port) of \(host) can't be listened on: \(error)"
        }
    }

    private func serveFromTemporary(_ manifests: ServedManifests) async throws {
        let options = databaseOptions
        let (server, url) = try await Blocking.run {
            let server = try TemporaryPostgres()
            return (server, try options.load(into: server))
        }
        // Nothing else runs then.
        defer { server.stop() }
        try await serve(manifests, at: url)
    }

    private func serve(_ manifests: ServedManifests, at url: String?) async throws {
        // Fails where there is no database.
        let version = try await Blocking.run { try InspectionSession(url: url).serverVersionText }
        let configuration = try serviceConfiguration(databaseURL: url)
        let service = try CachedRoutesService(configuration: configuration, logger: Self.logger(configuration.logLevel))
        let routes = ReplaceableRoutes()
        let reloader = Reloader(
            manifests,
            on: service,
            routes,
            cannedFrom: canned,
            inspector: ServeInspector(url: url, hasData: !databaseOptions.temporary),
            context: contextOf,
            say: { Self.write("\(Self.timeOfDay) \($0)") }
        )
        let watcher = FileWatcher(
            manifests,
            isSearching: manifestOptions.adding(self.manifests).files.isEmpty,
            reloader: reloader
        )
        try await watcher.read()
        await reloader.decided()
        if !watch, await reloader.errors != nil { throw ExitCode(1) }
        try await run(on: service, routes, watcher, header: await header(manifests, reloader, version: version))
    }

    private func run(
        on service: CachedRoutesService,
        _ routes: ReplaceableRoutes,
        _ watcher: FileWatcher,
        header: @escaping @Sendable (String) -> String
    ) async throws {
        var configuration = CachedRoutesServer.Configuration()
        configuration.address = .hostname(host, port: port)
        if watch { configuration.services = [watcher] }
        if verbose {
            configuration.accessLog = { entry in
                Self.write("\(entry.method.rawValue) \(entry.target) \(entry.status)")
            }
        }
        let host = host.contains(":") ? "[\(host)]" : host
        configuration.onListening = { address in
            Self.write(header("http://\(host)\(address.port.map { ":\($0)" } ?? "")"))
        }
        try await CachedRoutesServer(routes, on: service, configuration: configuration).run()
    }

    /// The first lines, given the address.
    private func header(
        _ manifests: ServedManifests,
        _ reloader: Reloader,
        version: String
    ) async -> @Sendable (String) -> String {
        let descriptions = await reloader.table?.descriptions ?? []
        let canned = reloader.cannedNames
        let stubs = descriptions.filter { $0.isHandler && !canned.contains($0.name) }.map(\.name)
        let count = "\(descriptions.count) route\(descriptions.count == 1 ? "" : "s") of "
        let handlers =
            stubs.isEmpty ? "" : " (\(stubs.joined(separator: ", ")) answer\(stubs.count == 1 ? "s" : "") 501)"
        let store = redis == nil ? "memory store" : "Redis"
        let database = "PostgreSQL \(version)\(databaseOptions.temporary ? " (temporary)" : "")"
        let paths = manifests.paths.joined(separator: ", ")
        var notes = ""
        if !descriptions.isEmpty {
            for problem in contextOptions.problems(among: descriptions.map(\.declaration)) { notes += "\n  \(problem)" }
        }
        if !GivenContext.isLoopback(host) {
            notes +=
                "\n  the field \(GivenContext.fieldName) is not read, because others than this machine may reach \(host)"
        }
        return { [notes] address in
            """
            cached-routes serve: for development only. No handlers, no middleware, no TLS.
              \(store) · \(database) · \(address)
              \(count)\(paths)\(handlers)\(notes)
            """
        }
    }

    private func serviceConfiguration(databaseURL url: String?) throws -> CachedRoutesConfiguration {
        var variables = ProcessInfo.processInfo.environment
        variables["REDIS_URL"] = redis
        // They are those of the Redis that is not used.
        if redis == nil { variables = variables.filter { !$0.key.hasPrefix("REDIS_TLS_") } }
        if databaseOptions.temporary || databaseOptions.database != nil {
            variables["DATABASE_URL"] = url
            // It is that of another database.
            variables["DATABASE_LISTEN_URL"] = nil
        }
        var configuration = try CachedRoutesConfiguration(environment: CachedRoutesEnvironment(variables))
        configuration.statementCheck = .off
        if variables["LOG_LEVEL"] == nil { configuration.logLevel = .warning }
        return configuration
    }

    /// Returns the values of context inputs for a request: those of its field, where only programs of this machine can send
    /// one, over those of the command.
    private var contextOf: Reloader.Context {
        let values = contextOptions.values
        let isLocal = GivenContext.isLoopback(host)
        return { request, inputs in
            guard isLocal else { return GivenContext(values) }
            return try GivenContext(request.headerFields, to: request.authority, over: values, inputs: inputs)
        }
    }

    /// The logger of the service.
    private static func logger(_ level: Logger.Level) -> Logger {
        var base = Logger(label: "cached-routes").handler
        base.logLevel = level
        let handler = ServeLogHandler(base) { Self.write("\(Self.timeOfDay) \($0)") }
        return Logger(label: "cached-routes") { _ in handler }
    }

    private static var timeOfDay: String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "HH:mm:ss"
        return formatter.string(from: Date())
    }

    private static func write(_ text: String) { Terminal.write(text) }
}
