import CachedRoutesCore
import RouteModel
import RouteServing
import Testing

@Suite struct GivenContextTests {
    private func inputs(_ names: [String]) -> [RouteInput] { names.map { RouteInput(.context, $0, .string) } }

    @Test("Values of the field go before those for all requests, and are any text")
    func values() throws {
        let context = try GivenContext(
            field: "memberID=7&name=a%26b+c%C3%A9&empty=",
            to: "localhost:8080",
            over: ["memberID": "1", "role": "x"],
            inputs: inputs(["memberID", "name", "empty"])
        )
        #expect(context.text(of: "memberID") == "7")
        #expect(context.text(of: "name") == "a&b cé")
        #expect(context.text(of: "empty") == "")
        #expect(context.text(of: "role") == "x")
        #expect(context.text(of: "other") == nil)
        #expect(GivenContext(["a": "b"]).text(of: "a") == "b")
        #expect(GivenContext().text(of: "a") == nil)
    }

    @Test("A malformed field is a 400", arguments: ["a", "=b", "a=%", "a=%FF", "a=b&c", "a=1&a=2"])
    func malformed(field: String) {
        let error = #expect(throws: HandlerError.self) {
            try GivenContext(field: field, to: "localhost", over: [:], inputs: inputs(["a", "c"]))
        }
        #expect(error?.status == 400)
    }

    @Test("A name that no route has is a 400, which names those that there are")
    func unknown() {
        let error = #expect(throws: HandlerError.self) {
            try GivenContext(
                field: "memberID=1&role=x",
                to: "[::1]:1",
                over: [:],
                inputs: inputs(["roles", "memberID"])
            )
        }
        #expect(error?.status == 400)
        #expect(error?.message.contains("'role'") ?? false)
        #expect(error?.message.hasSuffix("there are 'memberID', 'roles'.") ?? false)
    }

    @Test(
        "A request for another host is a 403: a name that leads here is none of this machine's",
        arguments: [
            nil, "", "example.com", "127.0.0.1.example.com", "localhost.example.com:80", "127.0.0.256", "127.1",
        ]
    )
    func other(authority: String?) {
        let error = #expect(throws: HandlerError.self) {
            try GivenContext(field: "a=b", to: authority, over: [:], inputs: inputs(["a"]))
        }
        #expect(error?.status == 403)
    }

    @Test(
        "A request for this machine is none for another host",
        arguments: ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:8080"]
    )
    func own(authority: String) throws {
        let context = try GivenContext(field: "a=b", to: authority, over: [:], inputs: inputs(["a"]))
        #expect(context.text(of: "a") == "b")
    }

    @Test("A value that is none of its input's type is a 400 that says so, unless another route has such an input")
    func types() throws {
        let uuid = RouteInput(.context, "id", .uuid)
        let error = #expect(throws: HandlerError.self) {
            try GivenContext(field: "id=7", to: "localhost", over: [:], inputs: [uuid])
        }
        #expect(error?.status == 400 && error?.message.contains("'id' must be a UUID") ?? false)
        let both = try GivenContext(
            field: "id=7",
            to: "localhost",
            over: [:],
            inputs: [uuid, RouteInput(.context, "id", .int)]
        )
        #expect(both.text(of: "id") == "7")
        // What the declaration doesn't allow is for the route to refuse.
        let bounded = RouteInput(.context, "level", .int, min: "1", max: "9")
        #expect(GivenContext.problem(with: "10", of: "level", [bounded]) == nil)
        #expect(GivenContext.problem(with: "x", of: "level", [bounded]) != nil)
    }
}
