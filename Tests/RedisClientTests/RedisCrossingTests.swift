import Fuzzing
import NIOCore
import Synchronization
import TestServers
import Testing

@testable import RedisClient

/// Commands that are given up at any moment, over connections that are slow and break: no reply is another command's.
@Suite(.timeLimit(.minutes(20))) struct RedisCrossingTests {
    private static let keyCount = 200

    /// A value that names its key. Those of two keys go past hiredis' buffer.
    private static func value(_ key: Int, _ random: inout SeededRandom) -> String {
        let length = key < 2 ? 33_000 + random.below(1_000) : random.below(200)
        return "key\(key)=" + String(repeating: "v", count: length) + "."
    }

    private static func isValue(_ reply: RedisReply, of key: Int) -> Bool {
        guard let text = reply.string else { return false }
        return text.hasPrefix("key\(key)=") && text.hasSuffix(".")
    }

    /// A command, and the replies that can be the one to it.
    private enum Question {
        case get(Int)
        case mget([Int])
        case set(Int, String)
        case echo(String)

        init(_ random: inout SeededRandom, number: Int) {
            func key(_ random: inout SeededRandom) -> Int { random.below(keyCount) }
            switch random.below(8) {
            case 0, 1, 2: self = .get(key(&random))
            case 3, 4: self = .mget((0...random.below(4)).map { _ in key(&random) })
            case 5:
                let key = key(&random)
                self = .set(key, value(key, &random))
            default: self = .echo("echo \(number)")
            }
        }

        var command: RedisCommand {
            switch self {
            case .get(let key): .get(.string("key\(key)"))
            case .mget(let keys): .mget(keys.map { .string("key\($0)") })
            case .set(let key, let value): .set(.string("key\(key)"), .string(value))
            case .echo(let text): RedisCommand("ECHO", [.string(text)])
            }
        }

        func accepts(_ reply: RedisReply) -> Bool {
            switch self {
            case .get(let key): isValue(reply, of: key)
            case .mget(let keys):
                reply.count == keys.count && keys.enumerated().allSatisfy { isValue(reply[$0.offset], of: $0.element) }
            case .set: reply.isOK
            case .echo(let text): reply.string == text
            }
        }
    }

    private static let faults: Set<RedisError.Code> = [.timedOut, .connectionLost, .unavailable, .overloaded]

    @Test func `No reply reaches another command, and each command ends once`() async throws {
        let cases = FuzzCases(10_000)
        let (count, seed) = (cases.count, cases.first { _ in true } ?? 1)
        let server = try RedisServer()
        let proxy = try FaultProxy(to: server.port, seed: seed)
        defer { proxy.stop() }
        var random = SeededRandom(seed: seed)
        let ends = CallEnds(count)
        try await RunningClient.with(
            "redis://127.0.0.1:\(proxy.port)",
            configure: {
                $0.minimumBackoff = .milliseconds(1)
                $0.maximumBackoff = .milliseconds(5)
            }
        ) { running async throws in
            for key in 0..<Self.keyCount {
                let value = RedisCommand.Argument.string(Self.value(key, &random))
                #expect(try await running.send(.set(.string("key\(key)"), value)).isOK)
            }
        }
        try await RunningClient.with(
            "redis://127.0.0.1:\(proxy.port)",
            configure: {
                // A server that was late has to answer 64 of the reads that it left within this before it is used again.
                $0.commandTimeout = .milliseconds(500)
                $0.minimumBackoff = .milliseconds(1)
                $0.maximumBackoff = .milliseconds(5)
            }
        ) { running async throws in
            var next = 0
            while next < count {
                // Without connections all would fail at once.
                proxy.pause(.init())
                await Self.answer(running)
                // Most pauses end before the commands' deadline, and some don't.
                proxy.pause(
                    random.oneIn(8)
                        ? .init() : .init(oneIn: random.number(4...40), milliseconds: random.number(1...900))
                )
                let wave = next..<min(count, next + random.number(1...500))
                await Self.run(wave, running, &random, ends)
                if random.oneIn(5) { proxy.cut() }
                next = wave.upperBound
            }
            // Whatever was pending has ended: both connections answer, and nothing else is open.
            proxy.pause(.init())
            await Self.answer(running)
            for loop in running.loops {
                for key in 0..<Self.keyCount {
                    let reply = await Self.reply(to: .get(.string("key\(key)")), running, on: loop)
                    #expect(Self.isValue(reply, of: key))
                }
            }
            while proxy.open != running.loops.count { await Task.yield() }
            // The server notices the end of others a little later.
            while await Self.connections(running) != running.loops.count { await Task.yield() }
        }
        while proxy.open != 0 { await Task.yield() }
        #expect(ends.times.allSatisfy { $0 == 1 })
        let ways = ends.ways
        #expect(ways["wrong"] == nil && ways["other"] == nil, "seed \(seed): \(ways)")
        // A few calls show nothing else.
        guard count >= 1_000 else { return }
        #expect(ways["answered"] ?? 0 > count / 4, "\(ways)")
        #expect(ways["cancelled"] ?? 0 > count / 20, "\(ways)")
        #expect(ways["timedOut"] ?? 0 > 0 && ways["connectionLost"] ?? 0 > 0, "\(ways)")
    }

    /// The number of connections that the server counts.
    private static func connections(_ running: RunningClient) async -> Int? {
        let reply = await reply(to: RedisCommand("INFO", ["clients"]), running, on: running.loops[0])
        let lines = reply.string?.split(whereSeparator: \.isNewline)
        let field = "connected_clients:"
        return lines?.first { $0.hasPrefix(field) }.flatMap { Int($0.dropFirst(field.count)) }
    }

    /// Waits until each loop's connection answers.
    private static func answer(_ running: RunningClient) async {
        for loop in running.loops { #expect(await reply(to: .ping, running, on: loop).string == "PONG") }
    }

    /// The reply to a command, which is sent again as often as the connection is lost or is none yet.
    private static func reply(to command: RedisCommand, _ running: RunningClient, on loop: any EventLoop) async
        -> RedisReply
    {
        while true {
            if let reply = try? await running.client.send(command, on: loop).get() { return reply }
            // A loop without a pause would take the time that the client needs to come back, where there is little of it.
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Sends commands all at once, by each of the ways there are, and waits until all have ended.
    private static func run(
        _ wave: Range<Int>,
        _ running: RunningClient,
        _ random: inout SeededRandom,
        _ ends: CallEnds
    ) async {
        let client = running.client
        await withTaskGroup(of: Void.self) { group in
            for number in wave {
                let question = Question(&random, number: number)
                let command = question.command
                let judge: @Sendable (Result<RedisReply, any Error>) -> String = { result in
                    switch result {
                    case .success(let reply): question.accepts(reply) ? "answered" : "wrong"
                    case .failure(is CancellationError): "cancelled"
                    case .failure(let error as RedisError) where Self.faults.contains(error.code):
                        error.code.description
                    case .failure: "other"
                    }
                }
                let loop = random.pick(running.loops)
                switch random.below(3) {
                case 0:
                    let (isCancelled, yields) = (random.oneIn(2), random.below(30))
                    group.addTask {
                        let call = Task { try await client.execute(command) }
                        for _ in 0..<yields { await Task.yield() }
                        if isCancelled { call.cancel() }
                        ends.note(number, judge(await call.result))
                    }
                case 1:
                    let deadline = NIODeadline.now() + .microseconds(Int64(random.below(300_000)))
                    let future = client.send(command, on: loop, by: deadline) { result in
                        ends.note(number, judge(result.mapError { $0 }))
                    }
                    group.addTask { try? await future.get() }
                default:
                    let future = client.send(command, on: loop)
                    group.addTask {
                        do {
                            ends.note(number, judge(.success(try await future.get())))
                        } catch {
                            ends.note(number, judge(.failure(error)))
                        }
                    }
                }
            }
        }
    }
}
