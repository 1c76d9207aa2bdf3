import NIOCore
import NIOPosix
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A server that can't listen")
struct ServerBindFailureTests {
    private func lastWords(_ host: String, _ port: Int) async throws -> (lines: [String], status: Int32) {
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(
                host: host,
                port: port
            )
            .get()
            try await channel.close()
        } catch {
            return CachedRoutesService.lastWords(for: error, environment: ["HOST": host, "PORT": "\(port)"])
        }
        return ([], 0)
    }

    @Test("says which address, and by which variables it is set")
    func faults() async throws {
        let other = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(
            host: "127.0.0.1",
            port: 0
        )
        .get()
        let port = try #require(other.localAddress?.port)
        var words = try await lastWords("127.0.0.1", port)
        #expect(
            words.lines == [
                "can't listen: the port is in use; the environment (HOST, PORT) says 127.0.0.1:\(port): "
                    + "end the process that uses it, or set PORT"
            ]
        )
        #expect(words.status == 1)
        try await other.close()
        words = try await lastWords("203.0.113.1", 8080)
        #expect(words.lines.first?.hasPrefix("can't listen: this machine does not have the address;") == true)
        #expect(words.lines.first?.hasSuffix("says 203.0.113.1:8080: set HOST") == true && words.status == 78)
        words = try await lastWords("nowhere.invalid", 8080)
        #expect(
            words.lines.first?.hasPrefix("can't listen on 'nowhere.invalid': the host is unknown; set HOST") == true
        )
        #expect(words.status == 78)
    }
}
