import Foundation
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("What is wrong with the environment")
struct ConfigurationProblemTests {
    private static func lines(_ environment: [String: String]) -> [String] {
        do {
            _ = try CachedRoutesService(environment: CachedRoutesEnvironment(environment), logger: LogRecorder().logger)
            return []
        } catch {
            let (lines, status) = CachedRoutesService.lastWords(for: error)
            return status == 78 ? lines : ["status \(status)"] + lines
        }
    }

    private static let noString = "is no libpq connection string, such as postgresql://user:password@host/database"

    @Test(
        "that no server can make right is one line and status 78",
        arguments: [
            (["DATABASE_URL": "postgresql://h:bad/x"], "DATABASE_URL: port is not a whole number from 1 to 65535"),
            (["DATABASE_URL": "postgresql://h:70000/x"], "DATABASE_URL: port is not a whole number from 1 to 65535"),
            (
                ["DATABASE_LISTEN_URL": "postgresql://h/x?connect_timeout=abc"],
                "DATABASE_LISTEN_URL: connect_timeout 'abc' is not a whole number"
            ),
            (["DATABASE_URL": "mysql://u:secret@x/d"], "DATABASE_URL \(noString)"),
            (["DATABASE_URL": "postgres:/x"], "DATABASE_URL \(noString)"),
            (["DATABASE_LISTEN_URL": "postgres:/x"], "DATABASE_LISTEN_URL \(noString)"),
            (
                ["DATABASE_URL": "postgresql://u:secret@h/x?sslmod=require"],
                "DATABASE_URL has the parameter 'sslmod', which libpq doesn't know; did you mean 'sslmode'?"
            ),
            (
                ["HOST": "300.1.1.1"],
                "HOST='300.1.1.1' is not a host's name or an IP address, such as 127.0.0.1, or 0.0.0.0 for all"
            ),
            (
                ["HOST": "127.0.0.1:8080"],
                "HOST='127.0.0.1:8080' is not a host's name or an IP address, such as 127.0.0.1, or 0.0.0.0 for all"
            ),
            (["REDIS_URL": "redis://300.1.1.1"], "REDIS_URL: the host is not a host's name or an IP address"),
            (["REDIS_URL": "redis://u:p@ho st"], "REDIS_URL: the host is not a host's name or an IP address"),
            (
                ["CACHE_MEMORY": "64"],
                "CACHE_MEMORY='64' is not a size with a unit, 1MiB or more, such as 16MiB or 1GiB"
            ),
            (["CACHE_MEMORY": "0"], "CACHE_MEMORY='0' is not a size with a unit, 1MiB or more, such as 16MiB or 1GiB"),
            (
                ["CACHE_WRITE_BYTES": "64"],
                "CACHE_WRITE_BYTES='64' is not a size with a unit, 1MiB or more, such as 16MiB or 1GiB"
            ),
        ]
    )
    func problem(environment: [String: String], line: String) {
        #expect(Self.lines(environment) == [line])
    }

    @Test("is said of each of several variables")
    func several() {
        let lines = Self.lines([
            "DATABASE_URL": "postgresql://h:x/d?sslmode=y", "DATABASE_LISTEN_URL": "x", "REDIS_URL": "http://h",
        ])
        #expect(
            lines.map { $0.prefix { $0 != " " && $0 != ":" } } == [
                "REDIS_URL", "DATABASE_URL", "DATABASE_URL", "DATABASE_LISTEN_URL",
            ]
        )
    }

    @Test("Line ends and blanks around a value are none, as mounted secrets have them")
    func trimming() throws {
        var environment: [String: String] = [:]
        let values = [
            "REDIS_URL": "redis://h/3", "DATABASE_URL": "postgresql://u:p@h:5432/d",
            "DATABASE_LISTEN_URL": "host=h port=1",
            "DATABASE_POOL_MAX": "7", "CACHE_MEMORY": "3MiB", "CACHE_DRAIN_TIMEOUT": "2s",
            "DATABASE_STATEMENTS": "unnamed",
            "HOST": "0.0.0.0", "PORT": "81", "LOG_LEVEL": "debug",
        ]
        for (name, value) in values { environment[name] = " \t\(value)\r\n" }
        #expect(Self.lines(environment) == [])
        let configuration = try CachedRoutesConfiguration(environment: CachedRoutesEnvironment(environment))
        #expect(configuration.redisURL == "redis://h/3" && configuration.databaseURL == values["DATABASE_URL"])
        #expect(configuration.databaseListenURL == "host=h port=1" && configuration.databasePoolMaximum == 7)
        #expect(configuration.memoryBudget == 3 << 20 && configuration.port == 81 && configuration.host == "0.0.0.0")
        #expect(try CachedRoutesConfiguration(environment: ["REDIS_URL": " \n"]).redisURL == nil)
        #expect(!Self.lines(["DATABASE_URL": "postgresql://h\n/d"]).isEmpty, "inside it is an error")
    }

    @Test("of libpq is said with the variable's name, once")
    func libpq() async throws {
        for (name, value, words) in [
            ("PGPORT", "abc", "PGPORT='abc' is not a whole number from 1 to 65535"),
            ("PGCONNECT_TIMEOUT", "abc", "PGCONNECT_TIMEOUT='abc' is not a whole number"),
            ("PGSSLMODE", "on", "PGSSLMODE='on' is not one of disable,"),
            ("PGHOST", "300.1.1.1", "PGHOST='300.1.1.1' is not"),
        ] {
            // In a process of its own, whose environment is nobody else's.
            setenv("CACHED_ROUTES_TEST_VARIABLE", "\(name)=\(value)", 1)
            let result = try await #require(processExitsWith: .exitCode(78), observing: [\.standardErrorContent]) {
                let parts = ProcessInfo.processInfo.environment["CACHED_ROUTES_TEST_VARIABLE"]!.split(separator: "=")
                setenv(String(parts[0]), String(parts[1]), 1)
                do {
                    _ = try CachedRoutesService(environment: ["DATABASE_LISTEN_URL": "dbname=x"])
                } catch {
                    CachedRoutesService.exit(withError: error)
                }
            }
            let text = String(decoding: result.standardErrorContent, as: UTF8.self)
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("error: ") }
            #expect(lines.count == 1 && lines[0].hasPrefix("error: \(words)"), "\(lines)")
        }
    }
}
