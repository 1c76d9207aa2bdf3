import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisRedirectionTests {
    private static let asked = RedisConfiguration.Endpoint.tcp(host: "10.1.1.1", port: 1)

    private static func read(_ message: String, by node: RedisConfiguration.Endpoint = asked) -> RedisRedirection? {
        RedisRedirection(RedisServerError(message: message), by: node)
    }

    @Test(
        arguments: [
            // Recorded from Redis 7.0.15.
            ("MOVED 12182 127.0.0.1:7002", .moved(.number(12_182), to: .tcp(host: "127.0.0.1", port: 7002))),
            ("MOVED 7785 redis-1.example:7001", .moved(.number(7_785), to: .tcp(host: "redis-1.example", port: 7001))),
            ("MOVED 12182 ?:7002", .moved(.number(12_182), to: nil)),
            ("MOVED 12182 :7002", .moved(.number(12_182), to: .tcp(host: "10.1.1.1", port: 7002))),
            ("ASK 12182 127.0.0.1:7000", .ask(.number(12_182), to: .tcp(host: "127.0.0.1", port: 7000))),
            ("TRYAGAIN Multiple keys request during rehashing of slot", .tryAgain),
            ("CLUSTERDOWN The cluster is down", .clusterDown), ("CLUSTERDOWN Hash slot not served", .clusterDown),
            ("MOVED 0 ::1:6379", .moved(.number(0), to: .tcp(host: "::1", port: 6379))),
            ("ASK 16383 ?:1", .ask(.number(16_383), to: nil)),
            ("MOVED 1 a:1 and more", .moved(.number(1), to: .tcp(host: "a", port: 1))),
            // The port of a node without the one that is wanted, as of TLS.
            ("MOVED 1 a:0", .moved(.number(1), to: nil)), ("MOVED 1 a:65536", .moved(.number(1), to: nil)),
            ("MOVED 1 a\u{1}:1", .moved(.number(1), to: nil)),
        ] as [(String, RedisRedirection)]
    )
    func `Redirections are read`(message: String, redirection: RedisRedirection) {
        #expect(Self.read(message) == redirection)
    }

    @Test(
        arguments: [
            "", "MOVED", "MOVED 1", "MOVED 1 ", "MOVED 1 a", "MOVED 1 a:", "MOVED 1 a:b", "MOVED a b:1", "MOVED -1 a:1",
            "MOVED 16384 a:1", "MOVED  1 a:1", "moved 1 a:1", "ASKING 1 a:1", "ASK 99999999999999999999 a:1",
            "ERR MOVED 1 a:1",
            "CROSSSLOT Keys in request don't hash to the same slot",
            "READONLY You can't write against a read only replica.",
        ]
    )
    func `Other errors are none`(message: String) {
        #expect(Self.read(message) == nil)
    }

    @Test func `An empty host behind a socket is unknown`() {
        #expect(Self.read("MOVED 1 :7", by: .unixSocket(path: "/s")) == .moved(.number(1), to: nil))
    }
}

@Suite struct RedisRedirectStateMachineTests {
    private typealias Machine = RedisRedirectStateMachine
    private let a = RedisConfiguration.Endpoint.node("a")
    private let b = RedisConfiguration.Endpoint.node("b")

    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    private func machine() -> Machine { Machine(deadline: at(100)) }

    @Test(arguments: [
        "+OK\r\n", "*0\r\n", "$-1\r\n", "-WRONGTYPE x\r\n", "-OOM x\r\n", "-NOPERM x\r\n", "-MOVED x\r\n", "-\r\n",
        "-LOADING x\r\n", "-READONLY x\r\n", "-MASTERDOWN x\r\n",
    ])
    func `Any other reply is the result, and no news`(text: String) {
        var machine = machine()
        let (step, news) = machine.replied(reply(text), by: a, now: at(0))
        #expect(step == .deliver && news == nil)
    }

    @Test(arguments: ["-CLUSTERDOWN x\r\n", "-ASK 1 ?:6379\r\n"])
    func `A node that is out of place is news, and its error the result`(text: String) {
        var machine = machine()
        let (step, news) = machine.replied(reply(text), by: a, now: at(0))
        #expect(step == .deliver && news == .refused)
    }

    @Test func `MOVED leads to the other node and is news`() {
        var machine = machine()
        let (step, news) = machine.replied(reply("-MOVED 7 b:6379\r\n"), by: a, now: at(0))
        #expect(step == .resend(to: b, asking: false, after: .zero) && news == .moved(.number(7), to: b))
        #expect(machine.replied(reply("+OK\r\n"), by: b, now: at(0)).step == .deliver)
    }

    @Test func `MOVED to a node that is unknown is news, and the result`() {
        var machine = machine()
        let (step, news) = machine.replied(reply("-MOVED 7 ?:6379\r\n"), by: a, now: at(0))
        #expect(step == .deliver && news == .moved(.number(7), to: nil))
    }

    @Test func `ASK leads to the other node with ASKING and changes no map`() {
        var machine = machine()
        let (step, news) = machine.replied(reply("-ASK 7 b:6379\r\n"), by: a, now: at(0))
        #expect(step == .resend(to: b, asking: true, after: .zero) && news == nil)
        // The slot went back, and somewhere else.
        #expect(
            machine.replied(reply("-MOVED 7 a:6379\r\n"), by: b, now: at(0)).step
                == .resend(to: a, asking: false, after: .zero)
        )
    }

    @Test(arguments: ["-MOVED 7 %:6379\r\n", "-ASK 7 %:6379\r\n"])
    func `The sixth redirect is the result, also of a node to itself`(text: String) {
        for pair in [[a, b], [a, a]] {
            var machine = machine()
            for count in 0..<5 {
                let (node, other) = (pair[count % 2], pair[(count + 1) % 2])
                let redirect = reply(text.replacing("%", with: "\(other)".dropLast(5)))
                guard case .resend(let target, _, .zero) = machine.replied(redirect, by: node, now: at(0)).step else {
                    Issue.record("redirect \(count) of \(pair)")
                    return
                }
                #expect(target == other)
            }
            #expect(machine.replied(reply(text.replacing("%", with: "a")), by: pair[1], now: at(0)).step == .deliver)
        }
    }

    @Test func `The sixth MOVED is news all the same`() {
        var machine = machine()
        for _ in 0..<5 { _ = machine.replied(reply("-MOVED 7 a:6379\r\n"), by: a, now: at(0)) }
        #expect(machine.replied(reply("-MOVED 7 b:6379\r\n"), by: a, now: at(0)).news == .moved(.number(7), to: b))
    }

    @Test func `TRYAGAIN is tried again at the same node after pauses that double, until the deadline`() {
        var machine = Machine(deadline: at(231))
        var (now, pauses): (Int64, [Int64]) = (0, [])
        while case .resend(let target, let asking, let pause) = machine.replied(
            reply("-TRYAGAIN x\r\n"),
            by: a,
            now: at(now)
        ).step {
            #expect(target == a && !asking)
            pauses.append(pause.nanoseconds / 1_000_000)
            now += pauses.last!
        }
        #expect(pauses == [10, 20, 40, 50, 50, 50])
    }

    @Test func `TRYAGAIN of a node that was asked with ASKING is tried again with ASKING`() {
        var machine = machine()
        _ = machine.replied(reply("-ASK 7 b:6379\r\n"), by: a, now: at(0))
        #expect(
            machine.replied(reply("-TRYAGAIN x\r\n"), by: b, now: at(1)).step
                == .resend(to: b, asking: true, after: .milliseconds(10))
        )
        _ = machine.replied(reply("-MOVED 7 a:6379\r\n"), by: b, now: at(11))
        #expect(
            machine.replied(reply("-TRYAGAIN x\r\n"), by: a, now: at(12)).step
                == .resend(to: a, asking: false, after: .milliseconds(20))
        )
    }

    @Test func `Pauses are not redirects`() {
        var machine = Machine(deadline: .distantFuture)
        for _ in 0..<20 {
            #expect(machine.replied(reply("-TRYAGAIN x\r\n"), by: a, now: at(0)).step != .deliver)
        }
        #expect(machine.replied(reply("-MOVED 7 b:6379\r\n"), by: a, now: at(0)).step != .deliver)
    }

    @Test func `Nothing is sent after the deadline, and the news is told`() {
        var machine = machine()
        let (step, news) = machine.replied(reply("-MOVED 7 b:6379\r\n"), by: a, now: at(100))
        #expect(step == .deliver && news == .moved(.number(7), to: b))
        #expect(machine.replied(reply("-TRYAGAIN x\r\n"), by: a, now: at(90)).step == .deliver)
        #expect(machine.replied(reply("-TRYAGAIN x\r\n"), by: a, now: at(89)).step != .deliver)
    }
}
