import Testing

@testable import RouteModel

@Suite struct MisspellingSuggestionTests {
    @Test(
        "Distances count insertions, deletions, replacements and swaps",
        arguments: [
            ("", "", 0), ("a", "", 1), ("", "ab", 2), ("ttl", "ttl", 0), ("tlt", "ttl", 1), ("ttll", "ttl", 1),
            ("til", "ttl", 1),
            ("kitten", "sitting", 3), ("ca", "abc", 3),
        ]
    )
    func distances(left: String, right: String, expected: Int) {
        #expect(MisspellingSuggestion.distance(left, right) == expected)
        #expect(MisspellingSuggestion.distance(right, left) == expected)
    }

    @Test("The closest candidate is suggested, the first of several, and none that is far away")
    func closest() {
        #expect(MisspellingSuggestion.closest(to: "usr", among: ["users", "user"]) == "user")
        #expect(MisspellingSuggestion.closest(to: "ab", among: ["ac", "ad"]) == "ac")
        #expect(MisspellingSuggestion.closest(to: "x", among: ["y", "z"]) == nil)
        #expect(MisspellingSuggestion.closest(to: "GET", among: ["post", "get"]) == "get")
        #expect(MisspellingSuggestion.closest(to: "banana", among: ["ttl", "public"]) == nil)
    }
}
