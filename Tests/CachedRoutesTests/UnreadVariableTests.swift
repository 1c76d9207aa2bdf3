import Logging
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Variables of the environment that nobody reads")
struct UnreadVariableTests {
    private static func unread(_ names: String...) throws -> [String: String?] {
        let environment = CachedRoutesEnvironment(Dictionary(uniqueKeysWithValues: names.map { ($0, "1") }))
        let variables = try CachedRoutesConfiguration(environment: environment).unreadVariables
        return Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0.suggestion) })
    }

    @Test(
        "Slips are noted with what may be meant, whatever they begin with",
        arguments: [
            ("DATABSE_POOL_MAX", "DATABASE_POOL_MAX"), ("DATABASE_POOL_MXA", "DATABASE_POOL_MAX"),
            ("DATABASE_POOLMAX", "DATABASE_POOL_MAX"), ("REDIS_URI", "REDIS_URL"), ("DATABASE_URI", "DATABASE_URL"),
            ("database_url", "DATABASE_URL"), ("LOGLEVEL", "LOG_LEVEL"), ("CACHE_MEMROY", "CACHE_MEMORY"),
            ("CACHES_MEMORY", "CACHE_MEMORY"), ("CACHE_DRAIN_TIMOUT", "CACHE_DRAIN_TIMEOUT"),
            ("DATABASE_POOL_SIZE", "DATABASE_POOL_MAX"), ("DATABASE_MAX_CONNECTIONS", "DATABASE_POOL_MAX"),
            ("DB_URL", "DATABASE_URL"), ("POSTGRES_URL", "DATABASE_URL"), ("DATABASE_DSN", "DATABASE_URL"),
            ("CACHE_SIZE", "CACHE_MEMORY"), ("PGHSOT", "PGHOST"), ("PGPASSWROD", "PGPASSWORD"),
            ("PGDATABSE", "PGDATABASE"), ("CACHED_ROUTES_CHEK", "CACHED_ROUTES_CHECK"),
            ("CACHE_ROUTES_CHECK", "CACHED_ROUTES_CHECK"), ("REDIS_CA_FILE", "REDIS_TLS_CA_FILE"),
            ("REDIS_TLS_CERT_FILE", "REDIS_TLS_CERTIFICATE_FILE"), ("REDIS_TLS_HOSTNAME", "REDIS_TLS_SERVER_NAME"),
            ("REDIS_TLS_INSECURE", "REDIS_TLS_VERIFY"), ("REDIS_TLS_KEYFILE", "REDIS_TLS_KEY_FILE"),
        ]
    )
    func slips(name: String, meant: String) throws {
        #expect(try Self.unread(name) == [name: meant])
    }

    @Test(
        "All others with a prefix of the service's own are noted",
        arguments: ["CACHE_TTL", "DATABASE_POOL_SIZE", "REDIS_TLS"]
    )
    func prefixes(name: String) throws {
        #expect(try Self.unread(name).keys.sorted() == [name])
    }

    @Test(
        "What is read, what is empty, and what is there for other programs is not",
        arguments: [
            "DATABASE_USER", "DATABASE_PASSWORD", "DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "REDIS_PASSWORD",
            "REDIS_HOST", "REDIS_PORT", "REDIS_SERVICE_HOST", "REDIS_SERVICE_PORT_CLIENT", "REDIS_PORT_6379_TCP_ADDR",
            "DATABASE_PORT_5432_TCP_PROTO", "HOME", "PATH", "POST", "HOSTS", "HOSTNAME", "USER", "PGHOST", "PGPORT",
            "SORT",
            "CACHED_ROUTES_SCRATCH", "LOGNAME", "XDG_CACHE_HOME", "MY_DATABASE_URL", "SHELL", "PGDATA", "PGHOST2",
            "PGPASSFILE", "PGADMIN_PORT",
            "PGUSERS", "PGAPPNAME", "PGPOOL_HOST", "DB_HOST", "DB_NAME",
        ]
    )
    func foreign(name: String) throws {
        #expect(try Self.unread(name) == [:])
    }

    @Test("Another program's name for a variable is not noted beside that variable")
    func synonyms() throws {
        #expect(try Self.unread("DB_URL", "POSTGRES_URL", "DATABASE_URL", "VALKEY_URL", "REDIS_URL") == [:])
    }

    @Test("Every variable of the configuration's table is read")
    func known() throws {
        let known = [
            "CACHED_ROUTES_CHECK": "fail", "CACHE_AFTER_RESTART": "keep", "CACHE_DRAIN_TIMEOUT": "500ms",
            "CACHE_MEMORY": "1MiB",
            "CACHE_WARM_CONCURRENCY": "1",
            "CACHE_WRITE_BYTES": "1MiB", "CACHE_WRITE_ENTRIES": "1", "DATABASE_CONNECT_TIMEOUT": "1s",
            "DATABASE_LEASE_TIMEOUT": "1s", "DATABASE_LISTEN_URL": "postgres://a", "DATABASE_POOL_IDLE": "1s",
            "DATABASE_POOL_KEEPALIVE": "1s", "DATABASE_POOL_LIFETIME": "10s", "DATABASE_POOL_MAX": "1",
            "DATABASE_POOL_MIN": "1",
            "DATABASE_POOL_WAITERS": "1", "DATABASE_STATEMENTS": "named", "DATABASE_URL": "postgres://a", "HOST": "a",
            "HTTP_HEAD_TIMEOUT": "1s", "HTTP_IDLE_TIMEOUT": "1s", "HTTP_WRITE_TIMEOUT": "1s",
            "HTTP_MAX_CONNECTIONS": "16",
            "CLIENT_BUFFER_BYTES": "1MiB", "SHUTDOWN_TIMEOUT": "1s",
            "LOG_LEVEL": "info", "PORT": "1", "REDIS_COMMAND_TIMEOUT": "1s", "REDIS_CONNECT_TIMEOUT": "1s",
            "REDIS_TLS_CA_FILE": "a", "REDIS_TLS_CERTIFICATE_FILE": "a", "REDIS_TLS_KEY_FILE": "a",
            "REDIS_TLS_SERVER_NAME": "a", "REDIS_TLS_VERIFY": "none", "REDIS_URL": "redis://a",
        ]
        let configuration = try CachedRoutesConfiguration(environment: CachedRoutesEnvironment(known))
        #expect(configuration.unreadVariables == [])
    }

    @Test("A service notes them once, without their values")
    func log() throws {
        let log = LogRecorder()
        _ = try CachedRoutesService(environment: ["DATABSE_POOL_MAX": "secret", "CACHE_EMPTY": ""], logger: log.logger)
        #expect(
            log.lines.filter { $0.hasPrefix("notice") } == [
                "notice CachedRoutes does not read the environment variable DATABSE_POOL_MAX; did you mean DATABASE_POOL_MAX? "
            ]
        )
        #expect(!log.lines.contains { $0.contains("secret") })
    }
}

@Suite("The end of a program that can't start")
struct ExitTests {
    @Test("A line for each problem of a configuration and status 78; one line for anything else and status 1")
    func lastWords() {
        struct Failure: Error, CustomStringConvertible { let description = "first\nsecond" }
        let configuration = CachedRoutesConfigurationError(problems: ["PORT='x' is not a port", "a: b\nc\n"])
        #expect(CachedRoutesService.lastWords(for: configuration).lines == ["PORT='x' is not a port", "a: b c"])
        #expect(CachedRoutesService.lastWords(for: configuration).status == 78)
        #expect(CachedRoutesService.lastWords(for: Failure()).lines == ["first second"])
        #expect(CachedRoutesService.lastWords(for: Failure()).status == 1)
    }

    @Test("The process ends so")
    func process() async throws {
        let result = try await #require(processExitsWith: .exitCode(78), observing: [\.standardErrorContent]) {
            do {
                _ = try CachedRoutesService(environment: ["PORT": "eighty", "CACHE_MEMORY": "much"])
            } catch {
                CachedRoutesService.exit(withError: error)
            }
        }
        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(lines.count == 2)
        #expect(lines.contains { $0.hasPrefix("error: PORT='eighty' is not a whole number") })
    }
}
