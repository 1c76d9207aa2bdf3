import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("The public errors")
struct PublicErrorTests {
    private struct Cause: Error {}

    @Test("have a code, a message without it, and a description of both")
    func parts() {
        let errors: [(error: any Error & CustomStringConvertible, code: String, message: String)] = [
            (PurgeError.unknownRoute("books"), "unknownRoute", "no GET route is called 'books'"),
            (CachedRoutesConfigurationError(problems: ["a", "b"]), "invalidConfiguration", "a\nb"),
            (CachedRoutesConfigurationError(.invalidRoutes, problems: ["a"]), "invalidRoutes", "a"),
            (HandlerError(.notFound, "No such book."), "404", "No such book."),
            (HandlerError(status: 418, "I'm a teapot."), "418", "I'm a teapot."),
            (HandlerError(status: 200, "Fine."), "500", "Fine."),
        ]
        for (error, code, message) in errors { #expect(error.description == "\(code): \(message)") }
        #expect(PurgeError.unknownRoute("books").code == .unknownRoute)
        #expect(CachedRoutesConfigurationError(.invalidRoutes, problems: []).code == .invalidRoutes)
        #expect(HandlerError(status: 404, "") == HandlerError(.notFound, ""))
    }

    @Test(
        "The codes of handlers' errors have the statuses of their names",
        arguments: [
            (.badRequest, 400), (.unauthorized, 401), (.forbidden, 403), (.notFound, 404), (.conflict, 409),
            (.gone, 410), (.preconditionFailed, 412), (.unprocessableContent, 422), (.tooManyRequests, 429),
            (.internalServerError, 500), (.badGateway, 502), (.serviceUnavailable, 503), (.gatewayTimeout, 504),
        ] as [(HandlerError.Code, Int)]
    )
    func statuses(code: HandlerError.Code, status: Int) {
        #expect(code.status == status)
        #expect(code == HandlerError.Code(status: status))
        #expect(HandlerError(code, "").status == status)
    }

    @Test(
        "The codes of the database have their names",
        arguments: [
            (.unavailable, "unavailable"), (.overloaded, "overloaded"), (.deadlineExceeded, "deadlineExceeded"),
            (.cancelled, "cancelled"), (.outcomeUnknown, "outcomeUnknown"), (.contended, "contended"),
            (.preconditionFailed, "preconditionFailed"), (.badValue, "badValue"), (.conflict, "conflict"),
            (.forbidden, "forbidden"), (.refused, "refused"), (.failed, "failed"),
        ] as [(RouteDatabaseError.Code, String)]
    )
    func database(code: RouteDatabaseError.Code, name: String) {
        let error = RouteDatabaseError(code, "the reason", fullDescription: "with 'ann'", underlying: Cause())
        #expect(error.code == code)
        #expect(code.description == name)
        // The log has the reason alone, as the database's client words it.
        #expect(error.message == "the reason")
        #expect(error.description == "the reason")
        #expect(error.underlying is Cause)
        #expect(RouteDatabaseError.Code.Kind.allCases.count == 12)
    }

    @Test("The settings of the environment are spelled as before")
    func environment() {
        #expect(CachedRoutesConfiguration.Statements.allCases.map(\.description) == ["named", "unnamed"])
        #expect(CachedRoutesConfiguration.AfterRestart.allCases.map(\.description) == ["discard", "keep"])
        #expect(CachedRoutesConfiguration.Statements.allCases == [.named, .unnamed])
        #expect(CachedRoutesConfiguration.AfterRestart.allCases == [.discard, .keep])
    }
}
