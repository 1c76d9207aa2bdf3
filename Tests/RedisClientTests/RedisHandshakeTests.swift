import NIOCore
import Testing

@testable import RedisClient

/// A reply from its bytes on the wire.
func reply(_ text: String) -> RedisReply {
    var replies: [RedisReply] = []
    _ = RedisReplyParser(maximumReplySize: 1 << 20).parse(ByteBuffer(string: text), into: &replies)
    return replies[0]
}

@Suite struct RedisHandshakeTests {
    private func handshake(_ url: String, name: String? = nil) throws -> RedisHandshake {
        var configuration = try RedisConfiguration(url: url)
        configuration.clientName = name
        return RedisHandshake(configuration)
    }

    /// The last progress made by these answers.
    private func outcome(_ handshake: inout RedisHandshake, _ answers: String...) -> String {
        var last = "nothing"
        for answer in answers {
            switch handshake.answer(reply(answer)) {
            case .unfinished: last = "unfinished"
            case .ready: last = "ready"
            case .failed(let error): return error.message
            }
        }
        return last
    }

    @Test func `Only what is needed is asked`() throws {
        #expect(try handshake("redis://a").commands.map(\.name.description) == ["INFO", "INFO", "PING"])
        let all = try handshake("redis://u:p@a/2", name: "me").commands
        #expect(all.map(\.name.description) == ["AUTH", "CLIENT", "SELECT", "INFO", "INFO", "PING"])
        #expect(all[0].arguments.count == 2)
        #expect(try handshake("redis://:p@a").commands[0].arguments.count == 1)
    }

    @Test func `A cluster's node tells its ID, and a server that is no node is refused`() throws {
        var shake = try handshake("redis+cluster://a")
        #expect(shake.commands.map(\.name.description) == ["INFO", "INFO", "CLUSTER", "PING"])
        #expect(outcome(&shake, "$0\r\n\r\n", "$0\r\n\r\n", "$3\r\nabc\r\n", "+PONG\r\n") == "ready")
        #expect(shake.nodeID == "abc")
        var denied = try handshake("redis+cluster://a")
        #expect(outcome(&denied, "$0\r\n\r\n", "$0\r\n\r\n", "-NOPERM x\r\n", "+PONG\r\n") == "ready")
        #expect(denied.nodeID == nil && denied.tolerated == ["CLUSTER MYID: NOPERM x"])
        var odd = try handshake("redis+cluster://a")
        #expect(outcome(&odd, "$0\r\n\r\n", "$0\r\n\r\n", "-ERR no such thing\r\n", "+PONG\r\n") == "ready")
        var plain = try handshake("redis+cluster://a")
        #expect(
            outcome(&plain, "$0\r\n\r\n", "$0\r\n\r\n", "-ERR This instance has cluster support disabled\r\n")
                == "CLUSTER MYID was refused (ERR This instance has cluster support disabled)"
        )
    }

    @Test func `The server's run id is learnt`() throws {
        var shake = try handshake("redis://a")
        #expect(
            outcome(
                &shake,
                "$34\r\n# Server\r\nrun_id:0123abc\r\nos:Linux\r\n",
                "$48\r\nrole:slave\r\nmaster_replid2:0\r\nmaster_replid:4567\r\n",
                "+PONG\r\n"
            ) == "ready"
        )
        #expect(shake.identity == RedisServerIdentity(runID: "0123abc", replicationID: "4567"))
        #expect(shake.tolerated.isEmpty)
    }

    @Test func `A refused login or database is a failure with its reason`() throws {
        var login = try handshake("redis://:p@a")
        #expect(outcome(&login, "-WRONGPASS invalid\r\n") == "the login was refused (WRONGPASS invalid)")
        var database = try handshake("redis://a/99")
        #expect(
            outcome(&database, "-ERR DB index is out of range\r\n")
                == "database 99 was refused (ERR DB index is out of range)"
        )
        var selectDenied = try handshake("redis://a/1")
        #expect(outcome(&selectDenied, "-NOPERM no\r\n") == "database 1 was refused (NOPERM no)")
        var missing = try handshake("redis://a")
        #expect(
            outcome(&missing, "-NOAUTH x\r\n") == "the server asks for a password and none is configured (NOAUTH x)"
        )
        var loading = try handshake("redis://a")
        #expect(
            outcome(&loading, "$0\r\n\r\n", "$0\r\n\r\n", "-LOADING x\r\n")
                == "the server is still loading its data (LOADING x)"
        )
        var crowded = try handshake("redis://a")
        #expect(
            outcome(&crowded, "-ERR max number of clients reached\r\n")
                == "INFO server was refused (ERR max number of clients reached)"
        )
    }

    @Test func `A user who may do little more than read is welcome`() throws {
        var shake = try handshake("redis://u:p@a", name: "me")
        #expect(
            outcome(&shake, "+OK\r\n", "-NOPERM a\r\n", "-NOPERM b\r\n", "-NOPERM b\r\n", "-NOPERM c\r\n") == "ready"
        )
        #expect(
            shake.tolerated == [
                "CLIENT SETNAME: NOPERM a", "INFO server: NOPERM b", "INFO replication: NOPERM b", "PING: NOPERM c",
            ]
        )
        #expect(shake.identity == nil)
    }

    @Test func `What a server has under another name is done without`() throws {
        var shake = try handshake("redis://a", name: "me")
        let unknown = "-ERR unknown command 'X'\r\n"
        #expect(outcome(&shake, unknown, unknown, unknown, unknown) == "ready")
        #expect(shake.tolerated.count == 4)
        var odd = try handshake("redis://a", name: "me")
        #expect(
            outcome(&odd, "-ERR Client names cannot contain spaces\r\n", "$0\r\n\r\n", "$0\r\n\r\n", "+PONG\r\n")
                == "ready"
        )
    }

    @Test(arguments: ["MASTERDOWN x", "DENIED x", "ERR max number of clients reached", "NOAUTH x", "BUSY x"])
    func `A server that can't be used is not ready`(refusal: String) throws {
        var shake = try handshake("redis://a")
        #expect(outcome(&shake, "-\(refusal)\r\n").contains(refusal))
    }

    @Test(arguments: ["*1\r\n$4\r\nPING\r\n", "+OK\r\n", "$4\r\nPONG\r\n", ":1\r\n"])
    func `What does not answer as Redis does is not taken for it`(answer: String) throws {
        var shake = try handshake("redis://a")
        #expect(
            outcome(&shake, "$0\r\n\r\n", "$0\r\n\r\n", answer) == "the reply to PING is not that of a Redis server"
        )
        var login = try handshake("redis://:p@a")
        #expect(outcome(&login, "*2\r\n$4\r\nAUTH\r\n$1\r\np\r\n") == "the reply to AUTH is not that of a Redis server")
    }
}
