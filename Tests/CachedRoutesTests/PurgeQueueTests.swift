import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Purges that wait")
struct PurgeQueueTests {
    private func tag(_ number: Int) -> TagVersionKey { .tag("\(number)".utf8, in: "n") }

    private func add(_ names: [TagVersionKey], to queue: inout PurgeQueue) -> Bool {
        queue.add(names, insteadOfMany: [.route("r", in: "n")])
    }

    @Test("The last purge of each token is remembered until it is sent")
    func newest() {
        var queue = PurgeQueue()
        #expect(add([tag(1), tag(2)], to: &queue))
        #expect(add([tag(1)], to: &queue))
        #expect(queue.count == 2)
        let batch = queue.batch()
        #expect(Set(batch.names) == [tag(1), tag(2)])
        // Purged once more while the batch is under way.
        #expect(add([tag(2)], to: &queue))
        queue.done(batch)
        #expect(queue.batch().names == [tag(2)])
        #expect(queue.holds(anyOf: [tag(1), tag(2)]))
        #expect(!queue.holds(anyOf: [tag(1)]))
        queue.done(queue.batch())
        #expect(queue.count == 0)
    }

    @Test("A batch has a size")
    func batches() {
        var queue = PurgeQueue()
        #expect(add((0..<25).map(tag), to: &queue))
        var sizes: [Int] = []
        while queue.count > 0 {
            let batch = queue.batch(10)
            sizes.append(batch.names.count)
            queue.done(batch)
        }
        #expect(sizes == [10, 10, 5])
    }

    @Test("Beyond its bound the routes stand in for all tags")
    func bound() {
        var queue = PurgeQueue(limit: 3)
        #expect(add([tag(1), tag(2), tag(3)], to: &queue))
        #expect(!add([tag(4)], to: &queue))
        #expect(queue.batch().names == [.route("r", in: "n")])
        #expect(add([tag(5)], to: &queue))
        #expect(queue.count == 2)
    }
}

@Suite("Tokens of a route")
struct TokenPlanTests {
    private func names(_ cache: CachePolicy, _ inputs: RouteInput..., texts: [[String]] = []) throws -> [String] {
        var values = InputValues(count: inputs.count)
        for (index, texts) in texts.enumerated() {
            for text in texts { try values.add(text.utf8, to: inputs[index], at: index) }
        }
        let route = RouteDefinition(
            RouteDeclaration(
                "list",
                RouteSignature(namespace: "n", fingerprint: "0", method: .get, path: "/", inputs: inputs),
                .read(cache),
                returns: .many
            ),
            .sql("")
        )
        return RouteTagVersionKeys(route, cache).names(for: values).map(\.description)
    }

    @Test("are the route's, then those of its tags, then those of its tables, each once")
    func order() throws {
        #expect(try names(CachePolicy()) == ["n;route;list"])
        #expect(
            try names(
                CachePolicy(tags: ["b", "a", "b"], tables: TablePolicy(["users", "audit.events"]))
            ) == ["n;route;list", "n;tag;b", "n;tag;a", "n;table;users", "n;table;audit.events"]
        )
        #expect(
            try names(CachePolicy(tables: TablePolicy(["users"], minimumInterval: .seconds(2))))
                == ["n;route;list", "n;table;users;2000"]
        )
    }

    @Test("have the values of inputs as keys have them; a list makes one of each element")
    func values() throws {
        let text = RouteInput(.query, "text", .string, optional: true)
        let list = RouteInput(.query, "ids", .list(.int))
        let policy = CachePolicy(tags: ["x:{text}/{ids}", "all"])
        #expect(
            try names(policy, text, list, texts: [["a;b {c} ü"], ["3", "1", "3"]]) == [
                "n;route;list", "n;tag;x:a%3Bb%20%7Bc%7D%20%C3%BC/3", "n;tag;x:a%3Bb%20%7Bc%7D%20%C3%BC/1", "n;tag;all",
            ]
        )
        #expect(try names(policy, text, list, texts: [[], ["3"]]) == ["n;route;list", "n;tag;all"])
        #expect(try names(policy, text, list, texts: [["a"], []]) == ["n;route;list", "n;tag;all"])
        #expect(try names(CachePolicy(tags: ["x:{text}"]), text, texts: [[""]]) == ["n;route;list", "n;tag;x:"])
    }

    @Test("have no tag of an input that is absent, null or an empty list, and all the others")
    func absentInputs() throws {
        let inputs = [
            RouteInput(.path, "id", .int), RouteInput(.query, "q", .int, optional: true),
            RouteInput(.body, "a", .string, optional: true, nullable: true),
            RouteInput(.body, "list", .list(.int), optional: true, nullable: true),
        ]
        let signature = RouteSignature(namespace: "n", fingerprint: "0", method: .patch, path: "/{id}", inputs: inputs)
        let templates: [TagTemplate] = ["i:{id}", "q:{q}", "a:{a}", "l:{list}", "x:{id}:{list}:{q}", "{list}:{a}"]
        func names(_ q: String?, _ a: String?, _ list: String?) throws -> [String] {
            var values = InputValues(count: inputs.count)
            try values.add("7".utf8, to: inputs[0], at: 0)
            if let q { try values.add(q.utf8, to: inputs[1], at: 1) }
            if let a { try values.add(JSONValue(Array(a.utf8)), to: inputs[2], at: 2) }
            if let list { try values.add(JSONValue(Array(list.utf8)), to: inputs[3], at: 3) }
            return templates.flatMap { TagRenderer($0, of: signature).names(for: values) }
                .map { String($0.description.dropFirst("n;tag;".count)) }
        }
        for (q, a, list) in [(nil, nil, nil), (nil, "null", "null"), (nil, "null", "[]")]
            as [(String?, String?, String?)]
        {
            #expect(try names(q, a, list) == ["i:7"])
        }
        #expect(try names("1", #""x""#, "[]") == ["i:7", "q:1", "a:x"])
        #expect(try names("1", "null", "[5,6]") == ["i:7", "q:1", "l:5", "l:6", "x:7:5:1", "x:7:6:1"])
        #expect(try names(nil, #""""#, "[5]") == ["i:7", "a:", "l:5", "5:"])
    }

    @Test(
        "are the same of a body as of a query, of whatever type",
        arguments: [
            (InputType.decimal, "1.50", "1.5"), (.decimal, "2.00", "2"), (.decimal, "-0.0", "0"),
            (.decimal, "0.10", "0.1"),
            (.decimal, "\"12.500\"", "12.5"), (.decimal, "1e2", "100"), (.decimal, "100", "100.0"),
            (.decimal, "15e-1", "1.50"),
            (.double, "1.0", "1"), (.double, "1e2", "100"), (.int, "1e2", "100"), (.int32, "7", "07"),
            (.bool, "true", "true"),
            (.uuid, #""A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11""#, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            (.timestamp, #""2024-02-29T13:00:00.50+01:00""#, "2024-02-29T12:00:00.5Z"),
            (.date, #""2024-02-29""#, "2024-02-29"),
            (.string, #""a b""#, "a b"), (.list(.decimal), "[1.50]", "1.5"), (.list(.double), "[1.0]", "1"),
        ]
    )
    func groups(_ type: InputType, _ json: String, _ text: String) throws {
        func names(_ group: RouteInput.Group, _ add: (inout InputValues, RouteInput) throws -> Void) throws
            -> [TagVersionKey]
        {
            let input = RouteInput(group, "x", type)
            let signature = RouteSignature(namespace: "n", fingerprint: "0", method: .post, path: "/", inputs: [input])
            var values = InputValues(count: 1)
            try add(&values, input)
            return TagRenderer("x:{x}", of: signature).names(for: values)
        }
        let read = try names(.query) { values, input in try values.add(text.utf8, to: input, at: 0) }
        let written = try names(.body) { values, input in try values.add(JSONValue(Array(json.utf8)), to: input, at: 0)
        }
        #expect(written == read && written.count == 1)
    }

    @Test("are cut like keys, and read back from what the store calls them")
    func stored() throws {
        let long = TagVersionKey.tag(String(repeating: "x", count: 600).utf8, in: "n")
        #expect(long.bytes.count == 400 + 1 + 32)
        #expect(long != .tag(String(repeating: "x", count: 601).utf8, in: "n"))
        for name in [.route("r", in: "n"), .tag("a:b".utf8, in: "n"), .table("t", minimumInterval: 5, in: "n"), long] {
            #expect(TagVersionKey(stored: name.bytes) == name)
        }
        for key in ["n:0:get:/:", "n:0:get:/:;gzip", "n:0:get:/:;lock;0", "n;other;x", ""] {
            #expect(TagVersionKey(stored: Array(key.utf8)) == nil)
        }
    }
}
