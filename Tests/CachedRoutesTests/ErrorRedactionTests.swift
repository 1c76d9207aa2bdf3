import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("An error of a handler in the log")
struct ErrorRedactionTests {
    private enum Plain: Error { case notReady }
    private enum Full: Error { case taken(email: String), late(Int) }
    private enum Worded: Error, CustomStringConvertible {
        case taken
        var description: String { "a@b.example is taken" }
    }
    private struct Taken: Error { let email: String }

    @Test(
        "is its type and case, without values",
        arguments: [
            (Plain.notReady as any Error, "Plain.notReady"), (Full.taken(email: "a@b.example"), "Full.taken"),
            (Full.late(7), "Full.late"), (Worded.taken, "Worded"), (Taken(email: "a@b.example"), "Taken"),
        ]
    )
    func name(error: any Error, name: String) {
        #expect(ErrorRedaction.name(error) == name)
    }
}
