import RouteManifest
import Testing

/// A manifest whose query declares `x` by the text, which begins at 6:17.
private func query(_ name: String, _ text: String, _ expected: String...) -> Golden {
    var golden = Golden(name, oneRoute("get: /r\nquery: { x: \(text) }\nsql: SELECT :x"))
    golden.expected = expected.map { "6:\($0)" }
    return golden
}

/// The same for a header input.
private func header(_ name: String, _ text: String, _ expected: String...) -> Golden {
    var golden = Golden(name, oneRoute("get: /r\nheader: { x: \(text) }\nsql: SELECT :x"))
    golden.expected = expected.map { "6:\($0)" }
    return golden
}

/// The same for a body input.
private func body(_ name: String, _ text: String, _ expected: String...) -> Golden {
    var golden = Golden(name, oneRoute("post: /r\nbody: { x: \(text) }\nsql: SELECT :x"))
    golden.expected = expected.map { "6:\($0)" }
    return golden
}

@Suite struct InputDiagnosticsTests {
    static let types = [
        query("An unknown type", "itn", "17: error: unknown type 'itn' (did you mean 'int'?)"),
        query(
            "A type by another name",
            "{ type: '[boolean]' }",
            "25: error: unknown type '[boolean]' (did you mean '[bool]'?)"
        ),
        query(
            "A type far from all",
            "banana",
            "17: error: unknown type 'banana'; the types are int, int32, double, decimal, bool, string, uuid, date, timestamp, and lists of them such as \"[int]\""
        ),
        query("A list type without quotes", "[int]", "17: error: input 'x': write the list type in quotes: \"[int]\""),
        query(
            "A list as a type",
            "[int, int]",
            "17: error: input 'x' must be a type or a mapping, not a list"
        ),
        query("No type", "{ default: 1 }", "14: error: input 'x' has no 'type'; add one, such as 'type: int'"),
        query("Nothing", "", "18: error: input 'x' has no value; write its type, such as 'x: string'"),
        query(
            "JSON outside of a body",
            "json",
            "17: error: type 'json' is for inputs under 'body' only; write 'string' and cast it in SQL, such as ':filter::jsonb'"
        ),
        query(
            "A list of JSON outside of a body",
            "{ type: '[json]' }",
            "25: error: type '[json]' is for inputs under 'body' only; write 'string' and cast it in SQL, such as ':filter::jsonb'"
        ),
        header(
            "JSON in a header",
            "{ type: json, from: X-Y, optional: true }",
            "26: error: type 'json' is for inputs under 'body' only; write 'string' and cast it in SQL, such as ':filter::jsonb'"
        ),
        Golden.route(
            "JSON in a path and in a context",
            "post: /{x}\npath: { x: json }\ncontext: { y: '[json]' }\nhandler: swift",
            "6:16: error: type 'json' is for inputs under 'body' only; write 'string' and cast it in SQL, such as ':filter::jsonb'",
            "7:19: error: type '[json]' is for inputs under 'body' only; write 'string' and cast it in SQL, such as ':filter::jsonb'"
        ),
        query(
            "A misspelt constraint",
            "{ type: int, defualt: 1 }",
            "30: error: unknown key 'defualt' in input 'x' (did you mean 'default'?)"
        ),
        Golden.route(
            "Names",
            "get: /r\nquery: { page-size: int, in: int, 1a: int, _: int }\nsql: SELECT :in",
            "6:14: error: an input's name: 'page-size' is not a Swift identifier of letters, digits and underscores; "
                + "call it 'pageSize' and say \"from: 'page-size'\"",
            "6:30: error: an input's name: 'in' is a Swift keyword; call it something else and say \"from: 'in'\"",
            "6:39: error: an input's name: '1a' is not a Swift identifier of letters, digits and underscores; "
                + "call it something else and say \"from: '1a'\"",
            "6:48: error: an input's name: '_' is not a Swift identifier of letters, digits and underscores; "
                + "call it something else and say \"from: '_'\""
        ),
        Golden.route(
            "Inputs that are a list",
            "get: /r\nquery: [a]\nsql: SELECT 1",
            "6:12: error: 'query' must be a mapping of inputs, not a list; write the type of each, such as 'query: { a: string }'"
        ),
        Golden.route(
            "Inputs that are missing",
            "get: /r\nquery:\nsql: SELECT 1",
            "6:11: error: 'query' must be a mapping of inputs, not empty; write 'query: { id: int }', or leave it out"
        ),
    ]

    static let constraints = [
        query(
            "Minimum over maximum",
            "{ type: int, min: 9, max: 8 }",
            "43: error: 'max' 8 is less than 'min' 9; exchange the two, or raise 'max'"
        ),
        query(
            "A bound of another type",
            "{ type: int, min: a, max: 1.5 }",
            "35: error: 'min' must be a whole number, not 'a'",
            "43: error: 'max' must be a whole number, not '1.5'"
        ),
        query(
            "A bound for strings",
            "{ type: string, min: 1 }",
            "33: error: 'min' is not for strings (write 'min-length')"
        ),
        query(
            "A bound for identifiers",
            "{ type: uuid, max: 1 }",
            "31: error: 'max' is not for type 'uuid'; leave it out"
        ),
        query(
            "A length for numbers",
            "{ type: int, max-length: 1 }",
            "30: error: 'max-length' is for strings, not for type 'int'; write 'max'"
        ),
        query(
            "A negative length",
            "{ type: string, min-length: -1 }",
            "45: error: 'min-length' must be a whole number such as 0 or 100, not '-1'"
        ),
        query(
            "Lengths the wrong way round",
            "{ type: string, min-length: 3, max-length: 2 }",
            "60: error: 'max-length' 2 is less than 'min-length' 3; exchange the two, or raise 'max-length'"
        ),
        query(
            "A default below the minimum",
            "{ type: int, min: 1, default: 0 }",
            "47: error: 'default' must be at least 1, not '0'"
        ),
        query(
            "A default above the maximum",
            "{ type: int, max: 1, default: 2 }",
            "47: error: 'default' must be at most 1, not '2'"
        ),
        query(
            "A default outside the set",
            "{ one-of: [a, b], default: c }",
            "44: error: 'default' must be one of a, b, not 'c'"
        ),
        query(
            "A default too long",
            "{ type: string, max-length: 1, default: ab }",
            "57: error: 'default' must have at most 1 character: 'ab'"
        ),
        query(
            "A default of another type",
            "{ type: date, default: 2023-02-29 }",
            "40: error: 'default' must be a date such as 2024-02-29, not '2023-02-29'"
        ),
        query(
            "A default that is YAML's true",
            "{ type: bool, default: yes }",
            "40: error: 'default' must be true or false, not 'yes' (write 'true')"
        ),
        query(
            "A default that is null",
            "{ type: string, default: null }",
            "42: error: 'default' has no value; for NULL where the input is absent write 'optional: true' instead of 'default'"
        ),
        query(
            "A default with NUL",
            "{ type: string, default: \"a\\0\" }",
            "42: error: 'default' must not contain NUL: 'a\0'"
        ),
        query(
            "A list for a single value",
            "{ type: int, default: [1] }",
            "39: error: 'default' must be a single value, not a list; write 'default: 1'"
        ),
        query(
            "A single value for a list",
            "{ type: '[int]', default: 1 }",
            "43: error: 'default' of a list must be a list; write 'default: [ 1 ]'"
        ),
        query(
            "An element of another type",
            "{ type: '[int]', default: [1, a] }",
            "47: error: a value of 'default' must be a whole number, not 'a'"
        ),
        query(
            "Optional with a default",
            "{ type: int, optional: true, default: 1 }",
            "46: error: input 'x' has a default, so it is never absent; leave out 'optional' or 'default'"
        ),
        query(
            "Optional in words",
            "{ type: int, optional: maybe }",
            "40: error: 'optional' must be true or false, not 'maybe' (write 'optional: true', or leave it out)"
        ),
        query("An empty set", "{ one-of: [] }", "27: error: 'one-of' needs at least one value, such as [ open, paid ]"),
        query(
            "A set that is no list",
            "{ one-of: a }",
            "27: error: 'one-of' must be a list of values, not a single value; write 'one-of: [ a ]'"
        ),
        query(
            "A set with repetitions",
            "{ type: int, one-of: [1, 01] }",
            "42: error: '1' stands in 'one-of' twice; remove one"
        ),
        query(
            "A set outside its bounds",
            "{ type: int, min: 2, one-of: [1, 2] }",
            "47: error: a value of 'one-of' must be at least 2, not '1'"
        ),
        body("A bound for JSON", "{ type: json, min: 1 }", "30: error: 'min' is not for type 'json'; leave it out"),
        body(
            "A length for JSON",
            "{ type: '[json]', max-length: 1 }",
            "34: error: 'max-length' is for strings, not for type 'json'; leave it out"
        ),
        body(
            "A set of JSON",
            "{ type: json, one-of: [1] }",
            "30: error: 'one-of' is not for type 'json'; leave it out"
        ),
        body("A default that is no JSON", "{ type: json, default: '{' }", "39: error: 'default' must be JSON, not '{'"),
        body(
            "A default that is YAML's mapping",
            "{ type: json, default: {} }",
            "39: error: 'default' must be JSON in quotes, such as '{}', not a mapping"
        ),
        body(
            "A default of a list of JSON",
            "{ type: '[json]', default: ['{}', x] }",
            "50: error: a value of 'default' must be JSON, not 'x'"
        ),
        query(
            "A set of booleans",
            "{ type: bool, one-of: [true] }",
            "31: error: 'one-of' is not for type 'bool'; leave it out"
        ),
    ]

    static let groups = [
        Golden.route(
            "A list in a path",
            "get: /{x}\npath: { x: '[int]' }\nsql: SELECT :x",
            "6:16: error: path input 'x' cannot be a list: a path has one value for it; write 'int'"
        ),
        Golden.route(
            "An optional path input",
            "get: /{x}\npath: { x: { type: int, optional: true } }\nsql: SELECT :x",
            "6:39: error: path input 'x' cannot be optional: without it the path is another one; leave 'optional' out, and write another route for the path without '{x}'"
        ),
        Golden.route(
            "A default in a path",
            "get: /{x}\npath: { x: { type: int, default: 1 } }\nsql: SELECT :x",
            "6:29: error: path input 'x' cannot have a default: a path always has a value for it; leave 'default' out"
        ),
        Golden.route(
            "A list from the context",
            "get: /r\ncontext: { x: '[int]' }\nsql: SELECT :x",
            "6:19: error: context input 'x' cannot be a list; write 'int'"
        ),
        Golden.route(
            "A default for the context",
            "get: /r\ncontext: { x: { type: int, default: 1 } }\nsql: SELECT :x",
            "6:32: error: context input 'x' cannot have a default: a request without it is answered with 401; leave 'default' out, or write 'optional: true' instead, for NULL without it"
        ),
        header(
            "No field",
            "{ type: int, default: 1 }",
            "15: error: header input 'x' needs 'from', the name of its header field, such as 'from: Accept-Language'"
        ),
        header(
            "Required",
            "{ type: int, from: X-Y }",
            "15: error: header input 'x' needs 'default' or 'optional: true': a header never makes a request fail"
        ),
        header(
            "Required in so many words",
            "{ type: int, from: X-Y, optional: false }",
            "15: error: header input 'x' needs 'default' or 'optional: true': a header never makes a request fail"
        ),
        header(
            "A shorthand",
            "int",
            "15: error: header input 'x' needs 'from', the name of its header field, such as 'from: Accept-Language'",
            "15: error: header input 'x' needs 'default' or 'optional: true': a header never makes a request fail"
        ),
        header(
            "A list",
            "{ type: '[int]', from: X-Y, default: [] }",
            "26: error: header input 'x' cannot be a list; write 'int'"
        ),
        header(
            "No field name",
            "{ type: int, from: 'X Y', optional: true }",
            "37: error: 'X Y' is not the name of a header field; write one such as 'Accept-Language'"
        ),
        header(
            "Cookies",
            "{ type: string, from: cookie, optional: true }",
            "40: error: 'cookie' is a secret, and must not become part of a cache key; take the user that it stands for instead, as in context: { userID: uuid }"
        ),
        header(
            "Hop by hop",
            "{ type: string, from: TE, optional: true }",
            "40: error: 'TE' is meant for the next hop only and cannot be an input; remove it"
        ),
        header(
            "A field of responses",
            "{ type: string, from: Set-Cookie, optional: true }",
            "40: error: 'Set-Cookie' is a field of responses and cannot be an input; remove it"
        ),
        header(
            "The server's own",
            "{ type: string, from: Host, optional: true }",
            "40: error: 'Host' is dealt with by the server and cannot be an input; remove it"
        ),
    ]

    @Test("What is wrong with a type is reported at its place", arguments: types)
    func typeGolden(_ golden: Golden) { golden.check() }

    @Test("What is wrong with a constraint is reported at its place", arguments: constraints)
    func constraintGolden(_ golden: Golden) { golden.check() }

    @Test("What is wrong for a group is reported at its place", arguments: groups)
    func groupGolden(_ golden: Golden) { golden.check() }

    @Test(
        "Secrets and fields of one hop are refused in any spelling",
        arguments: [
            "Authorization", "authorization", "PROXY-AUTHORIZATION", "Cookie", "Connection", "Keep-Alive",
            "Proxy-Connection", "TE",
            "Trailer", "Transfer-Encoding", "Upgrade", "Set-Cookie", "WWW-Authenticate", "Proxy-Authenticate",
            "If-None-Match", "",
        ]
    )
    func refusedFields(field: String) {
        let result = lines(
            oneRoute("get: /r\nheader: { x: { type: string, from: '\(field)', optional: true } }\nsql: SELECT :x")
        )
        #expect(result.count == 1)
        #expect(result.first?.hasPrefix("6:40: error: '\(field)' ") ?? false)
    }
}
