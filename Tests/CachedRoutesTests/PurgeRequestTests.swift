import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A notice by which SQL purges")
struct PurgeRequestTests {
    private func names(_ payload: String) throws -> [String] {
        try PurgeRequest(payload).names(in: ["a", "b"], tags: TagTemplateIndex(), routes: [:]).names.map(\.description)
    }

    /// The tags of routes whose tags are these, each of inputs of all types.
    private static let patterns: TagTemplateIndex = {
        var patterns = TagTemplateIndex()
        let inputs = [
            RouteInput(.path, "id", .int), RouteInput(.query, "price", .decimal), RouteInput(.query, "token", .uuid),
            RouteInput(.query, "at", .timestamp), RouteInput(.query, "day", .date), RouteInput(.query, "open", .bool),
            RouteInput(.query, "weight", .double), RouteInput(.query, "ids", .list(.int)),
            RouteInput(.query, "state", .string, oneOf: ["open", "paid"]),
        ]
        patterns.add(
            [
                "id:{id}", "price:{price}", "token:{token}", "at:{at}", "day:{day}:{open}", "weight:{weight}",
                "ids:{ids}", "s:{state}",
            ],
            of: RouteSignature(namespace: "a", fingerprint: "0", method: .get, path: "/{id}", inputs: inputs)
        )
        // Somebody else's id.
        patterns.add(
            ["id:{name}"],
            of: RouteSignature(
                namespace: "a",
                fingerprint: "1",
                method: .get,
                path: "/{name}",
                inputs: [RouteInput(.path, "name", .string)]
            )
        )
        return patterns
    }()

    @Test(
        "has values of inputs in the form that those of requests have, whatever they are called",
        arguments: [
            ("price:{p}", "-1.50", ["price:-1.5"]), ("price:{p}", #""2.00""#, ["price:2"]),
            (
                "token:{t}", #""A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11""#,
                ["token:a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]
            ),
            ("at:{at}", #""2024-02-29T13:00:00+01:00""#, ["at:2024-02-29T12%3A00%3A00Z"]),
            ("weight:{w}", "1.0", ["weight:1"]), ("ids:{x}", "\"07\"", ["ids:7"]), ("s:{s}", #""paid""#, ["s:paid"]),
            // Two routes read it, each in its way.
            ("id:{x}", #""07""#, ["id:7", "id:07"]),
        ]
    )
    func canonicalValues(_ tag: String, _ value: String, _ tags: [String]) throws {
        let template = TagTemplate(tag)
        let payload = #"{"namespace":"a","tags":[{"tag":"\#(tag)","with":{"\#(template.inputNames[0])":\#(value)}}]}"#
        let (names, faults) = try PurgeRequest(payload).names(in: ["a", "b"], tags: Self.patterns, routes: [:])
        #expect(names.map(\.description) == tags.map { "a;tag;" + $0 })
        #expect(faults == [])
    }

    @Test("says which tags or values no request has")
    func noSuchTag() throws {
        func result(_ tag: String, _ value: String) throws -> ([String], [String]) {
            let payload = #"{"namespace":"a","tags":[{"tag":"\#(tag)","with":{"v":\#(value)}}]}"#
            let (names, faults) = try PurgeRequest(payload).names(in: ["a"], tags: Self.patterns, routes: [:])
            return (names.map(\.description), faults.map(\.description))
        }
        #expect(try result("user:{v}", "7") == (["a;tag;user:7"], ["no route in 'a' has a tag such as 'user:{v}'"]))
        #expect(
            try result("s:{v}", #""lost""#) == (
                [], ["no request has these values for the tag 's:{v}': one must be one of open, paid"]
            )
        )
    }

    @Test("says which routes are not there, where none of its namespaces has them")
    func noSuchRoute() throws {
        let routes: [String: [TagVersionKey]] = [
            "getProduct": [.route("getProduct", in: "a")], "list": [.route("list", in: "a"), .route("list", in: "b")],
        ]
        for (payload, names, faults) in [
            (#"{"routes":["getProduct","list"]}"#, 4, []),
            (
                #"{"routes":["getProdukt","list"]}"#, 4,
                ["no GET route is called 'getProdukt' (did you mean 'getProduct'?)"]
            ),
            (#"{"routes":["nothing"],"namespace":"a"}"#, 1, ["no GET route in 'a' is called 'nothing'"]),
            (
                #"{"routes":["getProduct"],"namespace":"b"}"#, 1,
                ["no GET route in 'b' is called 'getProduct'"]
            ),
            // Another service's.
            (#"{"routes":["nothing"],"namespace":"c"}"#, 0, []),
        ] {
            let result = try PurgeRequest(payload).names(in: ["a", "b"], tags: TagTemplateIndex(), routes: routes)
            #expect(result.names.count == names && result.faults.map(\.description) == faults, "\(payload) \(result)")
        }
    }

    @Test("names tags and routes in all namespaces, or in one")
    func names() throws {
        #expect(try names(#"{"tags":["x","user:7"]}"#) == ["a;tag;x", "a;tag;user:7", "b;tag;x", "b;tag;user:7"])
        #expect(
            try names(#" { "namespace" : "b", "routes" : [ "list" ], "tags": ["x", "x"] }"#) == [
                "b;tag;x", "b;route;list",
            ]
        )
        #expect(try names(#"{"routes":["list"],"namespace":"c"}"#) == [])
    }

    @Test("has values of inputs percent-encoded, also of tags that no route here has")
    func values() throws {
        for (value, text) in [
            (#""a b/c:d@é{""#, "a%20b%2Fc%3Ad%40%C3%A9%7B"), ("7", "7"), ("-1.50", "-1.50"), ("true", "true"),
            (#""""#, ""),
            (#""\u00e9""#, "%C3%A9"),
        ] {
            let payload = #"{"namespace":"a","tags":[{"tag":"t:{v}:{v}","with":{"v":\#(value),"w":1}}]}"#
            #expect(try names(payload) == ["a;tag;t:\(text):\(text)"], "\(payload)")
        }
    }

    @Test(
        "says what is wrong with it",
        arguments: [
            ("{", "it ends at byte 1, before its JSON does"), ("{}", "it names no tags and no routes"),
            ("[]", "it is not a JSON object"), (#"{"tags":"x"}"#, "'tags' is not a list"),
            (#"{"tag":["x"]}"#, "'tag' is not one of 'tags', 'routes' and 'namespace'"),
            (#"{"tags":[7]}"#, "a tag is not a text"), (#"{"tags":[""]}"#, "a tag is not a text"),
            (#"{"tags":["x"],"namespace":null}"#, "'namespace' is not a text"),
            (#"{"tags":["user:{id}"]}"#, "the tag 'user:{id}' has no value for {id} under 'with'"),
            (
                #"{"tags":[{"tag":"user:{id}","with":{"id":null}}]}"#,
                "a value under 'with' is not a text, a number, true or false"
            ),
            (#"{"tags":[{"with":{}}]}"#, "an element of 'tags' has no 'tag'"),
            (#"{"tags":[{"tag":"x","id":7}]}"#, "'id' of a tag is not one of 'tag' and 'with'"),
            (
                #"{"tags":["a b"]}"#,
                #"'a b' can't stand in a tag; give it as a value: {"tag": "user:{name}", "with": {"name": …}}"#
            ),
            (#"{"routes":[["x"]]}"#, "a route is not a text"),
            (#"{"tags":["x"],"tags":["y"]}"#, "it has a name at byte 14 that its object has already"),
        ]
    )
    func faults(_ payload: String, _ reason: String) {
        do {
            _ = try PurgeRequest(payload)
            Issue.record("\(payload) is understood")
        } catch {
            #expect(error.description == reason)
        }
    }
}
