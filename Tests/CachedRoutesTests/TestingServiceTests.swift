import CachedRoutes
import CachedRoutesTesting
import RouteModel
import Testing

@Suite("A service for tests")
struct TestingServiceTests {
    private let database = CannedDatabase()
    private let clock = ManualClock()
    private let service: CachedRoutesService

    init() {
        service = CachedRoutesService.testing(ThingRoutes(), database: database, clock: clock)
        database.answer(ThingRoutes.GetThing.self) { input in
            input.id == 7 ? ThingRoutes.Thing(id: 7, member: input.member, name: "n\(input.view)") : nil
        }
    }

    @Test("A response is made once within its ttl, and its value is that of the rows")
    func hit() async throws {
        let miss = try await service.response(to: ThingRoutes.getThing(id: 7, member: "m"))
        #expect(miss.status == .ok && !miss.isHit && miss.cacheStatus?.contains("fwd=uri-miss; stored") == true)
        #expect(try miss.decoded() == ThingRoutes.Thing(id: 7, member: "m", name: "nall"))
        #expect(miss.text == #"{"id":7,"member":"m","name":"nall"}"#)
        let hit = try await service.response(to: ThingRoutes.getThing(id: 7, member: "m"))
        #expect(hit.isHit && hit.text == miss.text && hit.headerFields[.eTag] == miss.headerFields[.eTag])
        #expect(database.queryCount == 1 && database.queryCount(of: ThingRoutes.GetThing.self) == 1)
        clock.advance(by: .seconds(61))
        let later = try await service.response(to: ThingRoutes.getThing(id: 7, member: "m"))
        #expect(!later.isHit && database.queryCount(of: ThingRoutes.GetThing.self) == 2)
    }

    @Test("Values of the path, the query, header fields and the context are parts of the key")
    func keys() async throws {
        let inputs = [
            ThingRoutes.getThing(id: 7, member: "m"), ThingRoutes.getThing(id: 7, member: "o"),
            ThingRoutes.getThing(id: 7, view: "é+&", member: "m"), ThingRoutes.getThing(id: 8, member: "m"),
        ]
        for input in inputs { #expect(try await !service.response(to: input).isHit) }
        #expect(database.queryCount == 4)
        let other = try await service.response(to: inputs[2])
        #expect(try other.decoded().name == "né+&" && other.isHit)
    }

    @Test("No row is a 404, which has no value")
    func noRow() async throws {
        let missing = try await service.response(to: ThingRoutes.getThing(id: 8, member: "m"))
        #expect(missing.status == .notFound)
        #expect(throws: UnexpectedResponseError.self) { try missing.decoded() }
        do {
            _ = try missing.decoded()
        } catch {
            #expect("\(error)".hasPrefix("getThing was answered with 404"))
        }
    }

    @Test("A context input that the app does not give is a 401, and a refused value a 400")
    func refusals() async throws {
        let missing = try await service.response(to: ThingRoutes.getThing(id: 7))
        #expect(missing.status == .unauthorized && missing.headerFields[.wwwAuthenticate] != nil)
        let refused = try await service.response(to: ThingRoutes.getThing(id: 0, member: "m"))
        #expect(refused.status == .badRequest && refused.text.contains("\"id\""))
        #expect(database.queryCount == 0)
    }

    @Test("HEAD and conditions of the request are answered as a server does")
    func conditions() async throws {
        let input = ThingRoutes.getThing(id: 7, member: "m")
        let first = try await service.response(to: input)
        let tag = try #require(first.headerFields[.eTag])
        let unchanged = try await service.response(to: input, headerFields: [.ifNoneMatch: tag])
        #expect(unchanged.status == .notModified && unchanged.text.isEmpty)
        let head = try await service.response(to: input, method: .head)
        #expect(head.status == .ok && head.text.isEmpty && head.headerFields[.eTag] == tag)
        await #expect(throws: (any Error).self) { try await service.response(to: input, method: .put) }
    }

    @Test("A write purges what it names, and its condition is compared with the rows of the route that reads")
    func write() async throws {
        database.answer(ThingRoutes.ChangeThing.self) { input in
            ThingRoutes.Thing(id: input.id, member: input.member, name: input.name.applied(to: "old"))
        }
        let input = ThingRoutes.getThing(id: 7, member: "m")
        let tag = try #require(try await service.response(to: input).headerFields[.eTag])
        let change = ThingRoutes.changeThing(id: 7, member: "m", name: .null)
        let refused = try await service.response(to: change, headerFields: [.ifMatch: "\"other\""])
        #expect(refused.status == .preconditionFailed)
        #expect(database.queryCount(of: ThingRoutes.ChangeThing.self) == 0)
        #expect(try await service.response(to: input).isHit)
        let changed = try await service.response(to: change, headerFields: [.ifMatch: tag])
        #expect(try changed.decoded() == ThingRoutes.Thing(id: 7, member: "m", name: nil))
        #expect(database.queryCount(of: ThingRoutes.ChangeThing.self) == 1)
        #expect(try await !service.response(to: input).isHit)
    }

    @Test("A handler gets its inputs, and a route without rows answers without a body")
    func handler() async throws {
        let response = try await service.response(to: ThingRoutes.greet(name: "a b"))
        #expect(try response.decoded() == "Hello, a b" && response.text == "\"Hello, a b\"")
        database.answer(ThingRoutes.RemoveThing.self) { _ in nil }
        let removed = try await service.response(to: ThingRoutes.removeThing(id: 7))
        #expect(removed.status == .noContent && removed.text.isEmpty)
    }

    @Test("A statement without an answer fails, and so does a route that the service does not have")
    func unknown() async throws {
        let unanswered = try await service.response(to: ThingRoutes.removeThing(id: 7))
        #expect(unanswered.status == .internalServerError)
        #expect(database.queryCount(of: ThingRoutes.RemoveThing.self) == 1)
        do {
            _ = try await CachedRoutesService.testing().response(to: ThingRoutes.greet(name: "x"))
            Issue.record("a service without routes has one")
        } catch {
            #expect("\(error)".contains("no route 'greet'") && "\(error)".contains("testing(Routes())"))
        }
    }

    @Test("The closure of a route goes before that of all routes")
    func order() async throws {
        let database = CannedDatabase(json: #"{"id":1,"member":"x","name":null}"#)
        let service = CachedRoutesService.testing(ThingRoutes(), database: database)
        #expect(try await service.response(to: ThingRoutes.getThing(id: 1, member: "m")).decoded().member == "x")
        database.answer(ThingRoutes.GetThing.self) { _ in ThingRoutes.Thing(id: 2, member: "y", name: nil) }
        #expect(try await service.response(to: ThingRoutes.getThing(id: 2, member: "m")).decoded().member == "y")
        database.answer { _, _ in nil }
        #expect(try await service.response(to: ThingRoutes.getThing(id: 3, member: "m")).decoded().member == "y")
    }
}

/// The routes of a manifest as generated code declares them, by hand.
private struct ThingRoutes: RouteSet {
    let routes: [RouteDefinition]

    init() {
        routes = [
            Self.getThing, Self.changeThing, Self.removeThing,
            RouteDefinition(
                Greet.declaration,
                .handler { values in try HandlerResponse(encoding: "Hello, \(Greet.input(of: values).name)") }
            ),
        ]
    }

    struct Thing: RouteRow {
        var id: Int
        var member: String?
        var name: String?

        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(id, forKey: .id)
            try row.encode(member, forKey: .member)
            try row.encode(name, forKey: .name)
        }
    }

    static func signature(
        _ method: RouteSignature.Method,
        _ path: PathTemplate,
        _ inputs: [RouteInput]
    ) -> RouteSignature {
        RouteSignature(namespace: "things", fingerprint: "00000000", method: method, path: path, inputs: inputs)
    }

    static let getThing = RouteDefinition(
        RouteDeclaration(
            "getThing",
            signature(
                .get,
                "/things/{id}",
                [
                    RouteInput(.path, "id", .int, min: "1"), RouteInput(.query, "view", .string, default: "all"),
                    RouteInput(.header, "note", .string, from: "X-Note"), RouteInput(.context, "member", .string),
                ]
            ),
            .read(CachePolicy(jitter: 0, tags: ["thing:{id}"])),
            returns: .one,
            timeout: .seconds(60)
        ),
        .sql("SELECT")
    )

    enum GetThing: RouteNamespace {
        typealias Response = Thing
        static var declaration: RouteDeclaration { ThingRoutes.getThing.declaration }
        static func input(of values: InputValues) -> GetThingInput {
            GetThingInput(
                id: values.required(0),
                view: values.required(1),
                note: values.optional(2),
                member: values.optional(3)
            )
        }
        static func texts(of input: GetThingInput) -> [InputText] {
            [.required(input.id), .required(input.view), .optional(input.note), .optional(input.member)]
        }
    }

    struct GetThingInput: RouteInputs {
        typealias Route = GetThing
        var id: Int
        var view = "all"
        var note: String?
        /// Generated code has a required input here. Without it the request is nobody's.
        var member: String?
    }

    static func getThing(id: Int, view: String = "all", member: String? = nil) -> GetThingInput {
        GetThingInput(id: id, view: view, member: member)
    }

    static let changeThing = RouteDefinition(
        RouteDeclaration(
            "changeThing",
            signature(
                .patch,
                "/things/{id}",
                [
                    RouteInput(.path, "id", .int), RouteInput(.context, "member", .string),
                    RouteInput(.body, "name", .string, optional: true, nullable: true),
                ]
            ),
            .write(WritePolicy(invalidates: ["thing:{id}"])),
            returns: .one,
            timeout: .seconds(60)
        ),
        .sql("UPDATE"),
        precondition: PreconditionPolicy(getThing)
    )

    enum ChangeThing: RouteNamespace {
        typealias Response = Thing
        static var declaration: RouteDeclaration { ThingRoutes.changeThing.declaration }
        static func input(of values: InputValues) -> ChangeThingInput {
            ChangeThingInput(id: values.required(0), member: values.required(1), name: values.nullable(2))
        }
        static func texts(of input: ChangeThingInput) -> [InputText] {
            [.required(input.id), .required(input.member), .nullable(input.name)]
        }
    }

    struct ChangeThingInput: RouteInputs {
        typealias Route = ChangeThing
        var id: Int
        var member: String
        var name: NullableInput<String>
    }

    static func changeThing(id: Int, member: String, name: NullableInput<String>) -> ChangeThingInput {
        ChangeThingInput(id: id, member: member, name: name)
    }

    static let removeThing = RouteDefinition(
        RouteDeclaration(
            "removeThing",
            signature(.delete, "/things/{id}", [RouteInput(.path, "id", .int)]),
            .write(WritePolicy()),
            returns: .none,
            timeout: .seconds(60)
        ),
        .sql("DELETE")
    )

    enum RemoveThing: RouteNamespace {
        static var declaration: RouteDeclaration { ThingRoutes.removeThing.declaration }
        static func input(of values: InputValues) -> RemoveThingInput { RemoveThingInput(id: values.required(0)) }
        static func texts(of input: RemoveThingInput) -> [InputText] { [.required(input.id)] }
    }

    struct RemoveThingInput: RouteInputs {
        typealias Route = RemoveThing
        var id: Int
    }

    static func removeThing(id: Int) -> RemoveThingInput { RemoveThingInput(id: id) }

    enum Greet: RouteNamespace {
        static let declaration = RouteDeclaration(
            "greet",
            signature(.get, "/greetings", [RouteInput(.query, "name", .string)]),
            .read(nil),
            timeout: .seconds(60)
        )
        static func input(of values: InputValues) -> GreetInput { GreetInput(name: values.required(0)) }
        static func texts(of input: GreetInput) -> [InputText] { [.required(input.name)] }
    }

    struct GreetInput: RouteInputs {
        typealias Route = Greet
        var name: String
    }

    static func greet(name: String) -> GreetInput { GreetInput(name: name) }
}
