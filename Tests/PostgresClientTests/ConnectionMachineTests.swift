import NIOCore
import Testing

@testable import PostgresClient

@Suite struct ConnectionMachineTests {
    private let statement = PostgresStatement(sql: "SELECT 1 AS a", shape: .many)
    private let described = StatementDescription(columns: [.init(name: "a", typeOID: 23)], parameterOIDs: [])

    /// An action in a few words.
    private func words(_ action: ConnectionMachine.Action) -> String {
        switch action {
        case .wait: "wait"
        case .send(.prepare(let name, let sql, let types)):
            "prepare \(name) \(sql.hasPrefix("SELECT 1") ? "" : "wrapped ")\(types)"
        case .send(.describe(let name)): "describe \(name)"
        case .send(.execute(let name)): "execute \(name)"
        case .send(.deallocate(let name)): "deallocate \(name)"
        case .send(.rollback): "rollback"
        case .encode: "encode"
        case .fail(let error): "fail \(error.sqlState ?? "\(error.code)")"
        case .cancel: "cancel"
        case .settle: "settle"
        case .release: "release"
        case .close: "close"
        }
    }

    private func error(_ sqlState: String) -> ConnectionMachine.Outcome {
        .failed(PostgresError(.server(sqlState: sqlState), "no"))
    }

    /// A machine that has run the statement once.
    private func warm() -> ConnectionMachine {
        var machine = ConnectionMachine(maximumPreparedStatements: 2, namePrefix: "s")
        #expect(words(machine.start(statement, parameterCount: 0)) == "prepare s1 []")
        #expect(words(machine.completed(.done)) == "describe s1")
        #expect(words(machine.completed(.described(described))) == "execute s1")
        #expect(words(machine.completed(.rows)) == "encode")
        #expect(words(machine.answered(.idle)) == "release")
        return machine
    }

    @Test func aStatementIsPreparedOnceAndThenOnlyRun() {
        var machine = warm()
        #expect(words(machine.start(statement, parameterCount: 0)) == "execute s1")
        #expect(words(machine.completed(.rows)) == "encode")
        #expect(words(machine.answered(.idle)) == "release")
        #expect(machine.isIdle)
    }

    @Test(arguments: ["42P18", "42P08", "42725"])
    func typesThatCannotBeInferredAreDeclared(sqlState: String) {
        let statement = PostgresStatement(sql: "SELECT 1", parameterTypes: [.int8, nil, .text], shape: .many)
        var machine = ConnectionMachine(maximumPreparedStatements: 2, namePrefix: "s")
        _ = machine.start(statement, parameterCount: 3)
        #expect(words(machine.completed(error(sqlState))) == "prepare s1 [20, 0, 25]")
        #expect(words(machine.completed(error(sqlState))) == "fail \(sqlState)")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func columnsWithoutARuleMakeAWrappedStatementAndTheFirstOneIsDroppedLater() {
        var machine = ConnectionMachine(maximumPreparedStatements: 2, namePrefix: "s")
        _ = machine.start(statement, parameterCount: 1)
        _ = machine.completed(.done)
        let odd = StatementDescription(columns: [.init(name: "a", typeOID: 99_999)], parameterOIDs: [23])
        #expect(words(machine.completed(.described(odd))) == "prepare s2 wrapped [23]")
        #expect(words(machine.completed(.done)) == "describe s2")
        let json = StatementDescription(columns: [.init(name: "a", typeOID: 114)], parameterOIDs: [23])
        #expect(words(machine.completed(.described(json))) == "execute s2")
        _ = machine.completed(.rows)
        _ = machine.answered(.idle)
        let other = PostgresStatement(sql: "SELECT 1", shape: .many)
        #expect(words(machine.start(other, parameterCount: 0)) == "deallocate s1")
        #expect(words(machine.completed(.done)) == "prepare s3 []")
    }

    @Test func anUnwantedStatementThatIsMissingDoesNotKeepTheOthersFromBeingDropped() {
        var machine = ConnectionMachine(maximumPreparedStatements: 1, namePrefix: "s")
        _ = machine.start(statement, parameterCount: 0)
        _ = machine.completed(.done)
        _ = machine.completed(.described(described))
        _ = machine.completed(.rows)
        _ = machine.answered(.idle)
        let odd = StatementDescription(columns: [.init(name: "a", typeOID: 99_999)], parameterOIDs: [])
        let json = StatementDescription(columns: [.init(name: "a", typeOID: 114)], parameterOIDs: [])
        _ = machine.start(PostgresStatement(sql: "SELECT 1", shape: .many), parameterCount: 0)
        _ = machine.completed(.done)
        _ = machine.completed(.described(odd))
        _ = machine.completed(.done)
        #expect(words(machine.completed(.described(json))) == "execute s3")
        _ = machine.completed(.rows)
        _ = machine.answered(.idle)
        let last = PostgresStatement(sql: "SELECT 1", shape: .many)
        #expect(words(machine.start(last, parameterCount: 0)) == "deallocate s2")
        #expect(words(machine.completed(error("26000"))) == "deallocate s1")
        #expect(words(machine.completed(.done)) == "prepare s4 []")
    }

    @Test func anErrorOverAWrappedStatementNamesNoPlaceInIt() {
        var machine = ConnectionMachine(maximumPreparedStatements: 1, namePrefix: "s")
        _ = machine.start(statement, parameterCount: 0)
        _ = machine.completed(.done)
        let odd = StatementDescription(columns: [.init(name: "a", typeOID: 99_999)], parameterOIDs: [])
        _ = machine.completed(.described(odd))
        var error = PostgresError(.server(sqlState: "42601"), "syntax error")
        error.position = 30
        guard case .fail(let reported) = machine.completed(.failed(error)) else {
            Issue.record("the error is the answer")
            return
        }
        #expect(reported.sqlState == "42601" && reported.position == nil)
    }

    @Test(arguments: ["0A000", "26000"])
    func anOutdatedStatementIsPreparedAgainOnce(sqlState: String) {
        var machine = warm()
        _ = machine.start(statement, parameterCount: 0)
        var action = machine.completed(error(sqlState))
        if sqlState == "0A000" {
            #expect(words(action) == "deallocate s1")
            action = machine.completed(.done)
        }
        #expect(words(action) == "prepare s2 []")
        _ = machine.completed(.done)
        #expect(words(machine.completed(.described(described))) == "execute s2")
        #expect(words(machine.completed(error(sqlState))) == "fail \(sqlState)")
    }

    @Test func anotherErrorIsTheAnswerAndTheStatementStays() {
        var machine = warm()
        _ = machine.start(statement, parameterCount: 0)
        #expect(words(machine.completed(error("22012"))) == "fail 22012")
        #expect(words(machine.answered(.idle)) == "release")
        #expect(words(machine.start(statement, parameterCount: 0)) == "execute s1")
    }

    @Test func anOpenTransactionIsRolledBackAndAnUnknownStateEndsTheConnection() {
        var machine = warm()
        _ = machine.start(statement, parameterCount: 0)
        _ = machine.completed(.rows)
        #expect(words(machine.answered(.inTransaction)) == "rollback")
        #expect(words(machine.completed(.done)) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
        _ = machine.start(statement, parameterCount: 0)
        _ = machine.completed(.rows)
        #expect(words(machine.answered(.unknown)) == "close")
    }

    @Test func anAbandonedStatementEndsWhenBothItsResultsAndTheCancelAreThrough() {
        var machine = warm()
        _ = machine.start(statement, parameterCount: 0)
        #expect(words(machine.abandon()) == "cancel")
        #expect(words(machine.completed(error("57014"))) == "wait")
        #expect(machine.isDraining)
        #expect(words(machine.cancelReturned()) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
        _ = machine.start(statement, parameterCount: 0)
        #expect(words(machine.abandon()) == "cancel")
        #expect(words(machine.cancelReturned()) == "wait")
        #expect(words(machine.completed(.rows)) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func aStatementAbandonedWhileItIsPreparedIsDroppedLater() {
        var machine = warm()
        let other = PostgresStatement(sql: "SELECT 1", shape: .many)
        _ = machine.start(other, parameterCount: 0)
        _ = machine.abandon()
        _ = machine.completed(.done)
        _ = machine.cancelReturned()
        _ = machine.answered(.idle)
        #expect(words(machine.start(other, parameterCount: 0)) == "deallocate s2")
    }

    @Test func anAnswerAbandonedWhileItIsEncodedNeedsNoCancel() {
        var machine = warm()
        _ = machine.start(statement, parameterCount: 0)
        _ = machine.completed(.rows)
        #expect(words(machine.abandon()) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func theLeastRecentlyUsedStatementGivesWay() {
        var machine = warm()
        let others = (0..<2).map { _ in PostgresStatement(sql: "SELECT 1", shape: .many) }
        for other in others {
            _ = machine.start(statement, parameterCount: 0)
            _ = machine.completed(.rows)
            _ = machine.answered(.idle)
            _ = machine.start(other, parameterCount: 0)
            _ = machine.completed(.done)
            _ = machine.completed(.described(described))
            _ = machine.completed(.rows)
            _ = machine.answered(.idle)
        }
        #expect(words(machine.start(statement, parameterCount: 0)) == "execute s1")
        _ = machine.completed(.rows)
        _ = machine.answered(.idle)
        #expect(words(machine.start(others[0], parameterCount: 0)) == "deallocate s2")
    }

    @Test func aWrongNumberOfParametersIsNotSent() {
        var machine = warm()
        #expect(words(machine.start(statement, parameterCount: 2)) == "fail invalidParameter")
        #expect(words(machine.answered(.idle)) == "release")
    }
}

@Suite struct SQLWrapperTests {
    @Test(
        arguments: [
            ("SELECT 1;", "SELECT 1"), ("SELECT 1 ; ; -- x", "SELECT 1"), ("SELECT ';' ;", "SELECT ';'"),
            ("SELECT 'it''s;' -- ;\n;", "SELECT 'it''s;'"), (#"SELECT E'\';';"#, #"SELECT E'\';'"#),
            (#"SELECT '\';"#, #"SELECT '\'"#),
            (#"SELECT E'a''\';' ;"#, #"SELECT E'a''\';'"#), (#"SELECT "a;""b" ;"#, #"SELECT "a;""b""#),
            ("SELECT $$;$$;", "SELECT $$;$$"), ("SELECT $a$ $$; $b$; $a$;", "SELECT $a$ $$; $b$; $a$"),
            ("SELECT $1;", "SELECT $1"), ("SELECT a$b;", "SELECT a$b"), ("SELECT 1 /* ; /* ; */ ; */;", "SELECT 1"),
            ("SELECT E'a'\n'b\\'; --' ;", "SELECT E'a'\n'b\\'; --'"),
            ("SELECT E'a' -- '\n  -- '\n 'b\\';' ;", "SELECT E'a' -- '\n  -- '\n 'b\\';'"),
            ("SELECT E'a'\n; -- b", "SELECT E'a'"), ("SELECT 'a'\n'b\\';", "SELECT 'a'\n'b\\'"),
            ("SELECT 1 - -1", "SELECT 1 - -1"), ("SELECT 4 / 2 -- x", "SELECT 4 / 2"), ("SELECT 1", "SELECT 1"),
        ])
    func theEndOfAStatementIsFound(sql: String, expected: String) {
        #expect(SQLWrapper.withoutEnd(sql) == expected)
    }
}
