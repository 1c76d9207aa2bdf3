import Synchronization
import Testing

@testable import PostgresClient

/// A lock beside what a server says, without a server.
@Suite struct StatementExpectationTests {
    private static let int8: UInt32 = 20
    private static let text: UInt32 = 25
    private static let numeric: UInt32 = 1700
    private static let userType: UInt32 = 16_402

    private func difference(
        _ parameters: [String] = [],
        _ columns: [(String, String)],
        from described: [(String, UInt32)],
        _ parameterOIDs: [UInt32] = []
    ) -> String? {
        StatementExpectation(parameters: parameters, columns: columns.map { .init($0, $1) }, report: { _ in })
            .difference(
                from: StatementDescription(
                    columns: described.map { .init(name: $0, typeOID: $1) },
                    parameterOIDs: parameterOIDs
                )
            )
    }

    @Test func whatIsAsTheLockSaysIsNoDifference() {
        #expect(difference([], from: []) == nil)
        #expect(
            difference(
                ["bigint", "text[]"],
                [("id", "bigint"), ("state", "public.order_state"), ("at", "timestamp with time zone")],
                from: [("id", Self.int8), ("state", Self.userType), ("at", 1184)],
                [Self.int8, 1009]
            ) == nil
        )
        // Two columns of one name are a fault of the statement, and none of the lock.
        #expect(difference([("a", "text"), ("a", "bigint")], from: [("a", Self.text), ("a", Self.int8)]) == nil)
    }

    @Test func typesDiffer() {
        #expect(
            difference([("id", "bigint"), ("total", "numeric")], from: [("id", Self.int8), ("total", Self.int8)])
                == "column total is bigint, not numeric"
        )
        #expect(
            difference([("a", "text"), ("b", "text")], from: [("a", 1009), ("b", 1043)])
                == "column a is text[], not text; column b is character varying, not text"
        )
    }

    @Test func aTypeOfTheUsersIsAnyTypeThatServersDoNotShare() {
        #expect(difference([("a", "public.mood")], from: [("a", Self.userType + 7)]) == nil)
        // The types that initdb makes have numbers of their own on each server, too.
        #expect(difference([("a", "information_schema.yes_or_no[]")], from: [("a", 13_233)]) == nil)
        #expect(
            difference([("a", "public.mood")], from: [("a", Self.text)]) == "column a is text, not public.mood"
        )
        #expect(
            difference([("a", "text")], from: [("a", Self.userType)])
                == "column a is a type of the database's own, not text"
        )
    }

    @Test func aParameterOfADomainIsNoDifference() {
        #expect(difference(["text"], [], from: [], [Self.userType]) == nil)
        #expect(difference(["text"], [], from: [], [Self.int8]) == "parameter $1 is bigint, not text")
    }

    @Test func columnsComeGoAndChangePlaces() {
        let locked = [("id", "bigint"), ("total", "numeric")]
        #expect(
            difference(locked, from: [("id", Self.int8), ("total", Self.numeric), ("note", Self.text)])
                == "column note is new"
        )
        #expect(difference(locked, from: [("total", Self.numeric)]) == "column id is missing")
        #expect(
            difference(locked, from: [("id", Self.int8), ("sum", Self.numeric)])
                == "column total is missing; column sum is new"
        )
        #expect(
            difference(locked, from: [("note", Self.text), ("id", Self.text), ("total", Self.numeric)])
                == "column id is text, not bigint; column note is new"
        )
        #expect(
            difference(locked, from: [("total", Self.numeric), ("id", Self.int8)])
                == "the columns are in another order, or others are there twice"
        )
        // The server distinguishes what Unicode considers equal.
        #expect(difference([("\u{e9}", "text")], from: [("e\u{301}", Self.text)]) != nil)
    }

    @Test func parametersDiffer() {
        #expect(
            difference(["bigint", "text"], [], from: [], [Self.int8, Self.numeric])
                == "parameter $2 is numeric, not text"
        )
        #expect(difference(["bigint"], [], from: [], [Self.int8, 25]) == "2 parameters are sent, not 1")
        #expect(
            difference(["bigint"], [("a", "text")], from: [("a", Self.int8)], [])
                == "column a is bigint, not text; 0 parameters are sent, not 1"
        )
    }

    @Test func onlyTheFirstDifferencesAreTold() {
        let columns = (1...8).map { "c\($0)" }
        #expect(
            difference(columns.map { ($0, "text") }, from: columns.map { ($0, Self.int8) })
                == "column c1 is bigint, not text; column c2 is bigint, not text; column c3 is bigint, not text; "
                + "column c4 is bigint, not text; column c5 is bigint, not text; and 3 more"
        )
    }

    private func difference(_ columns: [(String, String)], from described: [(String, UInt32)]) -> String? {
        difference([], columns, from: described)
    }

    /// A statement whose only column is locked as `type`, and its reports.
    private func statement(_ type: String) -> (PostgresStatement, Reports) {
        let reports = Reports()
        let statement = PostgresStatement(
            sql: "SELECT 1 AS a",
            parameters: [],
            shape: .many,
            concurrency: .unlimited,
            expectation: StatementExpectation(parameters: [], columns: [.init("a", type)], report: reports.add)
        )
        return (statement, reports)
    }

    /// Describes the statement to a connection's state machine, which asks for a wrapped one as well if it needs it.
    private func prepare(_ statement: PostgresStatement, _ described: UInt32) {
        var machine = PostgresConnectionStateMachine(maximumPreparedStatements: 2, namePrefix: "s")
        _ = machine.start(statement, parameterCount: 0, access: .read(findsPosition: false))
        _ = machine.completed(.done)
        let description = StatementDescription(columns: [.init(name: "a", typeOID: described)], parameterOIDs: [])
        guard case .send(.prepare) = machine.completed(.described(description)) else { return }
        _ = machine.completed(.done)
        let json = StatementDescription(columns: [.init(name: "a", typeOID: 114)], parameterOIDs: [])
        guard case .execute = machine.completed(.described(json)) else {
            Issue.record("the wrapped statement is executed")
            return
        }
    }

    @Test func theStatementItselfIsComparedAndNotTheOneThatConvertsItsColumns() {
        let (statement, reports) = statement("public.mood")
        prepare(statement, Self.userType)
        #expect(reports.all == [])
    }

    @Test func oneReportIsMadeForAllConnections() {
        let (statement, reports) = statement("numeric")
        prepare(statement, Self.int8)
        prepare(statement, Self.text)
        prepare(statement, Self.userType)
        #expect(reports.all == ["column a is bigint, not numeric"])
    }
}

/// What was reported.
final class Reports: Sendable {
    private let kept = Mutex<[String]>([])

    var all: [String] { kept.withLock { $0 } }

    @Sendable func add(_ report: String) { kept.withLock { $0.append(report) } }
}
