import RouteModel
import Testing

@Suite struct PathTemplateTests {
    @Test("A template is read into segments and printed again")
    func reading() {
        let template = PathTemplate("/users/{id}/posts/")
        #expect(template.segments == [.literal("users"), .input("id"), .literal("posts")])
        #expect(template.inputNames == ["id"])
        #expect(template.description == "/users/{id}/posts")
        #expect(PathTemplate("/").description == "/")
        #expect(PathTemplate(segments: [.literal("a"), .input("b")]) == "/a/{b}")
    }

    @Test(
        "Templates overlap where one path can match both",
        arguments: [
            ("/a", "/a", true), ("/a", "/b", false), ("/a", "/a/b", false), ("/{x}", "/{y}", true),
            ("/{x}", "/a", true),
            ("/a/{x}", "/{y}/b", true), ("/a/{x}", "/b/{x}", false), ("/", "/", true), ("/", "/{x}", false),
        ]
    )
    func overlaps(left: String, right: String, expected: Bool) {
        #expect(PathTemplate(left).overlaps(PathTemplate(right)) == expected)
        #expect(PathTemplate(right).overlaps(PathTemplate(left)) == expected)
    }

    @Test("Types are read in the manifest's notation")
    func types() {
        #expect(InputType(notation: "int") == .int)
        #expect(InputType(notation: "[uuid]") == .list(.uuid))
        #expect(InputType(notation: "[uuid]")?.description == "[uuid]")
        for text in ["", "Int", "[]", "[int", "int]", "[[int]]", " int"] { #expect(InputType(notation: text) == nil) }
    }
}
