import NIOCore
import Synchronization
import Testing

@testable import PostgresClient

@Suite struct PostgresConnectionStateMachineTests {
    private let statement = PostgresStatement(sql: "SELECT 1 AS a", shape: .many)
    private let described = StatementDescription(columns: [.init(name: "a", typeOID: 23)], parameterOIDs: [])

    /// An action in a few words.
    private func words(_ action: PostgresConnectionStateMachine.Action) -> String {
        switch action {
        case .wait: "wait"
        case .send(.limit(let milliseconds)): "limit \(milliseconds.map(String.init) ?? "-")"
        case .send(.prepare(let name, let sql, let types)):
            "prepare \(name) \(sql.hasPrefix("SELECT 1") ? "" : "wrapped ")\(types)"
        case .send(.describe(let name)): "describe \(name)"
        case .send(.deallocate(let name)): "deallocate \(name)"
        case .send(.rollback): "rollback"
        case .send(.commit): "commit"
        case .send(.releaseSavepoint): "release savepoint"
        case .decide: "decide"
        case .send(.begin(let sql)): sql
        case .send(.locate): "locate"
        case .execute(.execute(let name), _): "execute \(name)"
        case .execute(.executeUnnamed(let sql, let types), _):
            "run \(sql.hasPrefix("SELECT 1") ? "" : "wrapped ")\(types)"
        case .send(.execute), .send(.executeUnnamed), .execute: "nonsense"
        case .prepared: "prepared"
        case .answer: "answer"
        case .fail(let error): "fail \(error.sqlState ?? "\(error.code)")"
        case .cancel: "cancel"
        case .drain: "drain"
        case .settle: "settle"
        case .release: "release"
        case .close: "close"
        }
    }

    private func start(
        _ machine: inout PostgresConnectionStateMachine,
        _ statement: PostgresStatement,
        _ parameterCount: Int,
        _ access: StatementAccess = .read(findsPosition: false)
    ) -> PostgresConnectionStateMachine.Action {
        machine.start(statement, parameterCount: parameterCount, access: access)
    }

    private func error(_ sqlState: String) -> PostgresConnectionStateMachine.Outcome {
        .failed(PostgresError(.server(sqlState: sqlState), "no"))
    }

    /// A machine that has run the statement once.
    private func warm() -> PostgresConnectionStateMachine {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        #expect(words(start(&machine, statement, 0)) == "prepare s1 []")
        #expect(words(machine.completed(.done)) == "describe s1")
        #expect(words(machine.completed(.described(described))) == "execute s1")
        #expect(words(machine.completed(.done)) == "answer")
        #expect(words(machine.answered(.idle)) == "release")
        return machine
    }

    @Test func aStatementIsPreparedOnceAndThenOnlyRun() {
        var machine = warm()
        #expect(words(start(&machine, statement, 0)) == "execute s1")
        #expect(words(machine.completed(.done)) == "answer")
        #expect(words(machine.answered(.idle)) == "release")
        #expect(machine.isIdle)
    }

    @Test func aStatementThatIsOnlyPreparedIsNotRunAndIsThereForTheNextOne() {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        let two = StatementDescription(columns: described.columns, parameterOIDs: [20, 25])
        // The number of values is not known then.
        #expect(words(start(&machine, statement, 0, .preparing)) == "prepare s1 []")
        #expect(words(machine.completed(.done)) == "describe s1")
        #expect(words(machine.completed(.described(two))) == "prepared")
        #expect(words(machine.answered(.idle)) == "release")
        #expect(words(start(&machine, statement, 0, .preparing)) == "prepared")
        #expect(words(machine.answered(.idle)) == "release")
        #expect(words(start(&machine, statement, 2)) == "execute s1")
    }

    @Test func aWrappedStatementIsPreparedAsWell() {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        _ = start(&machine, statement, 0, .preparing)
        _ = machine.completed(.done)
        let odd = StatementDescription(columns: [.init(name: "a", typeOID: 99_999)], parameterOIDs: [23])
        #expect(words(machine.completed(.described(odd))) == "prepare s2 wrapped [23]")
        #expect(words(machine.completed(.done)) == "describe s2")
        let json = StatementDescription(columns: [.init(name: "a", typeOID: 114)], parameterOIDs: [23])
        #expect(words(machine.completed(.described(json))) == "prepared")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func aStatementThatIsOnlyPreparedFailsAsOneThatIsRun() {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        _ = start(&machine, statement, 0, .preparing)
        guard case .fail(let refused) = machine.completed(error("42P01")) else {
            Issue.record("the error is the answer")
            return
        }
        #expect(refused.isFromPreparing && refused.sqlState == "42P01")
        #expect(words(machine.answered(.idle)) == "release")
        _ = start(&machine, statement, 0, .preparing)
        #expect(words(machine.abandon()) == "cancel")
    }

    @Test func withoutNamedStatementsATransactionThatReadsIsRolledBackAfterIt() {
        var machine = PostgresConnectionStateMachine(
            maximumPreparedStatements: 2,
            namePrefix: "s",
            statements: .unnamed
        )
        #expect(words(start(&machine, statement, 0, .preparing)).hasPrefix("BEGIN READ ONLY; SET LOCAL"))
        #expect(words(machine.completed(.done)) == "prepare  []")
        #expect(words(machine.completed(.done)) == "describe ")
        #expect(words(machine.completed(.described(described))) == "prepared")
        #expect(words(machine.answered(.inTransaction)) == "rollback")
        #expect(words(machine.completed(.done)) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
        #expect(words(start(&machine, statement, 0, .preparing)) == "prepared")
    }

    @Test(arguments: ["42P18", "42P08", "42725"])
    func typesThatCannotBeInferredAreDeclared(sqlState: String) {
        let statement = PostgresStatement(sql: "SELECT 1, $1", parameterTypes: [.int8], shape: .many)
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        #expect(words(start(&machine, statement, 1)) == "prepare s1 []")
        #expect(words(machine.completed(error(sqlState))) == "prepare s2 [20]")
        #expect(words(machine.completed(error(sqlState))) == "fail \(sqlState)")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func columnsWithoutARuleMakeAWrappedStatementAndTheFirstOneIsDroppedLater() {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        _ = start(&machine, statement, 1)
        _ = machine.completed(.done)
        let odd = StatementDescription(columns: [.init(name: "a", typeOID: 99_999)], parameterOIDs: [23])
        #expect(words(machine.completed(.described(odd))) == "prepare s2 wrapped [23]")
        #expect(words(machine.completed(.done)) == "describe s2")
        let json = StatementDescription(columns: [.init(name: "a", typeOID: 114)], parameterOIDs: [23])
        #expect(words(machine.completed(.described(json))) == "execute s2")
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        let other = PostgresStatement(sql: "SELECT 1", shape: .many)
        #expect(words(start(&machine, other, 0)) == "deallocate s1")
        #expect(words(machine.completed(.done)) == "prepare s3 []")
    }

    @Test func anUnwantedStatementThatIsMissingDoesNotKeepTheOthersFromBeingDropped() {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 1, namePrefix: "s")
        _ = start(&machine, statement, 0)
        _ = machine.completed(.done)
        _ = machine.completed(.described(described))
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        let odd = StatementDescription(columns: [.init(name: "a", typeOID: 99_999)], parameterOIDs: [])
        let json = StatementDescription(columns: [.init(name: "a", typeOID: 114)], parameterOIDs: [])
        _ = start(&machine, PostgresStatement(sql: "SELECT 1", shape: .many), 0)
        _ = machine.completed(.done)
        _ = machine.completed(.described(odd))
        _ = machine.completed(.done)
        #expect(words(machine.completed(.described(json))) == "execute s3")
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        let last = PostgresStatement(sql: "SELECT 1", shape: .many)
        #expect(words(start(&machine, last, 0)) == "deallocate s2")
        #expect(words(machine.completed(error("26000"))) == "deallocate s1")
        #expect(words(machine.completed(.done)) == "prepare s4 []")
    }

    @Test func anErrorOverAWrappedStatementNamesNoPlaceInIt() {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 1, namePrefix: "s")
        _ = start(&machine, statement, 0)
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
        _ = start(&machine, statement, 0)
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

    @Test(arguments: ["XX000", "F0000", "2BP01", "3F000"])
    func anErrorThatMayComeFromSomethingMadeAgainIsLookedIntoOnceInAWhile(sqlState: String) {
        let clock = Mutex(NIODeadline.now())
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s") {
            clock.withLock { $0 }
        }
        _ = start(&machine, statement, 0)
        _ = machine.completed(.done)
        _ = machine.completed(.described(described))
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        func prepareAnew(_ old: String, _ new: String) {
            #expect(words(start(&machine, statement, 0)) == "execute \(old)")
            #expect(words(machine.completed(error(sqlState))) == "deallocate \(old)")
            #expect(words(machine.completed(.done)) == "prepare \(new) []")
            _ = machine.completed(.done)
            #expect(words(machine.completed(.described(described))) == "execute \(new)")
        }
        // It was that: the next time it may be so again.
        for number in 1...3 {
            prepareAnew("s\(number)", "s\(number + 1)")
            #expect(words(machine.completed(.done)) == "answer")
            _ = machine.answered(.idle)
        }
        // It was not.
        prepareAnew("s4", "s5")
        #expect(words(machine.completed(error(sqlState))) == "fail \(sqlState)")
        _ = machine.answered(.idle)
        for _ in 0..<3 {
            #expect(words(start(&machine, statement, 0)) == "execute s5")
            #expect(words(machine.completed(error(sqlState))) == "fail \(sqlState)")
            _ = machine.answered(.idle)
        }
        clock.withLock { $0 = $0 + .seconds(6) }
        prepareAnew("s5", "s6")
    }

    @Test(arguments: ["42704", "42P01", "3F000"])
    func aValueThatNamesNothingIsTheAnswerUnlessItsTypeHasChanged(sqlState: String) {
        var unread = PostgresError(.server(sqlState: sqlState), sqlState)
        unread.parameter = 0
        let first = StatementDescription(columns: described.columns, parameterOIDs: [3734])
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        _ = start(&machine, statement, 1)
        _ = machine.completed(.done)
        _ = machine.completed(.described(first))
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        _ = start(&machine, statement, 1)
        #expect(words(machine.completed(.failed(unread))) == "deallocate s1")
        _ = machine.completed(.done)
        #expect(words(machine.completed(.done)) == "describe s2")
        #expect(words(machine.completed(.described(first))) == "fail \(sqlState)")
        _ = machine.answered(.idle)
        // Many such values cost nothing.
        #expect(words(start(&machine, statement, 1)) == "execute s2")
        #expect(words(machine.completed(.failed(unread))) == "fail \(sqlState)")
    }

    @Test(arguments: ["21000", "23505", "40001", "42501", "53200", "55P03", "57014", "58030", "P0001"])
    func anErrorThatSaysEnoughIsLookedIntoNoFurther(sqlState: String) {
        var machine = warm()
        _ = start(&machine, statement, 0)
        if sqlState == "42501" {
            // Rights may be of a table that was made again.
            #expect(words(machine.completed(error(sqlState))) == "deallocate s1")
        } else {
            #expect(words(machine.completed(error(sqlState))) == "fail \(sqlState)")
        }
    }

    @Test func anotherErrorIsTheAnswerAndTheStatementStays() {
        var machine = warm()
        _ = start(&machine, statement, 0)
        #expect(words(machine.completed(error("22012"))) == "fail 22012")
        #expect(words(machine.answered(.idle)) == "release")
        #expect(words(start(&machine, statement, 0)) == "execute s1")
    }

    @Test func anOpenTransactionIsRolledBackAndAnUnknownStateEndsTheConnection() {
        var machine = warm()
        _ = start(&machine, statement, 0)
        _ = machine.completed(.done)
        #expect(words(machine.answered(.inTransaction)) == "rollback")
        #expect(words(machine.completed(.done)) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
        _ = start(&machine, statement, 0)
        _ = machine.completed(.done)
        #expect(words(machine.answered(.unknown)) == "close")
    }

    @Test func anAbandonedStatementEndsWhenBothItsResultsAndTheCancelAreThrough() {
        var machine = warm()
        _ = start(&machine, statement, 0)
        #expect(words(machine.abandon()) == "cancel")
        #expect(words(machine.completed(error("57014"))) == "wait")
        #expect(machine.isDraining)
        #expect(words(machine.cancelReturned()) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
        _ = start(&machine, statement, 0)
        #expect(words(machine.abandon()) == "cancel")
        #expect(words(machine.cancelReturned()) == "wait")
        #expect(words(machine.completed(.done)) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func aStatementAbandonedWhileItIsPreparedIsDroppedLater() {
        var machine = warm()
        let other = PostgresStatement(sql: "SELECT 1", shape: .many)
        _ = start(&machine, other, 0)
        _ = machine.abandon()
        _ = machine.completed(.done)
        _ = machine.cancelReturned()
        _ = machine.answered(.idle)
        #expect(words(start(&machine, other, 0)) == "deallocate s2")
    }

    @Test func anAnswerAbandonedWhileItIsEncodedNeedsNoCancel() {
        var machine = warm()
        _ = start(&machine, statement, 0)
        _ = machine.completed(.done)
        #expect(words(machine.abandon()) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func theLeastRecentlyUsedStatementGivesWay() {
        var machine = warm()
        let others = (0..<2).map { _ in PostgresStatement(sql: "SELECT 1", shape: .many) }
        for other in others {
            _ = start(&machine, statement, 0)
            _ = machine.completed(.done)
            _ = machine.answered(.idle)
            _ = start(&machine, other, 0)
            _ = machine.completed(.done)
            _ = machine.completed(.described(described))
            _ = machine.completed(.done)
            _ = machine.answered(.idle)
        }
        #expect(words(start(&machine, statement, 0)) == "execute s1")
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        #expect(words(start(&machine, others[0], 0)) == "deallocate s2")
    }

    @Test func aWrongNumberOfParametersIsNotSent() {
        var machine = warm()
        #expect(words(start(&machine, statement, 2)) == "fail invalidParameter")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func aValueThatDoesNotFitIsTheAnswerUnlessItsTypeHasChanged() {
        let integer = StatementDescription(columns: described.columns, parameterOIDs: [23])
        for type: UInt32 in [23, 20] {
            var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
            _ = start(&machine, statement, 1)
            _ = machine.completed(.done)
            _ = machine.completed(.described(integer))
            _ = machine.completed(.done)
            _ = machine.answered(.idle)
            #expect(words(start(&machine, statement, 1)) == "execute s1")
            #expect(words(machine.completed(error("22003"))) == "deallocate s1")
            #expect(words(machine.completed(.done)) == "prepare s2 []")
            #expect(words(machine.completed(.done)) == "describe s2")
            let now = StatementDescription(columns: described.columns, parameterOIDs: [type])
            #expect(words(machine.completed(.described(now))) == (type == 23 ? "fail 22003" : "execute s2"))
            if type != 23 { _ = machine.completed(.done) }
            _ = machine.answered(.idle)
            // What was prepared for that is used from now on.
            #expect(words(start(&machine, statement, 1)) == "execute s2")
        }
    }

    // MARK: - Writes

    private let write = StatementAccess.write(.serializable)
    private let begin = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"

    @Test func aWriteIsPreparedThenRunInATransactionAndAnsweredOnceItIsCommitted() {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        #expect(words(start(&machine, statement, 0, write)) == "prepare s1 []")
        #expect(words(machine.completed(.done)) == "describe s1")
        #expect(words(machine.completed(.described(described))) == begin)
        #expect(words(machine.completed(.done)) == "execute s1")
        #expect(!machine.isCommitting)
        #expect(words(machine.completed(.done)) == "commit")
        #expect(machine.isCommitting)
        #expect(words(machine.completed(.done)) == "answer")
        #expect(!machine.isCommitting)
        #expect(words(machine.answered(.idle)) == "release")
        #expect(words(start(&machine, statement, 0, .write(nil))) == "BEGIN READ WRITE")
    }

    @Test func aFailedWriteIsRolledBackAfterItsAnswer() {
        var machine = warm()
        _ = start(&machine, statement, 0, write)
        _ = machine.completed(.done)
        #expect(words(machine.completed(error("23505"))) == "fail 23505")
        #expect(words(machine.answered(.inTransaction)) == "rollback")
        #expect(words(machine.completed(.done)) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func rowsThatCanBeNoAnswerAreNotCommitted() {
        var machine = warm()
        _ = start(&machine, statement, 0, write)
        _ = machine.completed(.done)
        #expect(words(machine.completed(.unusable(PostgresError(.answerTooLarge, "")))) == "fail answerTooLarge")
        #expect(words(machine.answered(.inTransaction)) == "rollback")
    }

    @Test func aCommitThatFailsIsAnErrorAndLeavesNothingToRollBack() {
        var machine = warm()
        _ = start(&machine, statement, 0, write)
        _ = machine.completed(.done)
        _ = machine.completed(.done)
        #expect(words(machine.completed(error("23503"))) == "fail 23503")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func anOutdatedStatementInATransactionIsPreparedAgainOutsideIt() {
        var machine = warm()
        _ = start(&machine, statement, 0, write)
        #expect(words(machine.completed(.done)) == "execute s1")
        #expect(words(machine.completed(error("0A000"))) == "rollback")
        #expect(words(machine.completed(.done)) == "deallocate s1")
        #expect(words(machine.completed(.done)) == "prepare s2 []")
        #expect(words(machine.completed(.done)) == "describe s2")
        #expect(words(machine.completed(.described(described))) == begin)
        #expect(words(machine.completed(.done)) == "execute s2")
        #expect(words(machine.completed(error("0A000"))) == "fail 0A000")
    }

    @Test func aWriteAbandonedBeforeItsCommitIsRolledBackAndOneAbandonedInItMayBeCommitted() {
        var machine = warm()
        _ = start(&machine, statement, 0, write)
        _ = machine.completed(.done)
        #expect(words(machine.abandon()) == "cancel")
        #expect(!machine.isCommitting)
        _ = machine.completed(error("57014"))
        #expect(words(machine.cancelReturned()) == "settle")
        #expect(words(machine.answered(.inTransaction)) == "rollback")
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        _ = start(&machine, statement, 0, write)
        _ = machine.completed(.done)
        _ = machine.completed(.done)
        // A cancel would not undo it.
        #expect(words(machine.abandon()) == "drain")
        #expect(machine.isCommitting)
        #expect(words(machine.completed(.done)) == "settle")
        #expect(!machine.isCommitting)
        #expect(words(machine.answered(.idle)) == "release")
    }

    // MARK: - Writes under conditions

    private let condition = PostgresStatement(sql: "SELECT 1 AS b", shape: .many)
    private let conditionBegin =
        "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; SELECT 1; SAVEPOINT condition; SET TRANSACTION READ ONLY"

    private func startConditional(_ machine: inout PostgresConnectionStateMachine) -> String {
        words(machine.start(statement, parameterCount: 0, access: write, condition: (condition, 0)))
    }

    /// A machine that has prepared a write and its condition, and has both run once.
    private func warmConditional() -> PostgresConnectionStateMachine {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        #expect(startConditional(&machine) == "prepare s1 []")
        #expect(words(machine.completed(.done)) == "describe s1")
        #expect(words(machine.completed(.described(described))) == "prepare s2 []")
        #expect(words(machine.completed(.done)) == "describe s2")
        #expect(words(machine.completed(.described(described))) == conditionBegin)
        #expect(words(machine.completed(.done)) == "execute s2")
        #expect(machine.isAskingCondition)
        #expect(words(machine.completed(.done)) == "decide")
        #expect(words(machine.decided(true)) == "release savepoint")
        #expect(words(machine.completed(.done)) == "execute s1")
        #expect(!machine.isAskingCondition)
        #expect(words(machine.completed(.done)) == "commit")
        #expect(words(machine.completed(.done)) == "answer")
        #expect(words(machine.answered(.idle)) == "release")
        return machine
    }

    @Test func aConditionIsAskedReadOnlyInTheTransactionOfItsWrite() {
        var machine = warmConditional()
        #expect(startConditional(&machine) == conditionBegin)
        #expect(words(machine.completed(.done)) == "execute s2")
        #expect(words(machine.completed(.done)) == "decide")
        #expect(words(machine.decided(true)) == "release savepoint")
        #expect(words(machine.completed(.done)) == "execute s1")
        // The same write without a condition.
        _ = machine.completed(.done)
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        #expect(words(start(&machine, statement, 0, write)) == begin)
        #expect(words(machine.completed(.done)) == "execute s1")
    }

    private func conditionBegin(_ isolation: String, _ settings: String = "") -> String {
        "BEGIN ISOLATION LEVEL \(isolation) READ WRITE; \(settings)SHOW default_transaction_isolation; SELECT 1; "
            + "SAVEPOINT condition; SET TRANSACTION READ ONLY"
    }

    private func startUndeclared(_ machine: inout PostgresConnectionStateMachine) -> String {
        words(machine.start(statement, parameterCount: 0, access: .write(nil), condition: (condition, 0)))
    }

    @Test func withoutAnIsolationAConditionHasTheDefaultButRepeatableReadAtLeast() {
        var machine = warmConditional()
        func run(_ level: String, begins: String) {
            #expect(startUndeclared(&machine) == conditionBegin(begins))
            #expect(words(machine.completed(.begun(defaultIsolation: level))) == "execute s2")
            #expect(words(machine.completed(.done)) == "decide")
            #expect(words(machine.decided(true)) == "release savepoint")
            #expect(words(machine.completed(.done)) == "execute s1")
            #expect(words(machine.completed(.done)) == "commit")
            #expect(words(machine.completed(.done)) == "answer")
            #expect(words(machine.answered(.idle)) == "release")
        }
        run("read committed", begins: "REPEATABLE READ")
        run("read uncommitted", begins: "REPEATABLE READ")
        run("repeatable read", begins: "REPEATABLE READ")
        // The default has become higher: the transaction is begun anew, and from then on so at once.
        #expect(startUndeclared(&machine) == conditionBegin("REPEATABLE READ"))
        #expect(words(machine.completed(.begun(defaultIsolation: "serializable"))) == "rollback")
        #expect(words(machine.completed(.done)) == conditionBegin("SERIALIZABLE"))
        #expect(words(machine.completed(.begun(defaultIsolation: "serializable"))) == "execute s2")
        #expect(machine.isAskingCondition)
        #expect(words(machine.completed(.done)) == "decide")
        #expect(words(machine.decided(false)) == "fail conditionNotMet")
        #expect(words(machine.answered(.inTransaction)) == "rollback")
        #expect(words(machine.completed(.done)) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
        run("serializable", begins: "SERIALIZABLE")
        // It has become lower.
        #expect(startUndeclared(&machine) == conditionBegin("SERIALIZABLE"))
        #expect(words(machine.completed(.begun(defaultIsolation: "read committed"))) == "rollback")
        #expect(words(machine.completed(.done)) == conditionBegin("REPEATABLE READ"))
        #expect(words(machine.completed(.begun(defaultIsolation: "read committed"))) == "execute s2")
        _ = machine.completed(.done)
        _ = machine.decided(false)
        _ = machine.answered(.inTransaction)
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        run("read committed", begins: "REPEATABLE READ")
        // What is declared is asked of nobody.
        #expect(startConditional(&machine) == conditionBegin)
    }

    @Test func withoutNamesAConditionThatBeginsAnewIsPreparedInTheNewTransaction() {
        var machine = unnamed()
        #expect(startUndeclared(&machine) == conditionBegin("REPEATABLE READ", "\(localSettings); "))
        #expect(words(machine.completed(.begun(defaultIsolation: "serializable"))) == "rollback")
        #expect(words(machine.completed(.done)) == conditionBegin("SERIALIZABLE", "\(localSettings); "))
        #expect(words(machine.completed(.begun(defaultIsolation: "serializable"))) == "prepare  []")
        #expect(words(machine.completed(.done)) == "describe ")
        #expect(words(machine.completed(.described(described))) == "execute ")
        #expect(words(machine.completed(.done)) == "decide")
    }

    @Test func aWriteWhoseConditionIsNotMetIsNotRun() {
        var machine = warmConditional()
        _ = startConditional(&machine)
        _ = machine.completed(.done)
        _ = machine.completed(.done)
        #expect(words(machine.decided(false)) == "fail conditionNotMet")
        #expect(!machine.isAskingCondition)
        #expect(words(machine.answered(.inTransaction)) == "rollback")
        #expect(words(machine.completed(.done)) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
    }

    @Test func aWriteThatIsOutdatedAsksItsConditionAgainInTheNewTransaction() {
        var machine = warmConditional()
        _ = startConditional(&machine)
        _ = machine.completed(.done)
        _ = machine.completed(.done)
        _ = machine.decided(true)
        #expect(words(machine.completed(.done)) == "execute s1")
        #expect(words(machine.completed(error("0A000"))) == "rollback")
        #expect(words(machine.completed(.done)) == "deallocate s1")
        #expect(words(machine.completed(.done)) == "prepare s3 []")
        #expect(words(machine.completed(.done)) == "describe s3")
        #expect(words(machine.completed(.described(described))) == conditionBegin)
        #expect(words(machine.completed(.done)) == "execute s2")
        #expect(words(machine.completed(.done)) == "decide")
        #expect(words(machine.decided(false)) == "fail conditionNotMet")
    }

    @Test func aConditionThatIsOutdatedIsPreparedAgainOutsideTheTransaction() {
        var machine = warmConditional()
        _ = startConditional(&machine)
        _ = machine.completed(.done)
        #expect(words(machine.completed(error("0A000"))) == "rollback")
        #expect(words(machine.completed(.done)) == "deallocate s2")
        #expect(words(machine.completed(.done)) == "prepare s3 []")
        #expect(words(machine.completed(.done)) == "describe s3")
        #expect(words(machine.completed(.described(described))) == conditionBegin)
        #expect(words(machine.completed(.done)) == "execute s3")
        #expect(words(machine.completed(.done)) == "decide")
        #expect(words(machine.decided(true)) == "release savepoint")
        #expect(words(machine.completed(.done)) == "execute s1")
    }

    @Test func errorsSayWhetherTheyAreTheConditions() {
        for step in 0..<2 {
            var machine = warmConditional()
            _ = startConditional(&machine)
            _ = machine.completed(.done)
            if step == 1 {
                _ = machine.completed(.done)
                _ = machine.decided(true)
                _ = machine.completed(.done)
            }
            guard case .fail(let failure) = machine.completed(error("23505")) else {
                Issue.record("no error")
                return
            }
            #expect(failure.isFromCondition == (step == 0))
        }
    }

    @Test func aWriteWithoutRoomForItsConditionStaysPreparedUntilItIsRun() {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 1, namePrefix: "s")
        _ = startConditional(&machine)
        _ = machine.completed(.done)
        #expect(words(machine.completed(.described(described))) == "prepare s2 []")
        _ = machine.completed(.done)
        #expect(words(machine.completed(.described(described))) == conditionBegin)
        _ = machine.completed(.done)
        _ = machine.completed(.done)
        _ = machine.decided(true)
        #expect(words(machine.completed(.done)) == "execute s1")
        _ = machine.completed(.done)
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        #expect(startConditional(&machine) == "deallocate s1")
        #expect(words(machine.completed(.done)) == "prepare s3 []")
    }

    @Test func withoutNamesAConditionBeginsTheTransactionInWhichItsWriteIsPrepared() {
        var machine = unnamed()
        let begin =
            "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; \(localSettings); "
            + "SELECT 1; SAVEPOINT condition; SET TRANSACTION READ ONLY"
        #expect(startConditional(&machine) == begin)
        #expect(words(machine.completed(.done)) == "prepare  []")
        #expect(words(machine.completed(.done)) == "describe ")
        #expect(words(machine.completed(.described(described))) == "execute ")
        #expect(words(machine.completed(.done)) == "decide")
        #expect(words(machine.decided(true)) == "release savepoint")
        #expect(words(machine.completed(.done)) == "prepare  []")
        // What is prepared in a transaction is lost with it: the condition is asked again.
        #expect(words(machine.completed(error("42P18"))) == "fail 42P18")
        #expect(words(machine.answered(.inTransaction)) == "rollback")
    }

    // MARK: - Without names

    private func unnamed() -> PostgresConnectionStateMachine {
        PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s", statements: .unnamed)
    }

    private let localSettings = """
        SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; \
        SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = '1'; SET LOCAL standard_conforming_strings = 'on'
        """

    @Test func withoutNamesEveryQueryIsATransactionThatMakesItsSettings() {
        var machine = unnamed()
        #expect(words(start(&machine, statement, 0)) == "BEGIN READ ONLY; \(localSettings)")
        #expect(words(machine.completed(.done)) == "prepare  []")
        #expect(words(machine.completed(.done)) == "describe ")
        #expect(words(machine.completed(.described(described))) == "execute ")
        #expect(words(machine.completed(.done)) == "answer")
        #expect(words(machine.answered(.inTransaction)) == "rollback")
        #expect(words(machine.completed(.done)) == "settle")
        #expect(words(machine.answered(.idle)) == "release")
        // What is known of it is used the next time; what is prepared is not.
        #expect(words(start(&machine, statement, 0, write)) == "\(begin); \(localSettings)")
        #expect(words(machine.completed(.done)) == "run []")
        #expect(words(machine.completed(.done)) == "commit")
    }

    @Test func withoutNamesTypesThatCannotBeInferredAreDeclaredInANewTransaction() {
        let statement = PostgresStatement(sql: "SELECT 1", parameterTypes: [.int8], shape: .many)
        let described = StatementDescription(columns: [.init(name: "a", typeOID: 23)], parameterOIDs: [20])
        var machine = unnamed()
        _ = start(&machine, statement, 1)
        _ = machine.completed(.done)
        #expect(words(machine.completed(error("42P18"))) == "rollback")
        #expect(words(machine.completed(.done)) == "BEGIN READ ONLY; \(localSettings)")
        #expect(words(machine.completed(.done)) == "prepare  [20]")
        #expect(words(machine.completed(.done)) == "describe ")
        #expect(words(machine.completed(.described(described))) == "execute ")
        _ = machine.completed(.done)
        _ = machine.answered(.inTransaction)
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        _ = start(&machine, statement, 1)
        #expect(words(machine.completed(.done)) == "run [20]")
    }

    @Test func withoutNamesOtherColumnsThanPlannedBeginAnew() {
        var machine = unnamed()
        _ = start(&machine, statement, 0)
        _ = machine.completed(.done)
        _ = machine.completed(.done)
        _ = machine.completed(.described(described))
        _ = machine.completed(.done)
        _ = machine.answered(.inTransaction)
        _ = machine.completed(.done)
        _ = machine.answered(.idle)
        _ = start(&machine, statement, 0)
        #expect(words(machine.completed(.done)) == "run []")
        #expect(words(machine.completed(.mismatched)) == "rollback")
        #expect(words(machine.completed(.done)) == "BEGIN READ ONLY; \(localSettings)")
        #expect(words(machine.completed(.done)) == "prepare  []")
    }

    // MARK: - Positions

    @Test func aPositionIsFoundInACommandOfItsOwnBeforeTheStatementSeesAnything() {
        var machine = warm()
        #expect(words(start(&machine, statement, 0, .read(findsPosition: true))) == "locate")
        #expect(words(machine.completed(.done)) == "execute s1")
        var other = unnamed()
        let action = words(start(&other, statement, 0, .read(findsPosition: true)))
        #expect(action == "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; \(localSettings)")
        #expect(words(other.completed(.done)) == "locate")
        #expect(words(other.completed(.done)) == "prepare  []")
    }
}
