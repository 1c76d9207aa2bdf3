import CachedRoutes
import Foundation
import Fuzzing
import HTTPTypes
import RouteCodegen
import RouteManifest
import RouteModel
import Testing

@testable import CachedRoutesCore

@Suite struct NamespaceTests {
    @Test("A request is a value of the route's inputs, and the name alone is still the route")
    func request() {
        let route: RouteDefinition = UsersRoutes.getUser
        let inferred = UsersRoutes.getUser
        let input: UsersRoutes.GetUser.Input = UsersRoutes.getUser(id: 7)
        #expect(route.name == "getUser" && inferred.name == "getUser")
        #expect(input.id == 7 && input.lang == "en")
        #expect(UsersRoutes.GetUserInput(id: 7).id == 7)
        _ = InputsRoutes.root()
        #expect(InputsRoutes.root.name == "root")
        #expect(TaggedRoutes.now(TaggedHandlers()).name == "now")
        _ = TaggedRoutes.now()
    }

    @Test("What is left out of inputs is the manifest's default")
    func defaults() {
        let uuid = UUID()
        let input = InputsRoutes.defaults(uuid: uuid, timestamp: Date(timeIntervalSince1970: 0))
        #expect(input.int == Int.min && input.int32 == 7 && input.double == 1e20 && input.decimal == "0.1")
        #expect(
            !input.bool && input.string.utf8.elementsEqual("a\"\\(b)\r\n\u{202E}é".utf8) && input.date == "2024-02-29"
        )
        #expect(input.ints == [1, -2] && input.bools == [true] && input.texts == ["", "b,c"])
        #expect(KindsRoutes.ListsInput(ids: []).tags == ["a", "b"])
        #expect(PatchesRoutes.PatchUserInput(id: 1).price == "1.50")
    }

    @Test("A URL has the path and the query, percent-encoded, with the names that requests have")
    func urls() {
        #expect(UsersRoutes.ListUsers.url(for: UsersRoutes.listUsers()) == "/api/v1/users?skip=0&limit=20")
        #expect(UsersRoutes.GetUser.url(for: UsersRoutes.getUser(id: -7)) == "/api/v1/users/-7")
        #expect(UsersRoutes.GetUser.url(for: UsersRoutes.getUser(id: 7), below: "/v2") == "/v2/api/v1/users/7")
        #expect(InputsRoutes.Root.url(for: InputsRoutes.root()) == "/")
        #expect(
            PatchesRoutes.List.url(for: PatchesRoutes.list(quoted: "a b+c/%&=?#é")).hasSuffix(
                "=a%20b%2Bc%2F%25%26%3D%3F%23%C3%A9"
            )
        )
        #expect(PatchesRoutes.List.url(for: PatchesRoutes.list(pageSize: 5)) == "/users?page-size=5")
        #expect(PatchesRoutes.PatchUser.url(for: PatchesRoutes.patchUser(id: 1, bio: .null)) == "/users/1")
        #expect(KindsRoutes.Lists.url(for: KindsRoutes.lists(ids: [1, 2], tags: [""])) == "/lists?ids=1&ids=2&tags=")
        #expect(HostileRoutes.Usage2.url(for: .init(name: 1)) == "/3?name=1")
    }

    @Test("A namespace has the names of its route's types, and any JSON where there are no rows")
    func types() throws {
        func expect<Left, Right>(_ left: Left.Type, _ right: Right.Type) { #expect(left == right) }
        expect(RowsRoutes.ListOrders.Row.self, RowsRoutes.ListOrdersRow.self)
        expect(RowsRoutes.ListOrders.Response.self, [RowsRoutes.ListOrdersRow].self)
        expect(RowsRoutes.GetUser.Response.self, RowsRoutes.GetUserRow.self)
        expect(RowsRoutes.Total.Response.self, ExactDecimal?.self)
        expect(RowsRoutes.Clear.Response.self, JSONFragment.self)
        expect(RowsRoutes.Open.Response.self, JSONFragment.self)
        expect(KindsRoutes.Scalars.Response.self, JSONFragment.self)
        expect(KindsRoutes.Scalars.Input.self, KindsRoutes.ScalarsInput.self)
        expect(RowsRoutes.GetUser.Input.Route.self, RowsRoutes.GetUser.self)
        #expect(RowsRoutes.GetUser.declaration == RowsRoutes.getUser.declaration)
        let handlers = KindsHandlers()
        #expect(KindsRoutes.Scalars.declaration == KindsRoutes.scalars(handlers).declaration)
    }

    @Test("Routes and inputs may be called as parts of a namespace are")
    func names() throws {
        let route = NamespacesRoutes.route(Route: 1, route: 2, texts: [3])
        #expect(try read(route).Route == 1 && read(route).texts == [3])
        #expect(url(route) == "/route?Route=1&route=2&texts=3")
        let input = NamespacesRoutes.input(Route: "r", values: 1, InputText: 3, initValue: 4)
        #expect(url(input) == "/input?Route=r&values=1&InputInput=1&InputText=3&declaration=2&init=4")
        #expect(try read(input).initValue == 4)
        #expect(url(NamespacesRoutes.RowInput(_Value: 1)) == "/row-input?_=1&self=x")
        #expect(url(NamespacesRoutes.row()) == "/row" && url(NamespacesRoutes.Row()) == "/Row")
        #expect(url(NamespacesRoutes.void()) == "/void-" && url(NamespacesRoutes.cachedRoutes()) == "/cachedRoutes-")
    }

    @Test("Today's names of types are as they were before there were namespaces")
    func kept() {
        // One route's namespace would be called as another route's rows are.
        let rows = HostileRowsRoutes.StateRow2.self
        #expect("\(rows)" == "StateRow2")
        let text = RoutesFile(Manifests.hostile, fileName: "r").text
        for name in ["UsageInput2", "UsageInput3", "HandlersInput", "DefaultInput"] {
            #expect(text.contains("func") && text.contains("_ input: \(name))"), "\(name)")
        }
        #expect(text.contains("enum Usage2: ") && text.contains("enum HandlersRoute3: "))
    }

    @Test("What no request has is an error, and not another request")
    func unsendable() throws {
        func refusal<Inputs: RouteInputs>(_ inputs: Inputs, method: HTTPRequest.Method? = nil) -> String? {
            do {
                _ = try RequestBuilder(inputs).request(method: method)
                return nil
            } catch {
                return error.description
            }
        }
        var find = Self.find
        #expect(refusal(find) == nil && refusal(find, method: .head) == nil)
        #expect(refusal(find, method: .post)?.contains("405") == true)
        find.text = ""
        #expect(refusal(find)?.contains("'text'") == true)
        find.text = "x"
        for note in [" x", "x\r\nX-Other: 1", "x\u{0}"] {
            find.note = note
            #expect(refusal(find)?.contains("X-Note") == true, "\(note)")
        }
        var change = Self.change
        #expect(refusal(change) == nil)
        for json in ["", "1,\"int\":2", "{", "nul", "1 2"] {
            change.json = json
            #expect(refusal(change)?.contains("'json'") == true, "\(json)")
        }
    }

    @Test("A value that the route's type does not have is refused by the route, as that of any client")
    func refused() throws {
        var change = Self.change
        change.double = .infinity
        #expect(throws: RequestError.self) { try read(change) }
        change = Self.change
        change.uuid = UUID()
        change.date = "2024-02-30"
        #expect(throws: RequestError.self) { try read(change) }
        var find = Self.find
        find.double = .nan
        #expect(throws: RequestError.self) { try read(find) }
        find = Self.find
        find.string = "\0"
        #expect(throws: RequestError.self) { try read(find) }
        find = Self.find
        find.ints = []
        #expect(throws: RequestError.self) { try read(find) }
    }

    /// An empty list in a query is none.
    @Test("A list's default stands for an empty list in a query, and not in a body")
    func emptyLists() throws {
        #expect(try read(KindsRoutes.lists(ids: [1], tags: [])).tags == ["a", "b"])
        var change = Self.change
        change.texts = []
        #expect(try read(change).texts == [])
        change.nullableTexts = .value([])
        #expect(try read(change).nullableTexts == .value([]))
    }

    @Test("A route reads the inputs that a request was built of: path, query, header fields and context")
    func reads() throws {
        let cases = FuzzCases(400)
        for seed in cases {
            var values = InputGenerator(seed: seed)
            var find = Self.find
            find.int = values.int()
            find.int32 = values.int32()
            find.double = values.double()
            find.decimal = values.decimal()
            find.bool = values.bool()
            find.string = values.text()
            find.uuid = values.optional { $0.uuid() }
            find.date = values.optional { $0.date() }
            find.timestamp = values.optional { $0.timestamp() }
            find.ints = values.list(from: 1) { $0.int() }
            find.doubles = values.optional { $0.list(from: 1) { $0.double() } }
            find.texts = values.list { $0.text() }
            find.uuids = values.optional { $0.list(from: 1) { $0.uuid() } }
            find.id = values.uuid()
            find.text = values.text() + values.pick([".", "..", "x", "/", "%2E", "é"])
            find.number = values.decimal()
            find.day = values.date()
            find.note = values.optional { $0.field() }
            find.language = values.field()
            find.memberID = values.uuid()
            find.role = values.optional { $0.text() }
            try expectRead(find, seed)
            let defaults = InputsRoutes.defaults(
                int: values.int(),
                int32: values.int32(),
                double: values.double(),
                decimal: values.decimal(),
                bool: values.bool(),
                string: values.text(),
                uuid: values.uuid(),
                date: values.date(),
                timestamp: values.timestamp(),
                ints: values.list(from: 1) { $0.int() },
                bools: values.list(from: 1) { $0.bool() },
                texts: values.list(from: 1) { $0.text() }
            )
            try expectRead(defaults, seed)
        }
    }

    @Test("A route reads the inputs that a request was built of: the body")
    func writes() throws {
        let cases = FuzzCases(400)
        for seed in cases {
            var values = InputGenerator(seed: seed)
            var change = Self.change
            change.id = values.int()
            change.int = values.int()
            change.int32 = values.optional { $0.int32() }
            change.double = values.double()
            change.decimal = values.decimal(isInBody: true)
            change.bool = values.bool()
            change.string = values.text()
            change.uuid = values.uuid()
            change.date = values.date()
            change.timestamp = values.timestamp()
            change.json = values.json()
            change.optionalJSON = values.optional { $0.json(orNull: false) }
            change.ints = values.list { $0.int() }
            change.doubles = values.optional { $0.list { $0.double() } }
            change.texts = values.list { $0.text() }
            change.nullableInt = values.nullable { $0.int() }
            change.nullableText = values.nullable { $0.text() }
            change.nullableJSON = values.nullable { $0.json(orNull: false) }
            change.nullableTexts = values.nullable { $0.list { $0.text() } }
            change.dry = values.bool()
            try expectRead(change, seed)
        }
    }

    private static var find: InputsRoutes.FindInput {
        InputsRoutes.find(
            int: 1,
            int32: 2,
            double: 0.5,
            decimal: "1.5",
            bool: true,
            string: "s",
            ints: [1],
            id: UUID(),
            text: "t",
            number: "1",
            day: "2024-02-29",
            memberID: UUID()
        )
    }

    private static var change: InputsRoutes.ChangeInput {
        InputsRoutes.change(
            id: 1,
            int: 1,
            double: 0.5,
            decimal: "1.50",
            bool: true,
            string: "s",
            uuid: UUID(),
            date: "2024-02-29",
            timestamp: Date(timeIntervalSince1970: 0),
            json: "{}",
            ints: []
        )
    }

    private func url<Inputs: RouteInputs>(_ inputs: Inputs) -> String { Inputs.Route.url(for: inputs) }

    /// The inputs that the route reads from the request that is built of some, with no others in its query.
    private func read<Inputs: RouteInputs>(_ inputs: Inputs) throws -> Inputs {
        let builder = RequestBuilder(inputs)
        let request = try builder.request()
        #expect(request.hasValidTarget)
        let parser = RequestParser(Inputs.Route.declaration.signature, rejectsUnknownQuery: true)
        return Inputs.Route.input(of: try parser.values(of: request, context: builder.context))
    }

    private func expectRead<Inputs: RouteInputs>(_ inputs: Inputs, _ seed: UInt64) throws {
        let texts = Inputs.Route.texts(of: inputs)
        do {
            let read = Inputs.Route.texts(of: try read(inputs))
            // Equal strings may differ in bytes.
            #expect(read.map { Array("\($0)".utf8) } == texts.map { Array("\($0)".utf8) }, "seed \(seed)")
        } catch {
            Issue.record("seed \(seed): \(error), \(texts)")
        }
    }
}

/// Values of inputs, the same for a seed.
private struct InputGenerator {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private static let pieces = [
        "a", "Z", "0", "é", "e\u{301}", "👩‍👩‍👧", "\u{202E}", "\u{FEFF}", " ", "  ", "+", "%", "%2F", "%zz", "/", "//", "?",
        "#", "&", "=",
        ";", ",", ".", "..", "/../", "\r\n", "\t", "\u{1}", "\u{7F}", "\"", "\\", "\\u0041", "'", "~", "<", "null",
        "{}", "[", "]",
        "\u{10FFFF}", "\u{2028}",
    ]

    mutating func pick<Value>(_ values: [Value]) -> Value { random.pick(values) }
    mutating func bool() -> Bool { random.oneIn(2) }
    mutating func int() -> Int {
        random.pick([0, 1, -1, Int.max, Int.min, random.number(-1000...1000), Int(truncatingIfNeeded: random.next())])
    }
    mutating func int32() -> Int32 {
        random.pick([0, -1, Int32.max, Int32.min, Int32(truncatingIfNeeded: random.next())])
    }
    mutating func double() -> Double {
        let any = Double(bitPattern: random.next())
        let some = any.isFinite && any != 0 ? any : 0.1
        return random.pick([
            0, 1, -1.5, 0.1, 1e20, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, Double(int()), some,
        ])
    }
    mutating func decimal(isInBody: Bool = false) -> String {
        let other = "\(random.number(1...99_999)).\(random.number(0...99))\(random.number(1...9))"
        let decimals = ["0", "1", "-1.5", "0.001", "123456789012345678901234567890.5", other, "-\(other)"]
        // A body's keep their scale.
        return random.pick(isInBody ? decimals + ["1.50", "0.00", "-2.0"] : decimals)
    }
    mutating func text() -> String { (0..<random.below(6)).map { _ in random.pick(Self.pieces) }.joined() }
    mutating func field() -> String {
        (0..<random.below(6)).map { _ in random.pick(["a", "é", "👩‍👩‍👧", " ", "\t", "\"", "%", ",", ";"]) }.joined()
            .trimmingCharacters(in: [" ", "\t"])
    }
    mutating func uuid() -> UUID {
        let (high, low) = (random.next(), random.next())
        let bytes =
            (0..<8).map { UInt8(truncatingIfNeeded: high >> (8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> (8 * $0)) }
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
    mutating func date() -> String {
        random.pick([
            "2024-02-29", "0001-01-01", "9999-12-31",
            "19\(random.number(10...99))-0\(random.number(1...9))-1\(random.below(10))",
        ])
    }
    mutating func timestamp() -> Date {
        let microseconds = random.number(-4_000_000_000_000_000...4_000_000_000_000_000)
        return Date(timeIntervalSince1970: Double(random.pick([0, -1, microseconds])) / 1_000_000)
    }
    mutating func json(orNull: Bool = true) -> String {
        let text = JSONStringEscaper.quoted(text())
        return random.pick(
            ["{\"a\":[1,2.50,\(text)]}", text, "[]", "1e400", "-0.0", "{\"int\":7}", "true"] + (orNull ? ["null"] : [])
        )
    }
    mutating func optional<Value>(_ make: (inout Self) -> Value) -> Value? { random.oneIn(4) ? nil : make(&self) }
    mutating func nullable<Value: Sendable>(_ make: (inout Self) -> Value) -> NullableInput<Value> {
        random.oneIn(4) ? .absent : random.oneIn(4) ? .null : .value(make(&self))
    }
    mutating func list<Value>(from least: Int = 0, _ make: (inout Self) -> Value) -> [Value] {
        (0..<random.number(least...3)).map { _ in make(&self) }
    }
}
