import Logging
import NIOCore
import Synchronization
import Testing

@testable import RedisClient

/// What servers, older ones and proxies among them, answer to commands that they do not carry out.
@Suite struct RedisCommandRefusalTests {
    private static let replies: [(String, RedisCommandRefusal.Kind?)] = [
        ("NOPERM this user has no permissions to run the 'mget' command", .noPermission),
        ("NOPERM this user has no permissions to access one of the keys used as arguments", .noPermission),
        ("ERR unknown command `CLIENT`, with args beginning with: `SETNAME`", .unknownCommand),
        ("ERR unknown command 'MGET'", .unknownCommand),
        ("ERR Unknown subcommand or wrong number of arguments for 'TRACKING'. Try CLIENT HELP", .unknownCommand),
        ("ERR command not supported", .unknownCommand),
        ("ERR This command is disabled", .unknownCommand),
        ("ERR This instance has cluster support disabled", .noCluster),
        ("ERR 'EVAL' command is not allowed", .unknownCommand),
        ("CROSSSLOT Keys in request don't hash to the same slot", .cluster),
        ("MOVED 3999 127.0.0.1:6381", .cluster), ("ASK 3999 127.0.0.1:6381", .cluster),
        ("TRYAGAIN Multiple keys request during rehashing of slot", .cluster),
        ("CLUSTERDOWN The cluster is down", .clusterDown), ("CLUSTERDOWN Hash slot not served", .clusterDown),
        ("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist", .snapshotFailing),
        ("OOM command not allowed when used memory > 'maxmemory'.", .outOfMemory),
        ("READONLY You can't write against a read only replica.", .replica),
        ("LOADING Redis is loading the dataset in memory", .loading),
        ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", .primaryDown),
        ("BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.", .busy),
        ("NOREPLICAS Not enough good replicas to write.", .tooFewReplicas),
        ("NOAUTH Authentication required.", .notAuthenticated), ("ERR operation not permitted", .notAuthenticated),
        ("WRONGPASS invalid username-password pair or user is disabled.", .notAuthenticated),
        ("ERR invalid password", .notAuthenticated),
        ("DENIED Redis is running in protected mode because protected mode is enabled", .protectedMode),
        ("ERR DB index is out of range", .database), ("ERR invalid DB index", .database),
        (
            "ERR Client sent AUTH, but no password is set. AUTH <password> called without any password configured for the "
                + "default user. Are you sure your configuration is correct?", .passwordUnknown
        ),
        ("ERR max number of clients reached", .tooManyClients), ("ERR syntax error", .other), ("WHATEVER", .other),
        ("", .other), ("WRONGTYPE Operation against a key holding the wrong kind of value", nil),
        ("ERR Error running script (call to f_a): @user_script:1: WRONGTYPE Operation against a key", nil),
        ("NOSCRIPT No matching script. Please use EVAL.", nil),
        // Of a command in a script, by Redis 7, 7.2 and older ones.
        (
            "ERR The user executing the script can't run this command or subcommand script: d3c21d, on @user_script:1.",
            .noPermission
        ),
        (
            "ERR The user executing the script can't access at least one of the keys mentioned in the command arguments "
                + "script: f6c7d5, on @user_script:1.", .noPermission
        ),
        (
            "ERR ACL failure in script: User a has no permissions to run the 'unlink' command script: 1, on @user_script:1.",
            .noPermission
        ),
        ("ERR Unknown Redis command called from script script: 1, on @user_script:1.", .unknownCommand),
        (
            "ERR Error running script (call to f_a): @user_script:1: @user_script: 1: Unknown Redis command called from Lua "
                + "script", .unknownCommand
        ),
        ("ERR Error running script (call to f_a): @user_script:1: -OOM command not allowed", .outOfMemory),
        ("ERR Error running script (call to f_a): @user_script:1: -NOPERM this user has no permissions", .noPermission),
        ("ERR Error running script (call to f_a): @user_script:1: -READONLY You can't write", .replica),
        ("READONLY You can't write against a read only replica. script: 1, on @user_script:1.", .replica),
        ("ERR Error running script (call to f_a): nobody knows", .other),
    ]

    @Test(arguments: replies) func `Each reply is told apart from a server that is away`(
        message: String,
        kind: RedisCommandRefusal.Kind?
    ) {
        #expect(RedisCommandRefusal(RedisServerError(message: message))?.kind == kind)
    }

    @Test func `Every kind has its cure`() {
        let kinds = Self.replies.compactMap { RedisCommandRefusal(RedisServerError(message: $0.0)) }
        #expect(Set(kinds.map(\.kind)) == Set(RedisCommandRefusal.Kind.allCases))
        // No two kinds have the same one.
        let cures = Dictionary(grouping: kinds, by: \.kind).values.map { Set($0.map(\.cure)) }
        #expect(cures.reduce(0) { $0 + $1.count } == Set(kinds.map(\.cure)).count)
    }

    @Test(
        arguments: [
            (
                "NOPERM this user has no permissions to run the 'mget' command", .mget,
                "allow the user MGET (ACL SETUSER … +mget)"
            ),
            ("NOPERM User a has no permissions to run the 'client|tracking' command", nil, "+client|tracking)"),
            ("NOPERM this user has no permissions to run the 'set' command or its subcommand", .set, "+set)"),
            ("NOPERM No permissions to run this", .pttl, "allow the user PTTL (ACL SETUSER … +pttl)"),
            ("NOPERM No permissions to run this", nil, "allow the user the command"),
            ("NOPERM this user has no permissions to run the 'x) +@all' command", .mget, "+mget)"),
            (
                "ERR The user executing the script can't run this command or subcommand script: 1, on @user_script:1.",
                .eval,
                "EVAL, and what its script calls: MGET and UNLINK (ACL SETUSER … +eval +mget +unlink)"
            ),
            (
                "ERR ACL failure in script: User a has no permissions to run the 'unlink' command script: 1", .eval,
                "+unlink)"
            ),
            ("NOPERM this user has no permissions to run the 'del' command", .del, "UNLINK, or at least DEL"),
            ("NOPERM No permissions to access a key", .mget, "~namespace:* ~namespace;*"),
            (
                "NOPERM this user has no permissions to access one of the keys used as arguments", .set,
                "~namespace:* ~namespace;*"
            ),
            (
                "ERR The user executing the script can't access at least one of the keys mentioned", .eval,
                "~namespace:* ~namespace;*"
            ),
            ("NOPERM this user has no permissions to access one of the channels used as arguments", nil, "&__redis__"),
            (
                "ERR unknown command 'UNLINK', with args beginning with: 'k'", .unlink,
                "let it have UNLINK under its own name"
            ),
            ("ERR Unknown Redis command called from script", .eval, "MGET and UNLINK under their own names"),
            ("ERR unknown command 'FOO'", nil, "let it have the command under its own name"),
            ("OOM no", .set, "maxmemory"),
        ] as [(String, RedisCommand.Kind?, String)]
    )
    func `The cure names what has to be allowed`(message: String, command: RedisCommand.Kind?, cure: String) {
        let said = RedisCommandRefusal(RedisServerError(message: message))?.cure(of: command)
        #expect(said?.contains(cure) == true, "\(said ?? "none")")
    }

    // MARK: - The log

    private final class Clock: Sendable {
        private let time = Mutex(NIODeadline.uptimeNanoseconds(0))
        var now: NIODeadline { time.withLock { $0 } }
        func advance(_ amount: TimeAmount) { time.withLock { $0 = $0 + amount } }
    }

    private let clock = Clock()
    private let log = LogRecorder()
    private let refusals: RedisCommandRefusals

    init() {
        refusals = RedisCommandRefusals(logger: log.logger, now: { [clock] in clock.now })
    }

    private var said: [Int] { [log.entries(.warning).count, log.entries(.notice).count] }

    @Test func `A refusal is one warning however often it comes, and one notice once it is over`() {
        for _ in 0..<1_000 {
            refusals.note(.mget, reply("-NOPERM no\r\n"))
            clock.advance(.milliseconds(500))
        }
        #expect(refusals.isRefusing(.mget) && !refusals.isRefusing(.set))
        #expect(refusals.all.map(\.command) == [.mget])
        #expect(said == [1, 0])
        clock.advance(.seconds(1))
        refusals.note(.set, reply("+OK\r\n"))
        #expect(refusals.isRefusing(.mget))
        refusals.note(.mget, reply("*0\r\n"))
        #expect(!refusals.isRefusing(.mget) && refusals.all.isEmpty)
        #expect(said == [1, 1])
    }

    @Test func `What is refused for some keys only counts as refused, and does not fill the log`() {
        for _ in 0..<600 {
            refusals.note(.set, reply("-MOVED 1 a:1\r\n"))
            refusals.note(.set, reply("+OK\r\n"))
            #expect(refusals.isRefusing(.set))
            clock.advance(.milliseconds(100))
        }
        #expect(said == [1, 0])
    }

    @Test func `A command that is carried out soon after its refusal, and not asked for again, is refused no longer`() {
        refusals.note(.unlink, reply("-READONLY no\r\n"))
        clock.advance(.milliseconds(999))
        refusals.note(.unlink, reply(":1\r\n"))
        #expect(refusals.all.map(\.command) == [.unlink])
        clock.advance(.milliseconds(1))
        #expect(refusals.all.isEmpty && !refusals.isRefusing(.unlink))
        // But one that was refused once more is.
        refusals.note(.unlink, reply("-READONLY no\r\n"))
        refusals.note(.unlink, reply(":1\r\n"))
        refusals.note(.unlink, reply("-READONLY no\r\n"))
        clock.advance(.minutes(1))
        #expect(refusals.all.map(\.command) == [.unlink])
    }

    @Test func `A server that changes its mind all the time is one warning a minute`() {
        for _ in 0..<150 {
            refusals.note(.set, reply("-OOM x\r\n"))
            clock.advance(.seconds(1))
            refusals.note(.set, reply("+OK\r\n"))
            clock.advance(.seconds(1))
        }
        #expect(said == [5, 5])
    }

    @Test func `Nobody asks for DEL where UNLINK is carried out, which ends both refusals`() {
        for command in [RedisCommand.Kind.unlink, .del] { refusals.note(command, reply("-NOPERM no\r\n")) }
        clock.advance(.milliseconds(10))
        refusals.note(.unlink, reply(":1\r\n"))
        #expect(refusals.all.map(\.command) == [.unlink, .del])
        clock.advance(.seconds(1))
        #expect(refusals.all.isEmpty)
        #expect(said == [2, 2])
    }

    @Test func `Each command has an effect of its own, and those are essential without which less is cached or purged`()
        throws
    {
        let commands = RedisCommand.Kind.allCases.filter { $0 != .other }
        let refusal = try #require(RedisCommandRefusal(RedisServerError(message: "NOPERM no")))
        let effects = commands.compactMap { refusal.effect(on: $0) }
        #expect(Set(effects).count == commands.count - 1, "PTTL and PEXPIRE have the same")
        #expect(commands.filter(refusal.isEssential) == [.mget, .set, .del])
    }

    @Test(arguments: ["CLUSTERDOWN no", "MISCONF no", "OOM no", "NOREPLICAS no", "BUSY no", "ERR no"])
    func `Nothing takes the place of an UNLINK that the server has: purges wait`(_ reply: String) throws {
        let refusal = try #require(RedisCommandRefusal(RedisServerError(message: reply)))
        #expect(refusal.isEssential(.unlink))
        #expect(refusal.effect(on: .unlink) == refusal.effect(on: .del))
        #expect(refusal.effect(on: .unlink)?.hasPrefix("purges wait") == true)
    }

    @Test func `Each command is warned of`() {
        for command in RedisCommand.Kind.allCases { refusals.note(command, reply("-NOPERM no\r\n")) }
        #expect(said == [RedisCommand.Kind.allCases.count - 1, 0])
        #expect(!refusals.isRefusing(.other))
    }

    @Test func `A value of another type is no refusal`() {
        refusals.note(.mget, reply("-WRONGTYPE x\r\n"))
        #expect(refusals.all.isEmpty && said == [0, 0])
    }
}
