import RouteManifest
import RouteModel
import Testing

private func query(_ name: String, _ inputs: String, _ expected: String...) -> Golden {
    var golden = Golden(name, oneRoute("get: /r\nquery: \(inputs)\nhandler: swift"))
    golden.expected = expected
    return golden
}

private func body(_ name: String, _ inputs: String, _ expected: String...) -> Golden {
    var golden = Golden(name, oneRoute("patch: /r\nbody: \(inputs)\nhandler: swift"))
    golden.expected = expected
    return golden
}

private func statement(_ name: String, _ inputs: String, _ sql: String, _ expected: String...) -> Golden {
    var golden = Golden(name, oneRoute("patch: /r\nbody: \(inputs)\nsql: \(sql)\nreturns: none"))
    golden.expected = expected
    return golden
}

@Suite struct InputNameDiagnosticsTests {
    static let wireNames = [
        query("Any text", "{ a: { type: int, from: page-size }, b: { type: int, from: '&= []+é%' } }"),
        query("The input's own name", "{ a: { type: int, from: a } }"),
        query(
            "Two names that are one to Swift",
            "{ a: { type: int, from: \"\\u00e9\" }, b: { type: int, from: \"e\\u0301\" } }"
        ),
        Golden.route(
            "One name in two groups",
            "post: /r\nquery: { a: { type: int, from: x } }\nbody: { b: { type: int, from: x } }\nhandler: swift"
        ),
        Golden.route(
            "Two inputs of one field",
            "get: /r\nheader: { a: { type: int, from: X-Y, default: 1 }, b: { type: int, from: X-Y, default: 2 } }\n"
                + "handler: swift"
        ),
        query(
            "No text",
            "{ a: { type: int, from: '' } }",
            "6:36: error: 'from' is the name of a query parameter and cannot be empty; write one, or leave 'from' out"
        ),
        body(
            "No text in a body",
            "{ a: { type: int, from: '' } }",
            "6:35: error: 'from' is the name of a member of the body and cannot be empty; write one, or leave 'from' out"
        ),
        query(
            "A list",
            "{ a: { type: int, from: [x] } }",
            "6:36: error: 'from' must be a single value, not a list; write 'from: x'"
        ),
        query(
            "The same name twice",
            "{ a: { type: int, from: page }, b: { type: int, from: page } }",
            "6:66: error: inputs 'a' and 'b' have one name in the query, 'page'; give one of them another 'from'",
            "6:36: note: 'a' is declared here"
        ),
        query(
            "The name of another input",
            "{ a: { type: int, from: b }, b: int }",
            "6:41: error: inputs 'a' and 'b' have one name in the query, 'b'; give one of them another 'from'",
            "6:36: note: 'a' is declared here"
        ),
        body(
            "The name of an input before it",
            "{ a: int, b: { type: int, from: a }, c: { type: int, from: a } }",
            "6:43: error: inputs 'a' and 'b' have one name in the body, 'a'; give one of them another 'from'",
            "6:13: note: 'a' is declared here",
            "6:70: error: inputs 'a' and 'c' have one name in the body, 'a'; give one of them another 'from'",
            "6:13: note: 'a' is declared here"
        ),
        Golden.route(
            "Where an input has no other name",
            "get: /{x}\npath: { x: { type: int, from: y } }\ncontext: { z: { type: int, from: y } }\nhandler: swift",
            "6:29: error: path input 'x' is the '{x}' of its path and has no other name; leave out 'from'",
            "7:32: error: context input 'z' is given by the app under its own name; leave out 'from'"
        ),
        query(
            "A misspelt 'from'",
            "{ a: { type: int, form: x } }",
            "6:30: error: unknown key 'form' in input 'a' (did you mean 'from'?)"
        ),
        body(
            "Names that Swift can't have",
            "{ first_name-x: int, 'order[by]': int, 'new Password': int, Class: int, class: int }",
            "6:13: error: an input's name: 'first_name-x' is not a Swift identifier of letters, digits and underscores; "
                + "call it 'first_nameX' and say \"from: 'first_name-x'\"",
            "6:32: error: an input's name: 'order[by]' is not a Swift identifier of letters, digits and underscores; "
                + "call it 'orderBy' and say \"from: 'order[by]'\"",
            "6:50: error: an input's name: 'new Password' is not a Swift identifier of letters, digits and underscores; "
                + "call it 'newPassword' and say \"from: 'new Password'\"",
            "6:83: error: an input's name: 'class' is a Swift keyword; call it something else and say \"from: 'class'\""
        ),
    ]

    static let nullable = [
        body("A nullable input", "{ a: { type: '[int]', optional: true, nullable: true } }"),
        body("One that is not", "{ a: { type: int, nullable: false } }"),
        body(
            "One that is required",
            "{ a: { type: int, nullable: true }, b: { type: int, optional: false, nullable: true } }",
            "6:39: error: input 'a' is 'nullable', which tells null from absent, but it is never absent; add "
                + "'optional: true' or leave out 'nullable'",
            "6:90: error: input 'b' is 'nullable', which tells null from absent, but it is never absent; add "
                + "'optional: true' or leave out 'nullable'"
        ),
        body(
            "One with a default",
            "{ a: { type: int, default: 1, nullable: true } }",
            "6:51: error: input 'a' has a default, which null stands for too; leave out 'default' and say "
                + "'optional: true', or leave out 'nullable'"
        ),
        body(
            "One in words",
            "{ a: { type: int, optional: true, nullable: yes } }",
            "6:55: error: 'nullable' must be true or false, not 'yes' (write 'true')"
        ),
        body(
            "One that is misspelt",
            "{ a: { type: int, optional: true, nulable: true } }",
            "6:45: error: unknown key 'nulable' in input 'a' (did you mean 'nullable'?)"
        ),
        Golden.route(
            "One outside of a body",
            """
            put: /{x}
            path: { x: { type: int, nullable: true } }
            query: { y: { type: int, optional: true, nullable: true } }
            header: { z: { type: int, from: X-Z, default: 1, nullable: false } }
            context: { u: { type: int, nullable: true } }
            handler: swift
            """,
            "6:29: error: 'nullable' is for inputs under 'body', where JSON has a null; leave it out",
            "7:46: error: 'nullable' is for inputs under 'body', where JSON has a null; say 'optional: true' for one "
                + "that may be absent",
            "8:54: error: 'nullable' is for inputs under 'body', where JSON has a null; say 'optional: true' for one "
                + "that may be absent",
            "9:32: error: 'nullable' is for inputs under 'body', where JSON has a null; say 'optional: true' for one "
                + "that may be absent"
        ),
    ]

    private static let bio =
        "{ bio: { type: string, optional: true, nullable: true }, x: { type: int, optional: true } }"

    static let companions = [
        statement(
            "Whether a nullable input is given",
            bio,
            "UPDATE t SET bio = CASE WHEN :bio_given THEN :bio ELSE bio END WHERE x = :x"
        ),
        statement(
            "Whether another is given",
            bio,
            "UPDATE t SET bio = :bio, y = :x WHERE :x_given",
            "7:48: error: SQL uses ':x_given', which is not an input of this route (':x_given' needs 'nullable: true' in "
                + "input 'x')"
        ),
        Golden.route(
            "Whether an input that can't be null is given",
            "put: /r\nquery: { q: { type: int, optional: true } }\nsql: SELECT :q WHERE :q_given",
            "7:26: error: SQL uses ':q_given', which is not an input of this route; declare it, for instance under 'query'"
        ),
        statement(
            "A misspelt companion",
            bio,
            "UPDATE t SET bio = :bio, y = :x WHERE :bio_givn",
            "7:48: error: SQL uses ':bio_givn', which is not an input of this route (did you mean 'bio_given'?)"
        ),
        statement(
            "An input of the same name",
            "{ bio: { type: string, optional: true, nullable: true }, bio_given: bool }",
            "UPDATE t SET bio = :bio WHERE :bio_given",
            "6:68: error: input 'bio_given' cannot have this name: ':bio_given' tells whether the nullable input 'bio' is "
                + "given; give one of them another name",
            "6:13: note: 'bio' is declared here"
        ),
        Golden.route(
            "An input of the same name in another group",
            """
            patch: /{a_given}
            path: { a_given: int }
            body: { a: { type: int, optional: true, nullable: true } }
            handler: swift
            """,
            "6:13: error: input 'a_given' cannot have this name: ':a_given' tells whether the nullable input 'a' is "
                + "given; give one of them another name",
            "7:13: note: 'a' is declared here"
        ),
        statement(
            "A nullable input with a fault of its own",
            "{ a: { type: itn, optional: true, nullable: true } }",
            "UPDATE t SET a = :a WHERE :a_given",
            "6:24: error: unknown type 'itn' (did you mean 'int'?)"
        ),
        body(
            "A set with one decimal in two scales",
            "{ a: { type: decimal, one-of: [1.5, 1.50, -1.5] } }",
            "6:47: error: '1.50' stands in 'one-of' twice; remove one"
        ),
        body(
            "Decimals with a scale",
            "{ a: { type: decimal, min: 1e-2, max: 1.50, default: 1.0, one-of: [1, 1.50] } }"
        ),
        query(
            "Decimals with a scale elsewhere",
            "{ a: { type: decimal, min: 1e-2 } }",
            "6:39: error: 'min' must be a decimal number such as 12.50, not '1e-2'"
        ),
    ]

    @Test("What is wrong with a name in requests is reported at its place", arguments: wireNames)
    func wireNameGolden(_ golden: Golden) { golden.check() }

    @Test("What can't be nullable is reported at its place", arguments: nullable)
    func nullableGolden(_ golden: Golden) { golden.check() }

    @Test("A statement may ask whether a nullable input is given", arguments: companions)
    func companionGolden(_ golden: Golden) { golden.check() }

    @Test("Names in requests, null and scales reach the manifest's inputs")
    func inputs() throws {
        let source = oneRoute(
            """
            patch: /r
            query: { size: { type: int, from: page-size, default: 1 }, same: { type: int, from: same } }
            body:
              bio: { type: string, optional: true, nullable: true, from: "über mich" }
              price: { type: decimal, default: 1.50, max: 2.00 }
            sql: SELECT :bio AS a, :bio_given AS b, :price AS c, :size AS d, :same AS e, :bio_given AS f
            """
        )
        let route = try #require(parse(source).manifest).routes[0]
        #expect(
            route.signature.inputs == [
                RouteInput(.query, "size", .int, from: "page-size", default: "1"), RouteInput(.query, "same", .int),
                RouteInput(.body, "bio", .string, from: "über mich", optional: true, nullable: true),
                RouteInput(.body, "price", .decimal, default: "1.50", max: "2.00"),
            ]
        )
        guard case .sql(let statement) = route.source else {
            Issue.record("no statement")
            return
        }
        #expect(statement.sql == "SELECT $1 AS a, $2 AS b, $3 AS c, $4 AS d, $5 AS e, $2 AS f")
        #expect(statement.parameters == [.value(2), .presence(2), .value(3), .value(0), .value(1)])
    }
}
