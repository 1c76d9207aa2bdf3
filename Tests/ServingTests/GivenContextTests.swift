import CachedRoutesCore
import RouteServing
import Testing

@Suite struct GivenContextTests {
    @Test("Values of the field go before those for all requests, and are any text")
    func values() throws {
        let context = try GivenContext(
            field: "memberID=7&name=a%26b+c%C3%A9&empty=",
            over: ["memberID": "1", "role": "x"]
        )
        #expect(context.text(of: "memberID") == "7")
        #expect(context.text(of: "name") == "a&b cé")
        #expect(context.text(of: "empty") == "")
        #expect(context.text(of: "role") == "x")
        #expect(context.text(of: "other") == nil)
        #expect(try GivenContext(field: nil, over: ["a": "b"]).text(of: "a") == "b")
        #expect(GivenContext().text(of: "a") == nil)
    }

    @Test("A malformed field is a 400", arguments: ["a", "=b", "a=%", "a=%FF", "a=b&c"])
    func malformed(field: String) {
        let error = #expect(throws: HandlerError.self) { try GivenContext(field: field, over: [:]) }
        #expect(error?.status == 400)
    }
}
