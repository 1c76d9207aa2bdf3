import NIOCore
import NIOPosix
import TestServers
import Testing

@testable import RedisClient

@Suite struct RedisConnectErrorTests {
    @Test(arguments: [
        ("redis://127.0.0.1:1", "Connection refused"), ("redis://nowhere.invalid", "the host's name is not known"),
        ("redis+unix:///nowhere/redis.sock", "No such file or directory"),
    ])
    func `Why a connection could not be opened is said in few words`(_ url: String, _ reason: String) async throws {
        let configuration = try RedisConfiguration(url: url)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        do {
            _ = try await configuration.connect(to: configuration.endpoints[0], on: eventLoop).get()
            Issue.record("connected to \(url)")
        } catch {
            #expect("\(error)" == reason)
        }
    }
}
