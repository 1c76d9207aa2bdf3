import HTTPTypes
import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A nullable input of a handler")
struct NullableInputTests {
    private static let signature = RouteSignature(
        namespace: "n",
        fingerprint: "0",
        method: .patch,
        path: "/",
        inputs: [
            RouteInput(.body, "age", .int, optional: true, nullable: true),
            RouteInput(.body, "tags", .list(.string), optional: true, nullable: true),
            RouteInput(.body, "extra", .json, optional: true, nullable: true),
        ]
    )

    private func values(_ body: String) throws -> InputValues {
        try RequestParser(Self.signature, rejectsUnknownQuery: false).values(
            of: RouteRequest(method: .patch, target: "/", body: ByteBuffer(string: body)),
            context: NoContext()
        )
    }

    @Test("is absent, null, or a value of its type")
    func states() throws {
        let cases: [(String, NullableInput<Int>, NullableInput<[String]>, NullableInput<String>)] = [
            ("{}", .absent, .absent, .absent), (#"{"age":null,"tags":null,"extra":null}"#, .null, .null, .null),
            (#"{"age":5.0,"tags":[],"extra":"null"}"#, .value(5), .value([]), .value(#""null""#)),
            (#"{"tags":["a","b"],"extra":[null]}"#, .absent, .value(["a", "b"]), .value("[null]")),
            (#"{"extra":null,"age":0}"#, .value(0), .absent, .null),
        ]
        for (body, age, tags, extra) in cases {
            let values = try values(body)
            #expect(values.nullable(0) == age, "\(body)")
            #expect(values.nullableList(1) == tags, "\(body)")
            #expect(values.nullable(2) == extra, "\(body)")
        }
    }

    @Test("changes what is there only where it is given")
    func changes() {
        let cases: [(NullableInput<Int>, value: Int?, isGiven: Bool, applied: Int?)] = [
            (.absent, nil, false, 1), (.null, nil, true, nil), (.value(2), 2, true, 2),
        ]
        for (input, value, isGiven, applied) in cases {
            #expect(input.value == value)
            #expect(input.isGiven == isGiven)
            #expect(input.applied(to: 1) == applied)
        }
        #expect(NullableInput<Int>.absent.applied(to: nil) == nil)
    }

    @Test("is bound to statements by two names: its value, and whether it is given")
    func binding() {
        let query = SQLStatement(
            sql: "",
            binding: ["age_given", "age", "tags", "tags_given"],
            of: RouteDeclaration("r", Self.signature, .write(WritePolicy()), returns: .none)
        )
        #expect(query.parameters == [.presence(0), .value(0), .value(1), .presence(1)])
        #expect(query.types == [.bool, .int, .list(.string), .bool])
    }
}
