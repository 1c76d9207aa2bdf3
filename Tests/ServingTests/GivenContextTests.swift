import CachedRoutesCore
import RouteServing
import Testing

@Suite struct GivenContextTests {
    @Test("Values of the field go before those for all requests, and are any text")
    func values() throws {
        let context = try GivenContext(
            field: "memberID=7&name=a%26b+c%C3%A9&empty=",
            over: ["memberID": "1", "role": "x"],
            names: ["memberID", "name", "empty"]
        )
        #expect(context.text(of: "memberID") == "7")
        #expect(context.text(of: "name") == "a&b cé")
        #expect(context.text(of: "empty") == "")
        #expect(context.text(of: "role") == "x")
        #expect(context.text(of: "other") == nil)
        #expect(try GivenContext(field: nil, over: ["a": "b"], names: []).text(of: "a") == "b")
        #expect(GivenContext().text(of: "a") == nil)
    }

    @Test("A malformed field is a 400", arguments: ["a", "=b", "a=%", "a=%FF", "a=b&c"])
    func malformed(field: String) {
        let error = #expect(throws: HandlerError.self) {
            try GivenContext(field: field, over: [:], names: ["a", "c"])
        }
        #expect(error?.status == 400)
    }

    @Test("A name that no route has is a 400, which names those that there are")
    func unknown() {
        let error = #expect(throws: HandlerError.self) {
            try GivenContext(field: "memberID=1&role=x", over: [:], names: ["roles", "memberID"])
        }
        #expect(error?.status == 400)
        #expect(error?.message.contains("'role'") ?? false)
        #expect(error?.message.hasSuffix("there are 'memberID', 'roles'.") ?? false)
    }
}
