import ArgumentParser
import CachedRoutes
import CachedRoutesCore
import CachedRoutesRedis
import Foundation
import Logging
import NIOCore
import NIOPosix
import RedisClient
import RouteDocuments
import RouteModel

/// The command that says what Redis has for a URL, and what a service would make of it.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows what Redis has stored for a URL, and why it would be a hit or not.",
        discussion: """
            Reads from the Redis of REDIS_URL, and changes nothing there. The verdict compares the stored response's tag versions \
            with the present ones, one by one. CACHE_AFTER_RESTART has to be that of the services, and so have the variables \
            about TLS (REDIS_TLS_CA_FILE and others).

              cached-routes inspect /users/7 --redis redis://127.0.0.1

            It is what Redis tells: a service also distrusts tables whose changes it may not hear of, and purges that wait. The \
            status is 1 if a URL has no route, its request is refused, or a manifest has an error, and 69 if Redis can't be asked.
            """
    )

    @OptionGroup var options: RequestOptions

    @Option(help: ArgumentHelp("The Redis server. Default: REDIS_URL.", valueName: "url"))
    var redis: String?

    /// The exit status without a server, `EX_UNAVAILABLE`.
    private static let unavailable: Int32 = 69

    func run() async throws {
        let (text, status) = try await outcome(environment: ProcessInfo.processInfo.environment)
        if status == Self.unavailable {
            FileHandle.standardError.write(Data(text.utf8))
        } else {
            print(text, terminator: "")
        }
        if status != 0 { throw ExitCode(status) }
    }

    /// Returns the text about all requests, and the status.
    ///
    /// - Parameters:
    ///   - environment: the environment of the process.
    ///   - clock: tells the time of day.
    func outcome(
        environment: [String: String],
        clock: WallClock = .system
    ) async throws -> (text: String, status: Int32) {
        do {
            let all = try await inspections(environment: environment, clock: clock)
            let text = all.map { request, inspection in
                inspection.map { InspectionText.block(request, $0) } ?? ExplanationText.block(request)
            }
            return (text.joined(), all.allSatisfy { $0.inspection != nil } ? 0 : 1)
        } catch  where error is RedisError || error is RedisServerError {
            return ("error: Redis can't be asked: \(error)\n", Self.unavailable)
        }
    }

    /// Inspects the requests that are served.
    ///
    /// - Parameters:
    ///   - environment: the environment of the process.
    ///   - clock: tells the time of day.
    /// - Returns: the requests, each with what Redis has for it; `nil` if no route serves it.
    /// - Throws: `RedisError` or `RedisServerError` if Redis can't be asked.
    func inspections(
        environment: [String: String],
        clock: WallClock
    ) async throws -> [(request: RequestOptions.Request, inspection: StoredResponseInspection?)] {
        let requests = try options.requests()
        for case (let route, .explained)? in requests.map(\.found) where route.hasUnknownTables {
            throw ValidationError(
                "the tables of route '\(route.name)' are not known: 'tables: auto' needs a lock; run cached-routes check --write"
            )
        }
        let url = (redis ?? environment["REDIS_URL"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard !url.isEmpty else {
            throw ValidationError(
                "there is no Redis to inspect: name it by --redis, or by REDIS_URL; responses in the memory of a process can't be inspected"
            )
        }
        let binding = try binding(environment)
        let explanations = requests.compactMap(\.explanation)
        do {
            let server = try RedisConfiguration(url: url, environment: environment)
            var left = try await Self.inspect(explanations, at: server, binding, clock)[...]
            return requests.map { ($0, $0.explanation == nil ? nil : left.popFirst()) }
        } catch let error as RedisConfigurationError {
            throw ValidationError("\(redis == nil ? "REDIS_URL" : "--redis"): \(error.message)")
        }
    }

    /// The validity of tag versions after a restart, as services with this environment have it.
    private func binding(_ environment: [String: String]) throws -> RedisStore.TokenBinding {
        let name = "CACHE_AFTER_RESTART"
        let variables = environment.filter { $0.key == name }
        let configuration = try CachedRoutesConfiguration(environment: CachedRoutesEnvironment(variables))
        return configuration.afterRestart == .discard ? .server : .none
    }

    private static func inspect(
        _ explanations: [RequestExplanation],
        at server: RedisConfiguration,
        _ binding: RedisStore.TokenBinding,
        _ clock: WallClock
    ) async throws -> [StoredResponseInspection] {
        var configuration = server
        configuration.commandTimeout = .seconds(5)
        configuration.clientName = "cached-routes-tool"
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let client = try RedisClient(
            configuration: configuration,
            eventLoopGroup: eventLoop,
            logger: Logger(label: "cached-routes") { _ in SwiftLogNoOpLogHandler() }
        )
        let connection = Task { try await client.run() }
        defer { connection.cancel() }
        return try await StoredResponseInspection.inspect(
            explanations,
            by: client,
            binding: binding,
            now: { clock.now },
            on: eventLoop
        )
    }
}
