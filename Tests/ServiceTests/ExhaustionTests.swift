import CachedRoutes
import CachedRoutesHummingbird
import Foundation
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix
import Synchronization
import TestApp
import TestServers
import Testing

/// The descriptors of a process, all of which a test takes.
private final class Descriptors: Sendable {
    private let taken = Mutex<[CInt]>([])

    /// Takes what there is within a limit that leaves few.
    func takeAll() {
        var limits = rlimit()
        _ = getrlimit(Self.resource, &limits)
        limits.rlim_cur = 256
        _ = setrlimit(Self.resource, &limits)
        while case let descriptor = open("/dev/null", O_RDONLY), descriptor >= 0 {
            taken.withLock { $0.append(descriptor) }
        }
    }

    /// Gives some back.
    func give(_ count: Int = .max) {
        taken.withLock { taken in
            for descriptor in taken.prefix(count) { close(descriptor) }
            taken.removeFirst(min(count, taken.count))
        }
    }

    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif
}

@Suite("Without file descriptors", .serialized)
struct ExhaustionTests {
    /// In a process of its own, whose descriptors are nobody else's.
    @Test("a server goes on, and accepts its first client once there are some again")
    func first() async {
        await #expect(processExitsWith: .success) {
            alarm(60)
            let recorder = LogRecorder()
            let port = try ServerProcess.lastingFreePort()
            let service = try CachedRoutesService(
                environment: ["PORT": "\(port)", "HOST": "127.0.0.1", "DATABASE_URL": "postgres://127.0.0.1:1/x"],
                logger: recorder.logger
            )
            let router = Router()
            router.get("here") { _, _ in "here" }
            let gone = Gate()
            let configuration = ApplicationConfiguration(service.configuration).watched(by: gone)
            let (running, continuation) = AsyncStream.makeStream(of: Void.self)
            let app = Application(
                router: router,
                server: .cachedRoutes(service),
                configuration: configuration,
                onServerRunning: { _ in continuation.yield() },
                logger: recorder.logger
            )
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await app.run() }
                for await _ in running { break }
                // No client has come, but for the process itself.
                if configuration.hasDelegate { await gone.arrivals(1) }
                let descriptors = Descriptors()
                descriptors.takeAll()
                func refusals() -> Int { recorder.lines.count { $0.contains("can't be accepted") } }
                // For the client alone.
                descriptors.give(1)
                let request = "GET /here HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                let client = try await RawConnection.open(request, port: port)
                try await poll("the lack of descriptors") { refusals() > 0 }
                descriptors.give()
                #expect(try await client.answer.hasSuffix("\r\n\r\nhere"))
                #expect(refusals() == 1)
                try await poll("the end of it") {
                    recorder.lines.contains { $0.contains("Connections are accepted again") }
                }
                tasks.cancelAll()
                try? await tasks.waitForAll()
            }
        }
    }
}
