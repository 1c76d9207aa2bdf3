import RouteModel
import Testing

@Suite struct NullableTests {
    private static let inputs = [
        RouteInput(.body, "text", .string, optional: true, nullable: true),
        RouteInput(.body, "json", .json, optional: true, nullable: true),
        RouteInput(.body, "list", .list(.int), optional: true, nullable: true),
        RouteInput(.body, "plain", .string, optional: true),
    ]

    private func values(_ members: [String?]) throws -> InputValues {
        var values = InputValues(count: members.count)
        for (index, member) in members.enumerated() {
            if let member {
                try values.add(JSONValue(Array(member.utf8)), to: Self.inputs[index], at: index)
            }
            try values.complete(Self.inputs[index], at: index)
        }
        return values
    }

    @Test("A nullable input is absent, null or a value, and only the first is not given")
    func states() throws {
        let absent = try values([nil, nil, nil, nil])
        let null = try values(["null", "null", "null", "null"])
        let given = try values([#""""#, "0", "[]", #""""#])
        for index in 0..<3 {
            #expect(!absent.isPresent(at: index) && !absent.isNull(at: index) && !absent.isGiven(at: index))
            #expect(!null.isPresent(at: index) && null.isNull(at: index) && null.isGiven(at: index))
            #expect(null.bytes(at: index) == nil && null.texts(at: index) == [])
            #expect(given.isPresent(at: index) && !given.isNull(at: index) && given.isGiven(at: index))
        }
        #expect(!null.isGiven(at: 3), "without 'nullable', null is absence")
        #expect(absent != null)
    }

    @Test("A null can be given once, and stands in no list")
    func repetition() throws {
        var values = try values(["null"])
        for json in ["null", #""x""#] {
            let value = try JSONValue(Array(json.utf8))
            #expect(throws: InputError.repeated) { try values.add(value, to: Self.inputs[0], at: 0) }
        }
        #expect(throws: InputError.containsNull) { try self.values([nil, nil, "[1,null]"]) }
    }

    @Test("A statement takes the value of an input by its name, and whether a nullable one is given by another")
    func parameters() {
        let inputs = Self.inputs + [RouteInput(.query, "plain_given", .int)]
        let expected: [(String, ParameterBinding?)] = [
            ("text", .value(0)), ("text_given", .presence(0)), ("list_given", .presence(2)), ("plain", .value(3)),
            ("plain_given", .value(4)), ("json_given_given", nil), ("given", nil), ("Text_given", nil),
        ]
        for (name, parameter) in expected {
            #expect(ParameterBinding(named: name, in: inputs) == parameter, "\(name)")
            #expect(parameter.map { $0.name(in: inputs) } ?? name == name)
        }
        #expect(ParameterBinding.presence(2).type(in: inputs) == .bool)
        #expect(ParameterBinding.value(2).type(in: inputs) == .list(.int))
    }

    @Test("An input has a name in requests; a header's alone is a field")
    func wireNames() {
        let expected: [(RouteInput, String, String?)] = [
            (RouteInput(.query, "size", .int), "size", nil),
            (RouteInput(.query, "size", .int, from: "page-size"), "page-size", nil),
            (RouteInput(.body, "size", .int, from: "página[size]"), "página[size]", nil),
            (RouteInput(.header, "lang", .string, from: "Accept-Language"), "Accept-Language", "Accept-Language"),
            (RouteInput(.path, "id", .int), "id", nil), (RouteInput(.context, "user", .int), "user", nil),
        ]
        for (input, name, field) in expected {
            #expect(input.wireName == name)
            #expect(input.field == field)
        }
    }

    @Test("A key has an input's own name, whatever requests call it")
    func keys() throws {
        let inputs = [RouteInput(.query, "b", .int, from: "a-a"), RouteInput(.query, "a", .int, from: "z z")]
        let signature = RouteSignature(namespace: "n", fingerprint: "0", method: .get, path: "/", inputs: inputs)
        var values = InputValues(count: 2)
        try values.add("1".utf8, to: inputs[0], at: 0)
        try values.add("2".utf8, to: inputs[1], at: 1)
        #expect(signature.key(for: values).description == "n:0:get:/:a=2&b=1")
    }
}
