import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisSentinelReplyTests {
    private func reply(_ text: String) throws -> RedisReply {
        let parser = RedisReplyParser(maximumReplySize: 1_024, maximumLaterElementSize: 1_024)
        var replies: [RedisReply] = []
        #expect(parser.parse(ByteBuffer(string: text), into: &replies) == nil)
        return try #require(replies.first)
    }

    private static let address = "*2\r\n$9\r\n127.0.0.1\r\n$4\r\n6379\r\n"
    private static let master = "*2\r\n$12\r\nconfig-epoch\r\n$2\r\n17\r\n"

    private func answer(_ text: String, _ master: String = master, _ later: String? = nil) throws -> String {
        switch RedisSentinelAnswer([try reply(text), try reply(master), try reply(later ?? text)]) {
        case .primary(let location): "\(location.endpoint) \(location.configEpoch)"
        case .unknownName: "unknown"
        case .failure(let error): "\(error)"
        }
    }

    @Test(arguments: [
        ("*2\r\n$9\r\n127.0.0.1\r\n$4\r\n6379\r\n", "127.0.0.1:6379 17"),
        ("*2\r\n$3\r\n::1\r\n$1\r\n1\r\n", "[::1]:1 17"),
        ("*2\r\n$7\r\nredis-1\r\n$5\r\n65535\r\n", "redis-1:65535 17"),
        ("*-1\r\n", "unknown"),
        ("$-1\r\n", "unknown"),
        (
            "-IDONTKNOW I have not enough information to reply. Please ask another Sentinel.\r\n",
            "handshakeFailed: IDONTKNOW I have not enough information to reply. Please ask another Sentinel."
        ),
    ])
    func `Replies are addresses, null or errors`(_ text: String, _ expected: String) throws {
        #expect(try answer(text) == expected)
    }

    @Test(arguments: [
        "*2\r\n$0\r\n\r\n$4\r\n6379\r\n", "*2\r\n$1\r\na\r\n$1\r\n0\r\n", "*2\r\n$1\r\na\r\n$5\r\n65536\r\n",
        "*2\r\n$1\r\na\r\n$0\r\n\r\n", "*2\r\n$1\r\na\r\n$2\r\n-1\r\n", "*2\r\n$1\r\na\r\n$2\r\n+1\r\n",
        "*2\r\n$1\r\na\r\n$30\r\n999999999999999999999999999999\r\n", "*2\r\n$3\r\na b\r\n$1\r\n1\r\n",
        "*2\r\n$-1\r\n$1\r\n1\r\n", "*1\r\n$1\r\na\r\n", "*3\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\n1\r\n", "*0\r\n", "+OK\r\n",
        ":1\r\n", "$11\r\n127.0.0.1:1\r\n", "*2\r\n*0\r\n*0\r\n", "*2\r\n$2\r\na\n\r\n$1\r\n1\r\n",
    ])
    func `A malformed address is a failure`(_ text: String) throws {
        #expect(try answer(text) == "protocolViolation: the reply is no host and port")
    }

    @Test(arguments: [
        ("*4\r\n$4\r\nname\r\n$4\r\nmain\r\n$12\r\nconfig-epoch\r\n$1\r\n0\r\n", "127.0.0.1:6379 0"),
        ("*2\r\n$12\r\nconfig-epoch\r\n$20\r\n18446744073709551615\r\n", "127.0.0.1:6379 18446744073709551615"),
        // A value is no name.
        (
            "*4\r\n$4\r\nname\r\n$12\r\nconfig-epoch\r\n$12\r\nconfig-epoch\r\n$1\r\n3\r\n",
            "127.0.0.1:6379 3"
        ),
    ])
    func `A configuration has a number`(_ master: String, _ expected: String) throws {
        #expect(try answer(Self.address, master) == expected)
    }

    @Test(arguments: [
        "*-1\r\n", "*0\r\n", "+OK\r\n", "*1\r\n$12\r\nconfig-epoch\r\n", "*2\r\n$1\r\na\r\n$1\r\n1\r\n",
        "*2\r\n$12\r\nconfig-epoch\r\n$2\r\n-1\r\n", "*2\r\n$12\r\nconfig-epoch\r\n$0\r\n\r\n",
        "*2\r\n$12\r\nconfig-epoch\r\n$2\r\n+1\r\n", "*2\r\n$12\r\nconfig-epoch\r\n$-1\r\n",
        "*2\r\n$12\r\nconfig-epoch\r\n*0\r\n", "*2\r\n$12\r\nconfig-epoch\r\n$20\r\n18446744073709551616\r\n",
        "*3\r\n$4\r\nname\r\n$1\r\na\r\n$12\r\nconfig-epoch\r\n",
    ])
    func `A configuration without a number is a failure`(_ master: String) throws {
        #expect(
            try answer(Self.address, master)
                == "protocolViolation: the reply to SENTINEL MASTER has no config-epoch"
        )
    }

    @Test func `A refused question for the configuration is a failure`() throws {
        let refusal = "NOPERM User watcher has no permissions to run the 'sentinel|master' command"
        #expect(try answer(Self.address, "-\(refusal)\r\n") == "handshakeFailed: \(refusal)")
        // A Sentinel that does not know the primary refuses it as well.
        #expect(try answer("*-1\r\n", "-ERR No such master with that name\r\n") == "unknown")
    }

    @Test func `An address that changes while the configuration is read is a failure`() throws {
        let other = "*2\r\n$9\r\n127.0.0.1\r\n$4\r\n6380\r\n"
        for later in [other, "*-1\r\n"] {
            #expect(
                try answer(Self.address, Self.master, later) == "unavailable: it replaces the primary at the moment"
            )
        }
    }

    @Test func `A switch names the former and the new primary`() {
        let change = RedisSentinelSwitch("main 127.0.0.1 6379 ::1 6380", of: "main")
        #expect(change?.former == .tcp(host: "127.0.0.1", port: 6_379))
        #expect(change?.new == .tcp(host: "::1", port: 6_380))
    }

    @Test(arguments: [
        "other 127.0.0.1 6379 127.0.0.1 6380", "main", "", "main 127.0.0.1 6379 127.0.0.1",
        "main 127.0.0.1 6379 127.0.0.1 ",
        "main 127.0.0.1 6379 127.0.0.1 0", "main 127.0.0.1 6379 127.0.0.1 x", "main 127.0.0.1 6379 127.0.0.1 6380 more",
        "main  127.0.0.1 6379 127.0.0.1 6380", "main 127.0.0.1 6379  6380", "MAIN 127.0.0.1 6379 127.0.0.1 6380",
    ])
    func `Malformed announcements and those of other primaries are none`(_ text: String) {
        #expect(RedisSentinelSwitch(text, of: "main") == nil)
    }

    private typealias Sentinels = RedisConfiguration.Sentinels

    @Test func `A configuration of Sentinels is validated`() throws {
        let address = RedisConfiguration.Endpoint.tcp(host: "a", port: 1)
        try Sentinels(addresses: [address], primaryName: "main").validate()
        func message(_ addresses: [RedisConfiguration.Endpoint], _ name: String = "main") -> String? {
            do {
                try Sentinels(addresses: addresses, primaryName: name).validate()
                return nil
            } catch {
                return error.message
            }
        }
        #expect(message([]) == "the addresses of the Sentinels are missing")
        #expect(message([.unixSocket(path: "/a")]) == "a Sentinel has a host and a port, not a socket: '/a'")
        #expect(message([.tcp(host: "", port: 1)]) == "the host of a Sentinel is missing")
        #expect(message([.tcp(host: "a", port: 0)]) == "0 is not a port of a Sentinel: 1 to 65535")
        #expect(message([address, address]) == "the Sentinel a:1 is given twice")
        #expect(message([address], "") == "the primary's name is missing, as in sentinel monitor NAME …")
        #expect(message([address], "a b") == "the primary's name must be printable ASCII without spaces")
    }
}
