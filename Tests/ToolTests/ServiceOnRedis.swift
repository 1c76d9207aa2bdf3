import ArgumentParser
import CachedRoutes
import CachedRoutesRedis
import CachedRoutesServer
import CachedRoutesTesting
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import RedisClient
import RouteDocuments
import RouteManifest
import RouteModel
import RouteServing
import TestApp
import TestServers
import Testing

@testable import CachedRoutesCore
@testable import cached_routes

/// A service that stores the responses of a manifest in a Redis, asked over HTTP, with a clock that a test moves.
struct ServiceOnRedis {
    let redis: RedisServer
    let file: String
    let port: Int
    let clock: ManualClock
    let database: CannedDatabase
    let service: CachedRoutesService
    let writer: BackgroundWriter

    /// Serves a manifest while `body` runs.
    ///
    /// - Parameters:
    ///   - file: the path of the manifest.
    ///   - redis: the Redis.
    ///   - clock: the clock by which responses age.
    ///   - binding: the validity of tag versions after a restart of Redis.
    ///   - json: returns the JSON of a response; `nil` for no row.
    static func run(
        _ file: String,
        on redis: RedisServer,
        clock: ManualClock = ManualClock(),
        binding: RedisStore.TokenBinding = .server,
        json: @escaping CannedDatabase.Answer = { _, _ in #"{"a":1}"# },
        _ body: (ServiceOnRedis) async throws -> Void
    ) async throws {
        let logger = LogRecorder().logger
        var configuration = try RedisConfiguration(url: redis.url)
        configuration.commandTimeout = .seconds(2)
        let writer = BackgroundWriter(
            limits: .init(bytes: 64 << 20),
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            logger: logger
        )
        let store = try StoreBackend.redis(
            configuration,
            writer: writer,
            binding: binding,
            nearBudget: 1 << 20,
            clock: clock.wallClock,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
        let database = CannedDatabase(json)
        let service = CachedRoutesService.testing(store, database: database, clock: clock.wallClock, logger: logger)
        let (routes, problems) = service.replaceRoutes(try ManifestRoutes([file]).compiled())
        try #require(problems.isEmpty)
        let table = ReplaceableRoutes()
        let inputs = routes.flatMap(\.route.signature.inputs).filter { $0.group == .context }
        let clashes = table.replace(routes) { try GivenContext($0.headerFields, to: $0.authority, inputs: inputs) }
        try #require(clashes.isEmpty)
        try await withCachedRoutesServer(service) { configuration in
            CachedRoutesServer(table, on: service, configuration: configuration)
        } _: { port in
            try await poll("Redis is there") {
                String(buffer: await service.readiness().body).contains("ok")
            }
            try await body(
                ServiceOnRedis(
                    redis: redis,
                    file: file,
                    port: port,
                    clock: clock,
                    database: database,
                    service: service,
                    writer: writer
                )
            )
        }
    }

    /// The fields of a request as arguments of commands.
    static func arguments(_ fields: [(String, String)]) -> [String] {
        fields.flatMap { ["--header", "\($0.0): \($0.1)"] }
    }

    /// Sends a request.
    func get(_ target: String, _ fields: [(String, String)] = []) async throws -> HTTPClient.Response {
        try await HTTPClient.request(.GET, target, port: port, fields: fields)
    }

    /// Sends a request whose response is stored, and waits until it is.
    func store(_ target: String, _ fields: [(String, String)] = []) async throws {
        _ = try await get(target, fields)
        try await settle(target, fields)
    }

    /// Waits until a fresh response is stored and nothing else is being written.
    func settle(_ target: String, _ fields: [(String, String)] = []) async throws {
        try await poll("\(target) is stored") {
            try await verdict(target, fields) == .hit && writer.count == 0
        }
    }

    /// Inspects a request; `nil` if no route serves it.
    func inspect(
        _ target: String,
        _ fields: [(String, String)] = [],
        manifest: String? = nil,
        environment: [String: String] = [:]
    ) async throws -> StoredResponseInspection? {
        try await command(target, fields, manifest: manifest)
            .inspections(environment: environment, clock: clock.wallClock).first?.inspection
    }

    /// The verdict on a request.
    func verdict(
        _ target: String,
        _ fields: [(String, String)] = [],
        manifest: String? = nil
    ) async throws -> StoredResponseJudgement.Verdict? {
        try await inspect(target, fields, manifest: manifest)?.judgement.verdict
    }

    /// The text about a request.
    func text(_ target: String, _ fields: [(String, String)] = []) async throws -> String {
        try await command(target, fields).outcome(environment: [:], clock: clock.wallClock).text
    }

    private func command(
        _ target: String,
        _ fields: [(String, String)],
        manifest: String? = nil
    ) throws -> InspectCommand {
        try InspectCommand.parse(
            [target, "--manifest", manifest ?? file, "--redis", redis.url] + Self.arguments(fields)
        )
    }

    /// Asks Redis by its command line tool.
    @discardableResult
    func cli(_ arguments: String...) async throws -> String {
        try await blocking { [redis] in try redis.cli(arguments) }
    }
}
