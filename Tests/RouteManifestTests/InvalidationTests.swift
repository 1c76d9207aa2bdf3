import RouteModel
import Testing

@testable import RouteManifest

@Suite struct InvalidationTests {
    private static func warning(_ tag: String, _ hint: String = "") -> String {
        "warning: no GET route of the namespace 'n' can have the tag '\(tag)'; this purges nothing unless another target has "
            + "such a route\(hint) [unknown-tag]"
    }

    static let goldens = [
        Golden(
            "Tags that a read has, by other names of inputs, and tags that none has",
            """
            version: 1
            namespace: n
            routes:
              user: { get: "/u/{userID}", path: { userID: int }, handler: swift, cache: { tags: [ users, "user:{userID}" ] } }
              team: { get: /t, query: { ids: "[int]" }, handler: swift, cache: { tags: [ "team:{ids}" ] } }
              a:
                put: /u/{id}
                path: { id: int }
                handler: swift
                invalidates: [ users, "user:{id}", "usr:{id}", "user:{id}:x", user, user:1, "team:{id}", other ]
            """,
            "10:40: " + warning("usr:{id}", " (did you mean 'user:{userID}'?)"),
            "10:52: " + warning("user:{id}:x", " (did you mean 'user:{userID}'?)"),
            "10:67: " + warning("user", " (did you mean 'users'?)"),
            "10:94: " + warning("other")
        ),
        Golden(
            "A default is reported once, and only where a route writes",
            """
            version: 1
            namespace: n
            defaults: { invalidates: [ a, b ] }
            routes:
              r: { get: /r, handler: swift, cache: { tags: [ b ] } }
              a: { post: /a, handler: swift }
              b: { put: /a, handler: swift }
              c: { patch: /a, handler: swift, invalidates: [ b ] }
              d: { delete: /a, handler: swift, invalidates: off }
            """,
            "3:28: " + warning("a")
        ),
        Golden(
            "A default that no route takes over",
            """
            version: 1
            namespace: n
            defaults: { invalidates: [ a ] }
            routes:
              r: { get: /r, handler: swift }
              a: { post: /a, handler: swift, invalidates: [] }
            """
        ),
        Golden(
            "Tags that reads have by default",
            """
            version: 1
            namespace: n
            defaults: { cache: { tags: [ a ] } }
            routes:
              r: { get: /r, handler: swift }
              a: { post: /a, handler: swift, invalidates: [ a ] }
            """
        ),
        Golden(
            "No read has tags",
            "version: 1\nnamespace: n\nroutes:\n  a: { post: /a, handler: swift, invalidates: [ a ] }\n",
            "4:49: " + warning("a")
        ),
        Golden(
            "Where a tag could not be read, nothing is said of others",
            """
            version: 1
            namespace: n
            routes:
              r: { get: /r, handler: swift, cache: { tags: [ "a{" ] } }
              a: { post: /a, handler: swift, invalidates: [ a ] }
            """,
            "4:52: error: 'tags': '{' is not closed; write '{id}'"
        ),
    ]

    @Test("What a write purges in vain is a warning at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }

    @Test(
        "Templates can be the same tag where values of their inputs make them so",
        arguments: [
            ("users", "users", true), ("users", "user", false), ("users", "userz", false), ("", "", true),
            ("user:{id}", "user:{userID}", true), ("user:{id}", "usr:{id}", false), ("user:{id}", "user:1", true),
            ("user:{id}", "user:", true), ("user:{id}", "user", false), ("user:{id}", "user:%2F.~_-aZ09", true),
            // Values are percent-encoded.
            ("user:{id}", "user:a:b", false), ("user:{id}", "user:a/b", false), ("user:{id}", "user:a@b", false),
            ("user:{id}", "user:a+b", false), ("user:{id}", "user:{id}:{x}", false),
            ("{a}:{b}", "user:1", true), ("{a}:{b}", "{c}", false), ("{a}{b}", "{c}", true), ("{a}", "", true),
            ("{a}b", "a{b}", true), ("{a}b", "a{b}c", false), ("{a}x{b}", "y{c}z", true), ("{a}:b", "a:{b}", true),
            ("a{x}b{y}c", "abbc", true), ("a{x}b{y}c", "abac", true), ("a{x}b{y}c", "acbc", true),
            ("a{x}b{y}c", "aacc", false), ("a{x}a", "a", false), ("a{x}a", "aa", true),
        ]
    )
    func equality(left: String, right: String, isPossible: Bool) {
        #expect(TagTemplate(left).canEqual(TagTemplate(right)) == isPossible)
        #expect(TagTemplate(right).canEqual(TagTemplate(left)) == isPossible)
    }
}
