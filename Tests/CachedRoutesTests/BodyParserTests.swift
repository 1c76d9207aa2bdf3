import HTTPTypes
import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A request's body")
struct BodyParserTests {
    private static let inputs = [
        RouteInput(.path, "id", .int),
        RouteInput(.query, "dry", .bool, default: "false"),
        RouteInput(.context, "user", .string),
        RouteInput(.body, "email", .string, maxLength: 20),
        RouteInput(.body, "age", .int, optional: true),
        RouteInput(.body, "tags", .list(.string), default: ["new"]),
        RouteInput(.body, "extra", .json, optional: true),
    ]

    private func values(_ body: String?, inputs: [RouteInput] = Self.inputs) throws(RequestError) -> InputValues {
        let signature = RouteSignature(
            namespace: "n",
            fingerprint: "0",
            method: .put,
            path: "/users/{id}",
            inputs: inputs
        )
        return try RequestParser(signature, rejectsUnknownQuery: false).values(
            of: RouteRequest(method: .put, target: "/users/7?dry=true", body: body.map { ByteBuffer(string: $0) }),
            context: DictionaryContext(values: ["user": "me"])
        )
    }

    private func fault(_ body: String?, inputs: [RouteInput] = Self.inputs) -> String? {
        do throws(RequestError) {
            _ = try values(body, inputs: inputs)
            return nil
        } catch {
            guard case .refused(let refused) = error else { return "\(error)" }
            let texts = refused.elements.map { element in
                element.name.map { "\(element.group) \($0) \(element.reason)" } ?? "The request body \(element.reason)."
            }
            return texts.joined(separator: "; ")
        }
    }

    @Test("is read beside the other groups")
    func whole() throws {
        let values = try values(#"{"age": 20, "extra" : { "a": [1] }, "tags":["x","y"], "\u0065mail":"a\u0040b.c"}"#)
        #expect(values.text(at: 0) == "7")
        #expect(values.text(at: 1) == "true")
        #expect(values.text(at: 2) == "me")
        #expect(values.text(at: 3) == "a@b.c")
        #expect(values.required(4) as Int == 20)
        #expect(values.list(5) as [String] == ["x", "y"])
        #expect(values.required(6) as String == #"{ "a": [1] }"#)
    }

    @Test("may leave out what has a default or is optional, or say null")
    func absent() throws {
        for body in [#"{"email":"x"}"#, #"{"email":"x","age":null,"tags":null,"extra":null}"#] {
            let values = try values(body)
            #expect(values.optional(4) as Int? == nil)
            #expect(values.texts(at: 5) == ["new"])
            #expect(!values.isPresent(at: 6))
        }
        #expect(try values(#"{"email":"x","tags":[]}"#).texts(at: 5) == [])
    }

    @Test("that is not there has no members")
    func missing() throws {
        for body in [nil, "", "{}", #"{"email":null}"#] { #expect(fault(body) == "body email is required") }
        let optional = [RouteInput(.path, "id", .int), RouteInput(.body, "age", .int, optional: true)]
        for body in [nil, "", "{}"] { #expect(fault(body, inputs: optional) == nil) }
    }

    @Test(
        "of another form is refused with a sentence",
        arguments: [
            (" ", "The request body ends at byte 1, before its JSON does."),
            (#"{"email":"x",}"#, "The request body is not valid JSON at byte 13."),
            (#"{"email":"x"} {}"#, "The request body is not valid JSON at byte 14."),
            ("email=x", "The request body is not valid JSON at byte 0."),
            (#"{"email":"\ud800"}"#, "The request body has half of a surrogate pair at byte 10."),
            (#"{"email":"x","email":"y"}"#, "The request body has a name at byte 13 that its object has already."),
            (
                #"{"email":"x","extra":{"a":1,"a":1}}"#,
                "The request body has a name at byte 28 that its object has already."
            ),
            (String(repeating: "[", count: 65), "The request body is nested too deeply at byte 64."),
            ("[]", "The request body must be a JSON object."), ("null", "The request body must be a JSON object."),
            (#""{}""#, "The request body must be a JSON object."),
        ]
    )
    func malformed(body: String, sentence: String) {
        #expect(fault(body) == sentence)
    }

    @Test("that is not UTF-8 is refused")
    func invalidUTF8() throws {
        let signature = RouteSignature(
            namespace: "n",
            fingerprint: "0",
            method: .post,
            path: "/",
            inputs: [RouteInput(.body, "a", .string)]
        )
        let body = ByteBuffer(bytes: Array(#"{"a":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
        let error = #expect(throws: RequestError.self) {
            try RequestParser(signature, rejectsUnknownQuery: false).values(
                of: RouteRequest(method: .post, target: "/", body: body),
                context: NoContext()
            )
        }
        guard case .refused(let refused) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refused.elements == [.init(group: .body, name: nil, reason: "is not valid UTF-8 at byte 6")])
    }

    @Test("names the member that does not fit")
    func violations() {
        #expect(fault(#"{"email":1}"#) == "body email must be text")
        #expect(fault(#"{"email":"x","age":"20"}"#) == "body age must be a whole number")
        #expect(fault(#"{"email":"x","age":20.5}"#) == "body age must be a whole number")
        #expect(fault(#"{"email":"x","tags":"y"}"#) == "body tags must be an array")
        #expect(fault(#"{"email":"x","tags":["y",null]}"#) == "body tags must not contain null")
        #expect(fault(#"{"email":"012345678901234567890"}"#) == "body email must have at most 20 characters")
        #expect(fault(#"{"email":"a\u0000"}"#) == "body email must not contain NUL")
    }

    @Test("has no members that the route does not declare")
    func undeclared() {
        #expect(fault(#"{"email":"x","Email":1}"#) == "body Email is not a parameter of this resource")
        // A path input is not set by a body.
        #expect(fault(#"{"email":"x","id":1}"#) == "body id is not a parameter of this resource")
        #expect(
            fault(#"{"\u00e9\n":1}"#) == "body email is required; body é\n is not a parameter of this resource"
        )
    }

    @Test("is not told back at length")
    func longNames() {
        let name = String(repeating: "é", count: 64)
        let email = #""email":"x""#
        #expect(fault("{\(email),\"\(name)\":1}") == "body \(name) is not a parameter of this resource")
        for more in [1, 100_000] {
            let long = name + String(repeating: "\u{1F600}", count: more)
            #expect(fault("{\(email),\"\(long)\":1}") == "body \(name)… is not a parameter of this resource")
        }
    }

    @Test("is not looked at by a route without body inputs")
    func ignored() throws {
        let values = try values("nonsense", inputs: [RouteInput(.path, "id", .int)])
        #expect(values.text(at: 0) == "7")
    }

    @Test("is read from where its buffer's reader stands")
    func slices() throws {
        let signature = RouteSignature(
            namespace: "n",
            fingerprint: "0",
            method: .post,
            path: "/",
            inputs: [RouteInput(.body, "a", .int)]
        )
        var body = ByteBuffer(string: #"xx{"a":5}yy"#)
        body.moveReaderIndex(forwardBy: 2)
        body.moveWriterIndex(to: body.writerIndex - 2)
        let values = try RequestParser(signature, rejectsUnknownQuery: false).values(
            of: RouteRequest(method: .post, target: "/", body: body),
            context: NoContext()
        )
        #expect(values.text(at: 0) == "5")
    }
}
