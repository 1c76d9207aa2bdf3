import CachedRoutesTesting
import Dispatch
import HTTPTypes
import NIOCore
import NIOPosix
import RouteModel
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A miss that is answered without a task", .timeLimit(.minutes(1)))
struct MissExchangeTests {
    private static func signature(_ path: PathTemplate) -> RouteSignature {
        RouteSignature(namespace: "test", fingerprint: "00000000", method: .get, path: path, inputs: [])
    }

    @Test("has no response that is for another request, even if its client leaves before it hears of that")
    func responseOfAnother() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let loops = group.makeIterator().map { $0 }
        let gate = Gate()
        let route = CompiledRoute(
            RouteDefinition(
                RouteDeclaration("r", Self.signature("/r"), .read(CachePolicy()), returns: .many, isPublic: true),
                .handler { _ in
                    await gate.pass()
                    return HandlerResponse(
                        bytes: ByteBuffer(string: "secret"),
                        contentType: "text/plain",
                        headerFields: [.setCookie: "session=1"]
                    )
                }
            )
        )
        let service = CachedRoutesService.testing(database: CannedDatabase(json: "1"))
        let client = ClientConnection()
        let first = Task {
            await service.respond(
                to: RouteRequest(method: .get, target: "/r"),
                of: route,
                context: NoContext(),
                on: loops[0]
            )
        }
        await gate.arrivals(1)
        let second = Task {
            await service.respond(
                to: RouteRequest(method: .get, target: "/r", client: client),
                of: route,
                context: NoContext(),
                on: loops[1]
            )
        }
        while service.waitingRequests < 2 { await Task.yield() }
        // The second one's event loop does nothing until its client has left.
        let mayGoOn = DispatchSemaphore(value: 0)
        loops[1].execute { mayGoOn.wait() }
        gate.open()
        #expect(await first.value.text == "secret")
        while service.waitingRequests > 0 { await Task.yield() }
        client.leave()
        mayGoOn.signal()
        let response = await second.value
        #expect(response.status == .gatewayTimeout)
        #expect(!response.text.contains("secret") && response.headerFields[.setCookie] == nil)
        try await group.shutdownGracefully()
    }

    @Test("is asked of a replica where the route says so, stored or not", arguments: [CachePolicy(), nil])
    func replica(cache: CachePolicy?) async {
        let database = TwoServers()
        let service = CachedRoutesService.testing(database: database)
        for (read, servers) in [(RouteDeclaration.ReadPreference.primary, ["primary"]), (.replica, ["replica"])] {
            let path = PathTemplate("/\(read)")
            let route = CompiledRoute(
                RouteDefinition(
                    RouteDeclaration(
                        "route-\(read)",
                        Self.signature(path),
                        .read(cache),
                        returns: .many,
                        isPublic: true,
                        read: read
                    ),
                    .sql("SELECT 1", binding: [])
                )
            )
            #expect(await service.get("/\(read)", of: route).text == "[]")
            #expect(database.takeServers() == servers, "\(read)")
        }
    }
}

/// A database that tells which server it has asked.
private final class TwoServers: CallbackDatabase, ReplicatedDatabase {
    private let servers = Mutex<[String]>([])

    func takeServers() -> [String] {
        servers.withLock { servers in
            defer { servers = [] }
            return servers
        }
    }

    private func answer(of server: String) -> DatabaseAnswer {
        servers.withLock { $0.append(server) }
        return DatabaseAnswer(body: ByteBuffer(string: "[]"))
    }

    func read(
        _ query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping @Sendable (Result<DatabaseAnswer, RouteDatabaseError>) -> Void
    ) -> CancellableWork {
        // Within the call, as a database may that has failed already.
        completion(.success(answer(of: "primary")))
        return CancellableWork {}
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        answer(of: query.access == .read(.replica) ? "replica" : "primary")
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under tokens: [TagVersion],
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        answer(of: "replica")
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under condition: WriteCondition,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        throw RouteDatabaseError(.failed, "nothing is written here")
    }

    func ping(deadline: NIODeadline) {}
}
