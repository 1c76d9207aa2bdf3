import NIOCore
import NIOEmbedded
import Synchronization
import TestServers
import Testing

@testable import PostgresClient

/// The search for a statement's types as all connections of a process share it.
@Suite(.timeLimit(.minutes(1))) struct StatementTypingTests {
    private let sql = "SELECT 1, f($1, $2), $1"
    private let types = [ParameterTypeCandidates([.int8, .int4, nil]), ParameterTypeCandidates([nil, .text])]
    private let read = StatementAccess.read(findsPosition: false)

    private func error(_ message: String, _ sqlState: String = "42883") -> PostgresError {
        PostgresError(.server(sqlState: sqlState), message)
    }

    private func machine(_ prefix: String) -> PostgresConnectionStateMachine {
        PostgresConnectionStateMachine(maximumPreparedStatements: 8, namePrefix: prefix)
    }

    /// An action in a few words.
    private func words(_ action: PostgresConnectionStateMachine.Action) -> String {
        switch action {
        case .send(.prepare(let name, _, let types)): "prepare \(name) \(types)"
        case .send(.describe(let name)): "describe \(name)"
        case .send(.deallocate(let name)): "deallocate \(name)"
        case .execute(.execute(let name), _): "execute \(name)"
        case .fail(let error): error.waitsForTypes ? "wait for types" : "fail \(error.message)"
        case .cancel: "cancel"
        default: "other"
        }
    }

    private func start(_ machine: inout PostgresConnectionStateMachine, _ statement: PostgresStatement) -> String {
        words(machine.start(statement, parameterCount: 2, access: read))
    }

    private func completed(
        _ machine: inout PostgresConnectionStateMachine,
        _ outcome: PostgresConnectionStateMachine.Outcome
    ) -> String {
        words(machine.completed(outcome))
    }

    private let described = StatementDescription(
        columns: [.init(name: "a", typeOID: 23)],
        parameterOIDs: [23, 25]
    )

    @Test func oneConnectionSearchesAtATimeAndTheNextOneContinuesWhereItStopped() {
        let statement = PostgresStatement(sql: sql, parameters: types, shape: .many)
        var (first, second, third) = (machine("a"), machine("b"), machine("c"))
        #expect(start(&first, statement) == "prepare a1 [20, 0]")
        #expect(start(&second, statement) == "wait for types")
        _ = second.answered(.idle)
        #expect(completed(&first, .failed(error("no"))) == "prepare a2 [23, 0]")
        #expect(words(first.abandon()) == "cancel")
        // Who continues is asked again what the other one has not heard the answer to.
        #expect(start(&second, statement) == "prepare b1 [23, 0]")
        #expect(start(&third, statement) == "wait for types")
        _ = third.answered(.idle)
        #expect(completed(&second, .done) == "describe b1")
        #expect(start(&third, statement) == "wait for types")
        _ = third.answered(.idle)
        #expect(completed(&second, .described(described)) == "execute b1")
        #expect(start(&third, statement) == "prepare c1 [23, 0]")
        #expect(completed(&third, .done) == "describe c1")
        #expect(completed(&third, .described(described)) == "execute c1")
    }

    @Test func aConnectionThatIsLostHoldsNobodyUp() {
        let statement = PostgresStatement(sql: sql, parameters: types, shape: .many)
        var second = machine("b")
        do {
            var first = machine("a")
            #expect(start(&first, statement) == "prepare a1 [20, 0]")
        }
        #expect(start(&second, statement) == "prepare b1 [20, 0]")
    }

    @Test func typesThatTheDatabaseNoLongerTakesAreSearchedForByOne() {
        let statement = PostgresStatement(sql: sql, parameters: types, shape: .many)
        var (first, second) = (machine("a"), machine("b"))
        _ = start(&first, statement)
        _ = completed(&first, .done)
        #expect(completed(&first, .described(described)) == "execute a1")
        var (third, fourth) = (machine("c"), machine("d"))
        #expect(start(&second, statement) == "prepare b1 [20, 0]")
        #expect(start(&third, statement) == "prepare c1 [20, 0]")
        #expect(start(&fourth, statement) == "prepare d1 [20, 0]")
        #expect(completed(&second, .failed(error("no"))) == "prepare b2 [23, 0]")
        #expect(completed(&third, .failed(error("no"))) == "wait for types")
        #expect(completed(&second, .done) == "describe b2")
        #expect(completed(&second, .described(described)) == "execute b2")
        // What has been found meanwhile is taken.
        #expect(completed(&fourth, .failed(error("no"))) == "prepare d2 [23, 0]")
        #expect(completed(&fourth, .failed(error("other"))) == "fail other")
    }

    @Test func aSearchThatFoundNothingIsNotBegunAgainWhileTheServerSaysTheSame() {
        let statement = PostgresStatement(sql: sql, parameters: types, shape: .many)
        var first = machine("a")
        var action = start(&first, statement)
        var count = 0
        while action.hasPrefix("prepare") {
            count += 1
            action = completed(&first, .failed(error("no \(count)")))
        }
        #expect(action == "fail no 1" && count > 4)
        var (second, third) = (machine("b"), machine("c"))
        // Several may look at once.
        #expect(start(&second, statement) == "prepare b1 [20, 0]")
        #expect(start(&third, statement) == "prepare c1 [20, 0]")
        #expect(completed(&second, .failed(error("no 1"))) == "fail no 1")
        // Something else is said: it is searched anew.
        #expect(completed(&third, .failed(error("new"))) == "prepare c2 [20, 0]")
        #expect(completed(&third, .failed(error("new"))) == "prepare c3 [23, 0]")
        var fourth = machine("d")
        #expect(start(&fourth, statement) == "wait for types")
    }

    @Test func aStatementThatCanBePreparedNowIsSearchedAnew() {
        let statement = PostgresStatement(sql: sql, parameters: types, shape: .many)
        var first = machine("a")
        var action = start(&first, statement)
        while action.hasPrefix("prepare") { action = completed(&first, .failed(error("no"))) }
        _ = first.answered(.idle)
        #expect(start(&first, statement).hasSuffix("[20, 0]"))
        #expect(completed(&first, .done).hasPrefix("describe"))
        #expect(completed(&first, .described(described)).hasPrefix("deallocate"))
        #expect(completed(&first, .done).hasSuffix("[20, 0]"))
        _ = completed(&first, .done)
        #expect(completed(&first, .described(described)).hasPrefix("execute"))
    }

    @Test func progressAndRefusalsAreForgottenAfterAWhile() throws {
        let typing = StatementTyping(sql: sql, parameters: types)
        let now = NIODeadline.uptimeNanoseconds(0)
        func turn(_ seconds: Int64) -> StatementTyping.Turn? {
            if case .search(let turn) = typing.begin(now: now + .seconds(seconds)) { turn } else { nil }
        }
        func continued() throws -> [UInt32] {
            let turn = try #require(turn(0))
            if turn.statement.types == [20, 0], case .prepare = turn.refused(error("no"), now: now) {}
            return turn.statement.types
        }
        #expect(try continued() == [23, 0])
        #expect(turn(50)?.statement.types == [23, 0])
        #expect(turn(200)?.statement.types == [20, 0])
        do {
            let turn = try #require(turn(200))
            while case .prepare = turn.refused(error("no"), now: now) {}
        }
        guard case .refused(let first) = typing.begin(now: now + .seconds(5)) else {
            Issue.record("a search has found nothing")
            return
        }
        #expect(first.types == [20, 0])
        #expect(turn(300)?.statement.types == [20, 0])
    }

    @Test func whoWaitsGoesOnWithTheEndOfTheTurnTheDeadlineOrTheTask() async throws {
        let typing = StatementTyping(sql: sql, parameters: types)
        let loop = NIOAsyncTestingEventLoop()
        let start = loop.now
        func turn() -> StatementTyping.Turn? {
            if case .search(let turn) = typing.begin(now: start) { turn } else { nil }
        }
        await typing.waitForTurn(until: .distantFuture, on: loop)
        var held = turn()
        #expect(held != nil && turn() == nil)
        let isOver = Atomic(false)
        let late = Task {
            await typing.waitForTurn(until: start + .seconds(20), on: loop)
            #expect(loop.now >= start + .seconds(20))
            isOver.store(true, ordering: .releasing)
        }
        while !isOver.load(ordering: .acquiring) {
            await loop.advanceTime(by: .seconds(1))
            await Task.yield()
        }
        await late.value
        let cancelled = Task { await typing.waitForTurn(until: .distantFuture, on: loop) }
        cancelled.cancel()
        await cancelled.value
        let waiting = (0..<20).map { _ in Task { await typing.waitForTurn(until: .distantFuture, on: loop) } }
        await Task.yield()
        held = nil
        for task in waiting { await task.value }
        #expect(held == nil && turn() != nil)
    }

    @Test func aSearchThatIsInterruptedAnywhereFindsTheSame() {
        let now = NIODeadline.uptimeNanoseconds(0)
        typealias Server = ParameterTypeSearchTests.Server
        let candidates: [ParameterTypeCandidates] = [
            ParameterTypeCandidates([.int8, .int4, nil]), ParameterTypeCandidates([nil, .text]),
            ParameterTypeCandidates([.float8, nil], preferredWhereInferred: .numeric),
            ParameterTypeCandidates([nil, PostgresType.text.array], avoidedWhereInferred: .text),
            ParameterTypeCandidates([.uuid, nil]),
        ]
        for seed in UInt64(0)..<60 {
            var random = Seeded(state: seed)
            let parameters = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                candidates.randomElement(using: &random)!
            }
            let numbers = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                Int.random(in: 1...parameters.count, using: &random)
            }
            let sql = numbers.map { "f($\($0))" }.joined(separator: " AND ")
            let all: [UInt32] = [20, 23, 25, 701, 1700, 1009, 2950]
            let server = Server(
                places: numbers.map { _ in
                    (Set((0..<3).map { _ in all.randomElement(using: &random)! }), all.randomElement(using: &random))
                }
            )
            var (plain, counted) = (server, server)
            var results: [String] = []
            for isInterrupted in [false, true] {
                let typing = StatementTyping(sql: sql, parameters: parameters)
                var result: String?
                while result == nil {
                    guard case .search(let turn) = typing.begin(now: now) else {
                        if case .known(let statement) = typing.begin(now: now) { result = "\(statement)" }
                        break
                    }
                    while result == nil, !isInterrupted || Int.random(in: 0..<3, using: &random) > 0 {
                        let answer = isInterrupted ? counted.prepare(turn.statement) : plain.prepare(turn.statement)
                        let step =
                            switch answer {
                            case .success(let oids): turn.described(oids, now: now)
                            case .failure(let error): turn.refused(error, now: now)
                            }
                        switch step {
                        case .prepare: break
                        case .chosen(let statement): result = "\(statement)"
                        case .failed(let error): result = "\(error)"
                        }
                    }
                }
                results.append(result ?? "nothing")
            }
            #expect(results[0] == results[1], "\(sql) \(seed)")
            #expect(plain.prepared == counted.prepared, "\(sql) \(seed)")
            #expect(plain.prepared <= ParameterTypeSearch.limit + 1, "\(sql) \(seed)")
        }
    }

    @Test(arguments: [1, 3, 8, 30])
    func aSearchEndsAfterABoundedNumberOfStatements(count: Int) {
        let parameters = Array(repeating: ParameterTypeCandidates([.int8, .int4, nil]), count: count)
        let sql = (1...count).map { "f($\($0), $\($0))" }.joined(separator: ", ")
        var search = ParameterTypeSearch(sql: sql, parameters: parameters)
        _ = search.begin()
        var prepared = 1
        while case .prepare = search.refused(error("no")) { prepared += 1 }
        #expect(prepared <= ParameterTypeSearch.limit)
    }

    // MARK: - With a server

    @Test func whileOneSearchesOthersWaitWithinTheirDeadlinesAndOneOfThemContinues() async throws {
        let server = try PostgresServer.shared.get()
        let oracle = try Oracle(server.url)
        let watch = try Oracle(server.url)
        try oracle.value("DROP TABLE IF EXISTS st_locked; CREATE TABLE st_locked AS SELECT 1 AS id, 'x' AS name")
        try oracle.value("BEGIN")
        try oracle.value("LOCK TABLE st_locked IN ACCESS EXCLUSIVE MODE")
        try await withClient(server.url) {
            $0.applicationName = "typing-tests"
            $0.maximumConnections = 8
        } _: { client in
            let statement = PostgresStatement(
                sql: "SELECT id FROM st_locked WHERE substr(name, $1) = $2",
                parameters: [ParameterTypeCandidates([.int8, .int4, nil]), ParameterTypeCandidates([nil, .text])],
                shape: .many
            )
            @Sendable func ask(_ deadline: NIODeadline) async throws(PostgresError) -> String? {
                var values = PostgresParameters()
                values.append("1")
                values.append("x")
                return try await client.query(statement, values, deadline: deadline).body.map { String(buffer: $0) }
            }
            @Sendable func codes(_ deadline: NIODeadline) async -> PostgresError.Code? {
                do {
                    _ = try await ask(deadline)
                    return nil
                } catch {
                    return error.code
                }
            }
            let blocked =
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'typing-tests' AND wait_event_type = 'Lock'"
            let first = Task { await codes(.seconds(1000)) }
            #expect(try await watch.waits(for: "1", of: blocked))
            let others = (0..<5).map { _ in Task { try await ask(.seconds(1000)) } }
            #expect(await codes(.now() + .milliseconds(200)) == .deadlineExceeded)
            #expect(try watch.value(blocked) == "1")
            let cancelled = Task { await codes(.seconds(1000)) }
            cancelled.cancel()
            #expect(await cancelled.value == .cancelled)
            first.cancel()
            #expect(await first.value == .cancelled)
            // Another one has taken over, and no more than one.
            #expect(try await watch.waits(for: "1", of: blocked))
            try oracle.value("ROLLBACK")
            for task in others { #expect(try await task.value == #"[{"id":1}]"#) }
        }
        try oracle.value("DROP TABLE st_locked")
    }
}
