import Testing

@testable import RedisClient

@Suite struct RedisConfigurationTests {
    @Test func `A URL names host, port and database, with defaults`() throws {
        let short = try RedisConfiguration(url: "redis://cache")
        #expect(short.deployment == .standalone(.tcp(host: "cache", port: 6379)))
        #expect(short.database == 0)
        #expect(short.credentials == nil)
        let long = try RedisConfiguration(url: "REDIS://[::1]:7000/3")
        #expect(long.deployment == .standalone(.tcp(host: "::1", port: 7000)))
        #expect(long.database == 3)
        #expect(long.deployment.description == "[::1]:7000")
        #expect(try RedisConfiguration(url: "redis://cache/").database == 0)
    }

    @Test func `User and password are percent-decoded`() throws {
        let both = try RedisConfiguration(url: "redis://us%40er:p%3A%2f%25w@cache:1")
        #expect(both.credentials == .init(username: "us@er", password: "p:/%w"))
        #expect(try RedisConfiguration(url: "redis://:secret@cache").credentials == .init(password: "secret"))
        #expect(try RedisConfiguration(url: "redis://user@cache").credentials == .init(username: "user", password: ""))
        #expect(try RedisConfiguration(url: "redis://@cache").credentials == nil)
    }

    @Test func `A Unix socket is a path with an optional database`() throws {
        let socket = try RedisConfiguration(url: "redis+unix://u:p@/run/a%20b.sock?db=2")
        #expect(socket.deployment == .standalone(.unixSocket(path: "/run/a b.sock")))
        #expect(socket.database == 2)
        #expect(socket.credentials == .init(username: "u", password: "p"))
    }

    @Test func `Sentinels and clusters have several hosts`() throws {
        let sentinel = try RedisConfiguration(
            url:
                "redis+sentinel://u:p%40@one,[::1]:5000,one,two:26380/my-master/3?sentinel-user=s&sentinel-password=t%26"
        )
        #expect(
            sentinel.deployment
                == .sentinel(
                    .init(
                        addresses: [
                            .tcp(host: "one", port: 26379), .tcp(host: "::1", port: 5000),
                            .tcp(host: "two", port: 26380),
                        ],
                        primaryName: "my-master",
                        credentials: .init(username: "s", password: "t&")
                    )
                )
        )
        #expect(sentinel.credentials == .init(username: "u", password: "p@"))
        #expect(sentinel.database == 3)
        #expect(sentinel.deployment.description == "my-master at Sentinels one:26379,[::1]:5000,two:26380")

        let cluster = try RedisConfiguration(url: "redis+cluster://:p@one,two:7000/")
        #expect(
            cluster.deployment == .cluster(seeds: [.tcp(host: "one", port: 6379), .tcp(host: "two", port: 7000)])
        )
        #expect(cluster.credentials == .init(password: "p"))
        #expect(cluster.deployment.description == "cluster at one:6379,two:7000")
    }

    @Test(arguments: [
        (
            "http://a",
            "unknown scheme 'http': use redis://, redis+unix://, redis+sentinel:// or redis+cluster://, with TLS rediss://, "
                + "rediss+sentinel:// or rediss+cluster://"
        ),
        (
            "localhost:6379",
            "a Redis URL begins with redis://, redis+unix://, redis+sentinel:// or redis+cluster://, with TLS rediss://, "
                + "rediss+sentinel:// or rediss+cluster://"
        ),
        ("redis://a,b", "redis:// has one host; several are those of redis+sentinel:// or redis+cluster://"),
        (
            "redis+sentinel://a",
            "the primary's name, as the Sentinels know it, is missing, as in redis+sentinel://one,two,three/mymaster"
        ),
        (
            "redis+sentinel://a/",
            "the primary's name, as the Sentinels know it, is missing, as in redis+sentinel://one,two,three/mymaster"
        ),
        ("redis+sentinel://a,,b/m", "the host is missing, as in redis://localhost:6379"),
        ("redis+sentinel://a/m/x", "the database is not a number"),
        ("redis+sentinel://a/m?sentinel-user=u", "sentinel-user is given without sentinel-password"),
        (
            "redis+sentinel://a/m?user=u",
            "unknown parameter in a redis+sentinel:// URL (known: sentinel-password, sentinel-user); write '&' in a password as %26"
        ),
        ("redis+cluster://a/1", "a cluster has database 0 only"),
        ("redis+cluster://", "the host is missing, as in redis://localhost:6379"),
        ("rediss+unix:///s", "there is no TLS on Unix sockets: use redis+unix://"),
        ("redis://", "the host is missing, as in redis://localhost:6379"),
        ("redis://a:0", "what follows the host's ':' is not a port: 1 to 65535"),
        ("redis://a:65536", "what follows the host's ':' is not a port: 1 to 65535"),
        ("redis://a:x", "what follows the host's ':' is not a port: 1 to 65535"),
        ("redis://::1:6379", "an IPv6 address stands in brackets, as in redis://[::1]:6379"),
        ("redis://[::1", "the IPv6 address has no closing bracket"),
        ("redis://a/x", "the database is not a number"),
        ("redis://a/-1", "the database is not a number"),
        ("redis://a/1/2", "the database is not a number"),
        ("redis://a?db=1", "unknown parameter in a redis:// URL (there are none); write '&' in a password as %26"),
        (
            "redis+unix:///s?dbb=1",
            "unknown parameter in a redis+unix:// URL (known: db); write '&' in a password as %26"
        ),
        ("redis+unix:///s?db=1&db=2", "a parameter is given twice; write '&' in a password as %26"),
        ("redis+unix:///s?db", "a parameter has no value; write '&' in a password as %26"),
        ("redis://a#b", "a Redis URL has no fragment: write '#' as %23"),
        ("redis://:se%zzcret@a", "a '%' in the password of the Redis URL is not followed by two hex digits"),
        ("redis://:%ff@a", "the password of the Redis URL is not UTF-8 text"),
    ])
    func `What cannot be used is refused with the reason`(url: String, reason: String) {
        let error = #expect(throws: RedisConfigurationError.self) { try RedisConfiguration(url: url) }
        #expect(error?.message == reason)
    }

    @Test(arguments: [
        "redis://user:pa/ss@host", "redis://user:pa?ss@host", "redis://user:p@pa/ss@host", "redis://:pa/ss@host/1",
        "redis+unix://user:pa/ss@/run/a.sock", "redis+unix://user:pa?ss@/run/a.sock", "redis+unix://u:p@?pass@/a.sock",
    ])
    func `A login that must be percent-encoded is refused with the reason and not repeated`(url: String) {
        let error = #expect(throws: RedisConfigurationError.self) { try RedisConfiguration(url: url) }
        #expect(error.map { "\($0)" }?.contains("write '/' as %2F, '?' as %3F and '@' as %40") == true)
        #expect(error.map { "\($0)".replacing("password", with: "") }?.contains(/pa|ss/) == false)
    }

    @Test func `A login without a host is not repeated`() {
        let error = #expect(throws: RedisConfigurationError.self) { try RedisConfiguration(url: "redis://user:secret") }
        #expect(error.map { "\($0)" }?.contains("secret") == false)
    }

    @Test func `The path of a Unix socket may have an at sign`() throws {
        let socket = try RedisConfiguration(url: "redis+unix://u:p@/run/a@b.sock")
        #expect(socket.deployment == .standalone(.unixSocket(path: "/run/a@b.sock")))
    }

    @Test func `A socket without an absolute path is refused`() {
        #expect(throws: RedisConfigurationError.self) { try RedisConfiguration(url: "redis+unix://run/redis.sock") }
        #expect(throws: RedisConfigurationError.self) {
            try RedisConfiguration(url: "redis+unix:///\(String(repeating: "x", count: 200))")
        }
    }

    @Test func `Bounds that make no sense are refused`() throws {
        func refused(_ change: (inout RedisConfiguration) -> Void) -> Bool {
            var configuration = RedisConfiguration(endpoint: .tcp(host: "a", port: 1))
            change(&configuration)
            return (try? configuration.validate()) == nil
        }
        #expect(!refused { _ in })
        #expect(refused { $0.commandTimeout = .zero })
        #expect(refused { $0.connectTimeout = .seconds(-1) })
        #expect(refused { $0.maximumBackoff = .milliseconds(5) })
        #expect(refused { $0.maximumPendingCommands = 0 })
        #expect(refused { $0.maximumPendingBytes = 1 << 32 })
        #expect(refused { $0.maximumReplySize = 0 })
        #expect(refused { $0.clientName = "two words" })
        #expect(refused { $0.database = -1 })
    }

    @Test func `Printing a configuration does not show the password`() throws {
        let configuration = try RedisConfiguration(url: "redis://user:secret@cache")
        #expect(!"\(configuration)".contains("secret"))
        #expect(!String(reflecting: configuration).contains("secret"))
    }
}
