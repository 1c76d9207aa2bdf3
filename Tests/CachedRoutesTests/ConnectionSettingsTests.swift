import NIOCore
import Testing

@testable import CachedRoutes

@Suite("Settings of clients' connections")
struct ConnectionSettingsTests {
    private func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try CachedRoutesConfiguration(environment: CachedRoutesEnvironment(environment))
            return []
        } catch {
            return error.problems
        }
    }

    @Test("They are read, and what can't be used is said for each")
    func reading() throws {
        let configuration = try CachedRoutesConfiguration(environment: [
            "HTTP_HEAD_TIMEOUT": "3s", "HTTP_IDLE_TIMEOUT": "4s", "HTTP_WRITE_TIMEOUT": "5s",
            "HTTP_MAX_CONNECTIONS": "6",
            "CLIENT_BUFFER_BYTES": "7MiB", "SHUTDOWN_TIMEOUT": "8s",
        ])
        #expect(configuration.httpHeadTimeout == .seconds(3) && configuration.httpIdleTimeout == .seconds(4))
        #expect(configuration.httpWriteTimeout == .seconds(5) && configuration.httpMaximumConnections == 6)
        #expect(configuration.clientBufferBytes == 7 << 20 && configuration.shutdownTimeout == .seconds(8))
        for name in ["HTTP_HEAD_TIMEOUT", "HTTP_IDLE_TIMEOUT", "HTTP_WRITE_TIMEOUT", "SHUTDOWN_TIMEOUT"] {
            for value in ["0s", "10", "-1s", "2d", "soon"] {
                #expect(
                    problems([name: value])
                        == ["\(name)='\(value)' is not a duration from 1ms to 1d, such as 500ms, 10s or 5m"]
                )
            }
        }
        #expect(problems(["HTTP_MAX_CONNECTIONS": "0"]).count == 1)
        #expect(problems(["CLIENT_BUFFER_BYTES": "many"]).count == 1)
    }

    @Test(
        "The time of a shutdown is shared, and its parts are no longer than all of it",
        arguments: [1, 100, 2000, 20_000, 600_000]
    )
    func shutdown(milliseconds: Int) {
        for drain in [1, 500, 5000, 600_000] {
            var configuration = CachedRoutesConfiguration()
            configuration.shutdownTimeout = .milliseconds(milliseconds)
            configuration.drainTimeout = .milliseconds(drain)
            let times = ShutdownTimes(configuration)
            #expect(times.clients + times.drain + times.close == .milliseconds(Int64(milliseconds)))
            #expect(times.drain <= .milliseconds(Int64(drain)))
            #expect(times.clients >= .milliseconds(Int64(milliseconds / 4)))
        }
        let usual = ShutdownTimes(CachedRoutesConfiguration())
        #expect(usual.clients == .seconds(13) && usual.drain == .seconds(5) && usual.close == .seconds(2))
    }

    @Test("A writer's time that is longer than the shutdown's is an error where somebody has set it")
    func drain() {
        let problem = "CACHE_DRAIN_TIMEOUT is longer than SHUTDOWN_TIMEOUT, within which it lies"
        #expect(problems(["CACHE_DRAIN_TIMEOUT": "30s"]) == [problem])
        #expect(problems(["CACHE_DRAIN_TIMEOUT": "3s", "SHUTDOWN_TIMEOUT": "2s"]) == [problem])
        #expect(problems(["CACHE_DRAIN_TIMEOUT": "2s", "SHUTDOWN_TIMEOUT": "2s"]) == [])
        #expect(problems(["SHUTDOWN_TIMEOUT": "2s"]) == [])
    }

    @Test(
        "Connections leave a quarter of the file descriptors",
        arguments: [
            (20, 16), (256, 192), (1024, 768), (65_536, 49_152), (1 << 20, 65_536), (Int.max, 65_536),
        ]
    )
    func descriptors(limit: Int, connections: Int) {
        #expect(FileDescriptors.connections(within: limit) == connections)
    }
}
