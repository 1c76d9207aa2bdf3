import RouteModel
import Testing

/// The key of a GET route under `ns:00000000` for raw names and values, all of them strings.
private func key(_ path: PathTemplate, path pathValues: [(String, String)] = [], query: [(String, String)] = []) throws
    -> String
{
    var names: [String] = []
    for (name, _) in query where !names.contains(name) { names.append(name) }
    let inputs =
        pathValues.map { RouteInput(.path, $0.0, .string) } + names.map { RouteInput(.query, $0, .list(.string)) }
    let signature = RouteSignature(namespace: "ns", fingerprint: "00000000", method: .get, path: path, inputs: inputs)
    var values = InputValues(count: inputs.count)
    for (index, input) in inputs.enumerated() {
        for (name, value) in input.group == .path ? pathValues : query where name == input.name {
            try values.add(value.utf8, to: input, at: index)
        }
    }
    let text = signature.key(for: values).description
    #expect(text.hasPrefix("ns:00000000:"))
    return String(text.dropFirst("ns:00000000:".count))
}

@Suite struct KeyTests {
    @Test(
        "Query sections are those of the article's format",
        arguments: [
            ([], ""),
            ([("skip", "0"), ("limit", "20")], "limit=20&skip=0"),
            ([("limit", "20"), ("skip", "0")], "limit=20&skip=0"),
            ([("q", "hello world"), ("x", "a&b")], "q=hello+world&x=a%26b"),
            ([("q", "")], "q="),
            ([("q", "é")], "q=%C3%A9"),
            ([("a[]", "1")], "a%5B%5D=1"),
            ([("q", "~*/:,")], "q=~%2A%2F%3A%2C"),
            ([("a", "2"), ("A", "1")], "A=1&a=2"),
            ([("9", "b"), ("10", "a")], "10=a&9=b"),
            ([("b", "2"), ("a", "1"), ("a", "0")], "a=1&a=0&b=2"),
            ([("q", "a+b")], "q=a%2Bb"),
            ([("q", "%41")], "q=%2541"),
            ([("q", "-._~")], "q=-._~"),
        ] as [([(String, String)], String)]
    )
    func querySections(query: [(String, String)], section: String) throws {
        #expect(try key("/api/v1/users", query: query) == "get:/api/v1/users:" + section)
    }

    @Test("The path is printed from template and inputs")
    func paths() throws {
        #expect(try key("/files/{name}", path: [("name", "a/b")]) == "get:/files/a%2Fb:")
        #expect(try key("/files/{name}", path: [("name", "a b:c")]) == "get:/files/a%20b%3Ac:")
        #expect(try key("/files/{name}", path: [("name", "é")]) == "get:/files/%C3%A9:")
        #expect(try key("/") == "get:/:")
        #expect(try key("/u/") == key("/u"))
        #expect(try key("/{a}/x/{b}", path: [("b", "2"), ("a", "1")]) == "get:/1/x/2:")
    }

    @Test("A segment and a query of the same text have different keys")
    func segmentOrQuery() throws {
        #expect(try key("/col/{x}", path: [("x", "a=1")]) == "get:/col/a%3D1:")
        #expect(try key("/col", query: [("a", "1")]) == "get:/col:a=1")
        #expect(try key("/{x}", path: [("x", "u:a=1")]) != key("/u", query: [("a", "1")]))
    }

    @Test("Header and context inputs are a section of their own, present even when they are all absent")
    func extraSection() throws {
        let inputs = [
            RouteInput(.query, "q", .string, optional: true), RouteInput(.context, "userID", .uuid),
            RouteInput(.header, "lang", .string, from: "Accept-Language", optional: true),
        ]
        let signature = RouteSignature(
            namespace: "ns",
            fingerprint: "00000000",
            method: .get,
            path: "/me",
            inputs: inputs
        )
        var values = InputValues(count: 3)
        #expect(signature.key(for: values).description == "ns:00000000:get:/me::")
        try values.add("F47AC10B-58CC-4372-A567-0E02B2C3D479".utf8, to: inputs[1], at: 1)
        try values.add("de".utf8, to: inputs[2], at: 2)
        #expect(
            signature.key(for: values).description
                == "ns:00000000:get:/me::lang=de&userID=f47ac10b-58cc-4372-a567-0e02b2c3d479"
        )
    }

    @Test("Absent, empty and default values are told apart or put together as their meaning demands")
    func absence() throws {
        let inputs = [RouteInput(.query, "q", .string, optional: true), RouteInput(.query, "n", .int, default: "20")]
        let signature = RouteSignature(
            namespace: "ns",
            fingerprint: "00000000",
            method: .get,
            path: "/u",
            inputs: inputs
        )
        func key(_ given: [Int: String]) throws -> String {
            var values = InputValues(count: 2)
            for index in 0..<2 {
                if let text = given[index] { try values.add(text.utf8, to: inputs[index], at: index) }
                try values.complete(inputs[index], at: index)
            }
            return signature.key(for: values).description
        }
        #expect(try key([:]) == key([1: "020"]))
        #expect(try key([:]) != key([0: ""]))
        #expect(try key([0: ""]) == "ns:00000000:get:/u:n=20&q=")
    }

    @Test("Up to 512 bytes a key is stored whole, above it is cut and hashed")
    func cutKeys() throws {
        let prefix = "ns:00000000:get:/u:q=".utf8.count
        func cacheKey(_ length: Int, last: String = "a") throws -> CacheKey {
            let input = RouteInput(.query, "q", .string)
            let signature = RouteSignature(
                namespace: "ns",
                fingerprint: "00000000",
                method: .get,
                path: "/u",
                inputs: [input]
            )
            var values = InputValues(count: 1)
            try values.add((String(repeating: "a", count: length - prefix - 1) + last).utf8, to: input, at: 0)
            return signature.key(for: values)
        }
        let longest = try cacheKey(512)
        #expect(longest.whole.count == 512)
        #expect(!longest.isCut)
        #expect(longest.stored == longest.whole)
        let cut = try cacheKey(513)
        #expect(cut.isCut)
        #expect(cut.stored.count == 400 + 1 + 32)
        #expect(cut.stored == cut.whole[..<400] + Array("#\(Hash128(cut.whole).hexadecimal)".utf8))
        #expect(try cacheKey(600).stored != cacheKey(600, last: "b").stored)
        #expect(!longest.stored.contains(0x23), "no whole key looks like a cut one")
    }
}
