import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

/// Inputs that try to be something else than they are. The database answers with the values that it was given.
@Suite("What is in no key reaches nobody (Contract 1 to 3)")
struct InputSafetyTests {
    private static let byName = route(CachePolicy(), path: "/items/{name}", RouteInput(.path, "name", .string))
    private static let byNumber = route(CachePolicy(), path: "/items/{id}", RouteInput(.path, "id", .int))
    private static let query = route(
        CachePolicy(),
        RouteInput(.query, "a", .string, default: "none"),
        RouteInput(.query, "b", .string, default: "none"),
        RouteInput(.query, "list", .list(.int), optional: true)
    )

    // MARK: - Paths

    @Test("Contract 2: A place in a path may have another name in each route")
    func namesOfPlaces() async throws {
        let other = route(
            CachePolicy(),
            path: "/items/{x}/{y}",
            RouteInput(.path, "x", .string),
            RouteInput(.path, "y", .string)
        )
        try await Harness.run([Self.byName, other], database: .echo()) { app async throws in
            #expect(try await app.send(.GET, "/items/a").text == #"["a"]"#)
            #expect(try await app.send(.GET, "/items/a/b").text == #"["a","b"]"#)
        }
    }

    @Test("Contract 3: a%2Fb is one segment, and not a/b", arguments: Backing.allCases)
    func encodedSlash(backing: Backing) async throws {
        let routes = [
            Self.byName,
            route(
                CachePolicy(),
                path: "/items/{name}/{other}",
                RouteInput(.path, "name", .string),
                RouteInput(.path, "other", .string)
            ),
        ]
        try await Harness.run(routes, on: backing, database: .echo()) { app async throws in
            #expect(try await app.second("/items/a%2Fb") == (#"["a/b"]"#, 1))
            #expect(try await app.second("/items/a%2fb") == (#"["a/b"]"#, 0))
            #expect(try await app.second("/items/a/b") == (#"["a","b"]"#, 1))
            #expect(try await app.second("/items/a%2F/b") == (#"["a/","b"]"#, 1))
            #expect(try await app.second("/items/a/%2Fb") == (#"["a","/b"]"#, 1))
        }
    }

    @Test("Contract 3: nothing is decoded twice", arguments: Backing.allCases)
    func doubleEncoding(backing: Backing) async throws {
        try await Harness.run([Self.byName, Self.query], on: backing, database: .echo()) { app async throws in
            #expect(try await app.second("/items/%2541") == (#"["%41"]"#, 1))
            #expect(try await app.second("/items/%41") == (#"["A"]"#, 1))
            #expect(try await app.second("/items/A") == (#"["A"]"#, 0))
            #expect(try await app.second("/items/a%252Fb") == (#"["a%2Fb"]"#, 1))
            #expect(try await app.second("/r?a=%2541") == (#"["%41","none"]"#, 1))
            #expect(try await app.second("/r?a=%2526b=1") == (#"["%26b=1","none"]"#, 1))
            #expect(try await app.second("/r?a=%26b=1") == (#"["&b=1","none"]"#, 1))
            #expect(try await app.second("/r?a=%2B") == (#"["+","none"]"#, 1))
            #expect(try await app.second("/r?a=+") == (#"[" ","none"]"#, 1))
            #expect(try await app.second("/items/+") == (#"["+"]"#, 1))
        }
    }

    @Test(
        "Contract 2: NUL, bad UTF-8 and half an encoding are 400, in path and query",
        arguments: [
            "%00", "a%00b", "%FF", "%C3", "%C0%AF", "%E0%80%AF", "%ED%A0%80", "%F4%90%80%80", "%", "%4", "%zz", "%-1",
            "%u0041",
        ]
    )
    func badBytes(value: String) async throws {
        try await Harness.run([Self.byName, Self.query], database: .echo()) { app in
            for target in ["/items/\(value)", "/r?a=\(value)"] {
                let refused = try await app.send(.GET, target)
                #expect(refused.status == 400, "\(target)")
                #expect(refused["Content-Type"] == "application/problem+json", "\(target)")
            }
            #expect(app.database.queryCount == 0)
        }
    }

    @Test("Contract 5: a suffix does not make another kind of file of an answer")
    func suffix() async throws {
        try await Harness.run([route(), Self.byNumber], database: .echo()) { app async throws in
            for target in [
                "/r.css", "/r%2Ecss", "/r;.css", "/r;x=1", "/r%3Bx=1", "/r/x.css", "/r%00.css", "/r%2Fx.css",
            ] {
                #expect(try await app.send(.GET, target).status == 404, "\(target)")
            }
            for target in ["/items/1.css", "/items/1;x=1", "/items/1%3B.css", "/items/1%00.css"] {
                #expect(try await app.send(.GET, target).status == 400, "\(target)")
            }
            #expect(app.database.queryCount == 0)
        }
    }

    @Test("Contract 1: where a suffix is a part of the value, it is a part of the key and of what is bound")
    func suffixInValue() async throws {
        try await Harness.run([Self.byName], database: .echo()) { app async throws in
            #expect(try await app.second("/items/a") == (#"["a"]"#, 1))
            #expect(try await app.second("/items/a.css") == (#"["a.css"]"#, 1))
            #expect(try await app.second("/items/a;x=1") == (#"["a;x=1"]"#, 1))
            #expect(try await app.second("/items/a%3Bx=1") == (#"["a;x=1"]"#, 0))
            #expect(try await app.second("/items/a%3Fx=1") == (#"["a?x=1"]"#, 1))
            #expect(try await app.send(.GET, "/items/a.css")["Content-Type"] == "application/json")
        }
    }

    @Test("Contract 3: empty segments and dots are no other way to a value")
    func segments() async throws {
        try await Harness.run([Self.byName], database: .echo()) { app async throws in
            #expect(try await app.second("/items/a") == (#"["a"]"#, 1))
            #expect(try await app.second("/items//a/") == (#"["a"]"#, 0))
            #expect(try await app.second("/items/..") == (#"[".."]"#, 1))
            #expect(try await app.send(.GET, "/x/../items/a").status == 404)
        }
    }

    // MARK: - Queries

    @Test(
        "Contract 3: the order of parameters, undeclared ones and spelled-out defaults make no key",
        arguments: Backing.allCases
    )
    func oneEntry(backing: Backing) async throws {
        try await Harness.run([Self.query], on: backing, database: .echo()) { app async throws in
            let text = #"["1","2"]"#
            #expect(try await app.second("/r?a=1&b=2") == (text, 1))
            for query in [
                "b=2&a=1", "&&b=2&&a=1&", "a=1&utm_source=x&b=2", "%61=1&b=%32", "a=1&b=2&A=3&c=4&c=5", "a=1&b=2#b=3",
                "a=1&b=2&list%5B%5D=1",
            ] {
                #expect(try await app.second("/r?\(query)") == (text, 0), "\(query)")
            }
            #expect(try await app.second("/r/?a=1&b=2") == (text, 0))
            #expect(try await app.second("//r?a=1&b=2") == (text, 0))
            #expect(try await app.second("/r") == (#"["none","none"]"#, 1))
            #expect(try await app.second("/r?b=none") == (#"["none","none"]"#, 0))
        }
    }

    @Test("Contract 2: a name given twice is 400 unless it is a list")
    func duplicates() async throws {
        try await Harness.run([Self.query], database: .echo()) { app async throws in
            for query in ["a=1&a=2", "a=1&a=1", "a=1&b=2&%61=1", "a=&a="] {
                #expect(try await app.send(.GET, "/r?\(query)").status == 400, "\(query)")
            }
            #expect(app.database.queryCount == 0)
            #expect(try await app.second("/r?list=1&list=2") == (#"["none","none","1","2"]"#, 1))
            #expect(try await app.second("/r?list=2&list=1") == (#"["none","none","2","1"]"#, 1))
            #expect(try await app.second("/r?list=1&a=x&list=2") == (#"["x","none","1","2"]"#, 1))
            #expect(try await app.second("/r?list=01&list=%302").queries == 0)
        }
    }

    @Test("Contract 3: a semicolon separates nothing")
    func semicolon() async throws {
        try await Harness.run([Self.query], database: .echo()) { app async throws in
            #expect(try await app.second("/r?a=1;b=2") == (#"["1;b=2","none"]"#, 1))
            #expect(try await app.second("/r?a=1&b=2") == (#"["1","2"]"#, 1))
            #expect(try await app.second("/r?a=1;a=2") == (#"["1;a=2","none"]"#, 1))
            #expect(try await app.second("/r?x=1;a=2") == (#"["none","none"]"#, 1))
        }
    }

    @Test("Contract 1: two different inputs never share an entry", arguments: Backing.allCases)
    func injective(backing: Backing) async throws {
        try await Harness.run([Self.query], on: backing, database: .echo()) { app in
            for (query, values) in [
                ("a=1", #"["1","none"]"#), ("b=1", #"["none","1"]"#), ("a=1%26b%3D2", #"["1&b=2","none"]"#),
                ("a=1&b=2", #"["1","2"]"#), ("a=", #"["","none"]"#), ("a", #"["","none"]"#),
                ("a=%3A%3Bgzip", #"[":;gzip","none"]"#), ("a=A", #"["A","none"]"#), ("a=a", #"["a","none"]"#),
                ("a=%C3%A9", #"["é","none"]"#), ("a=e%CC%81", "[\"e\u{301}\",\"none\"]"),
            ] {
                let text = try await app.second("/r?\(query)").text
                #expect(text.utf8.elementsEqual(values.utf8), "\(query)")
            }
        }
    }

    @Test(
        "Contract 3: a long query is cut in its key and still found; one that begins the same is another",
        arguments: Backing.allCases
    )
    func longQuery(backing: Backing) async throws {
        let database = CannedDatabase { _, values in "[\"\(values.text(at: 0)?.suffix(1) ?? "")\"]" }
        try await Harness.run([Self.query], on: backing, database: database) { app in
            let long = String(repeating: "x", count: 8192)
            for end in ["1", "2"] {
                #expect(try await app.second("/r?a=\(long)\(end)") == ("[\"\(end)\"]", 1))
            }
            for end in ["1", "2"] {
                #expect(try await app.second("/r?a=\(long)\(end)") == ("[\"\(end)\"]", 0))
            }
            if backing == .redis {
                let keys = try await app.entryKeys()
                #expect(keys.count == 2)
                #expect(keys.allSatisfy { $0.utf8.count <= CacheKey.longestStored + ";gzip".utf8.count })
            }
        }
    }

    // MARK: - Header fields

    private static let byHeader = route(
        CachePolicy(),
        RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"]),
        RouteInput(.header, "count", .int, from: "X-Count", default: "1", min: "1", max: "9"),
        RouteInput(.header, "note", .string, from: "X-Note", optional: true, maxLength: 5)
    )

    @Test("Contract 2: a header input is negotiated, or the default, and never a 400", arguments: Backing.allCases)
    func headerInputs(backing: Backing) async throws {
        try await Harness.run([Self.byHeader], on: backing, database: .echo()) { app async throws in
            let plain = #"["en","1"]"#
            #expect(try await app.second("/r") == (plain, 1))
            for fields in [
                [("Accept-Language", "fr")], [("Accept-Language", "")], [("Accept-Language", ";;;,q=")],
                [("Accept-Language", "de;q=0")], [("Accept-Language", "de;q=0.5, en")], [("X-Count", "x")],
                [("X-Count", "10")], [("X-Count", "0")], [("X-Count", "")], [("X-Count", "2"), ("X-Count", "3")],
                [("X-Count", "99999999999999999999")], [("X-Note", "too long")],
                [("X-Note", String(repeating: "x", count: 5000))], [("X-Unknown", "x")],
            ] {
                #expect(try await app.second("/r", fields) == (plain, 0), "\(fields)")
            }
            #expect(try await app.second("/r", [("Accept-Language", "de")]) == (#"["de","1"]"#, 1))
            for value in ["DE", "de-AT", "fr, de;q=0.1", "en;q=0.5, de", "fr;q=x, de-CH-1996"] {
                #expect(
                    try await app.second("/r", [("Accept-Language", value)]) == (#"["de","1"]"#, 0),
                    "\(value)"
                )
            }
            let lines = [("Accept-Language", "fr"), ("accept-language", "de")]
            #expect(try await app.second("/r", lines) == (#"["de","1"]"#, 0))
            #expect(try await app.second("/r", [("X-Count", "02")]) == (#"["en","2"]"#, 1))
            #expect(try await app.second("/r", [("x-count", "2")]) == (#"["en","2"]"#, 0))
            #expect(try await app.second("/r", [("X-Note", "é;=")]) == (#"["en","1","é;="]"#, 1))
        }
    }

    @Test("Contract 1: a field that is no input reaches nobody and changes nothing", arguments: Backing.allCases)
    func undeclaredFields(backing: Backing) async throws {
        try await Harness.run([route()], on: backing, database: .echo()) { app in
            let plain = try await app.second("/r")
            #expect(plain == ("[]", 1))
            for name in [
                "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override",
                "Forwarded", "Cookie", "Accept", "Accept-Language", "Origin", "User-Agent", "Range",
            ] {
                #expect(try await app.second("/r", [(name, "/other")]) == ("[]", 0), "\(name)")
            }
        }
    }
}

extension Harness {
    /// The second answer to a request, which comes from the store, and how often the database was asked for both.
    fileprivate func second(
        _ target: String,
        _ fields: [(String, String)] = []
    ) async throws -> (text: String, queries: Int) {
        let before = database.queryCount
        let first = try await send(.GET, target, fields)
        #expect(first.status == 200, "\(target)")
        let second = try await stored(target, fields)
        #expect(second.text == first.text, "\(target)")
        return (second.text, database.queryCount - before)
    }
}
