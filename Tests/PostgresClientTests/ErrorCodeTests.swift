import CachedRoutesCore
import Testing

@testable import CachedRoutesPostgres
@testable import PostgresClient

@Suite struct ErrorCodeTests {
    private static let codes: [(PostgresError.Code, name: String, RouteDatabaseError.Code)] = [
        (.invalidConfiguration, "invalidConfiguration", .failed), (.invalidParameter, "invalidParameter", .badValue),
        (.invalidStatement, "invalidStatement", .failed), (.answerTooLarge, "answerTooLarge", .failed),
        (.unavailable, "unavailable", .unavailable), (.tooManyWaiters, "tooManyWaiters", .overloaded),
        (.leaseTimeout, "leaseTimeout", .overloaded), (.deadlineExceeded, "deadlineExceeded", .deadlineExceeded),
        (.cancelled, "cancelled", .cancelled), (.connectionLost, "connectionLost", .unavailable),
        (.outcomeUnknown, "outcomeUnknown", .outcomeUnknown),
        (.conditionNotMet, "conditionNotMet", .preconditionFailed), (.shutDown, "shutDown", .unavailable),
        (.server(sqlState: "23505"), "server(sqlState: \"23505\")", .conflict),
        (.server(sqlState: "42P01"), "server(sqlState: \"42P01\")", .failed),
        (.server(sqlState: "25006"), "server(sqlState: \"25006\")", .failed),
    ]

    @Test func aCodeHasItsNameAndOneOfTheDatabase() {
        for (code, name, converted) in Self.codes {
            let error = PostgresError(code, "the reason")
            #expect(code.description == name)
            #expect(error.description == "\(name): the reason")
            let failure = RouteDatabaseError(error)
            #expect(failure.code == converted, "\(name)")
            #expect(failure.message == error.description)
            #expect(failure.description == error.description)
            #expect((failure.underlying as? PostgresError)?.code == code)
        }
        #expect(Set(Self.codes.map(\.0)).count == Self.codes.count)
    }

    @Test func theCodeOfAServersErrorHasItsSQLSTATE() {
        #expect(PostgresError(.server(sqlState: "40001"), "").sqlState == "40001")
        #expect(PostgresError(.unavailable, "").sqlState == nil)
        #expect(PostgresError.Code.server(sqlState: "40001") != .server(sqlState: "40P01"))
    }

    @Test(
        arguments: [
            ("host=h port=0", .invalidValue, "the connection string: port is not a whole number from 1 to 65535"),
            ("host=a,b,c port=1,2", .invalidConnection, "the connection string has 2 ports for 3 hosts"),
        ] as [(String, PostgresConfigurationError.Code, String)]
    )
    func aWrongValueHasACode(url: String, code: PostgresConfigurationError.Code, message: String) {
        let errors = PostgresConfiguration(url: url).connectionFaults()
        #expect(errors.map(\.code) == [code])
        #expect(errors.map(\.message) == [message])
        #expect(errors.map(\.description) == ["\(code): \(message)"])
    }
}
