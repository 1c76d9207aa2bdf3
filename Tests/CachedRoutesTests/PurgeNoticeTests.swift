import RouteModel
import Testing

@testable import CachedRoutes

@Suite("A notice by which SQL purges")
struct PurgeNoticeTests {
    private func names(_ payload: String) throws -> [String] {
        try PurgeNotice(payload).names(in: ["a", "b"]).map(\.description)
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

    @Test("has values of inputs percent-encoded, as requests have them")
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
            _ = try PurgeNotice(payload)
            Issue.record("\(payload) is understood")
        } catch {
            #expect(error.description == reason)
        }
    }
}
