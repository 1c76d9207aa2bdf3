import CachedRoutesTesting
import Foundation
import HTTPTypes
import NIOCore
import RouteModel
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Inputs that are refused")
struct RefusedInputsTests {
    private static let inputs = [
        RouteInput(.path, "id", .int),
        RouteInput(.query, "limit", .int, max: "100"),
        RouteInput(.query, "pageSize", .int, from: "page-size", default: "20", max: "50"),
        RouteInput(.query, "odd", .string, from: "a b&=é[]", optional: true, maxLength: 3),
        RouteInput(.query, "ids", .list(.int), optional: true),
        RouteInput(.body, "email", .string, maxLength: 5),
        RouteInput(.body, "fullName", .string, from: "full-name", maxLength: 5),
        RouteInput(.body, "age", .int, optional: true),
    ]

    private func route(
        _ inputs: [RouteInput] = Self.inputs,
        path: PathTemplate = "/things/{id}",
        unknownQuery: RouteDeclaration.UnknownQuery = .reject
    ) -> CompiledRoute {
        CompiledRoute(
            RouteDefinition(
                RouteDeclaration(
                    "change",
                    RouteSignature(namespace: "n", fingerprint: "0", method: .post, path: path, inputs: inputs),
                    .write(WritePolicy()),
                    returns: .one,
                    unknownQuery: unknownQuery
                ),
                .sql("")
            )
        )
    }

    private func send(
        _ target: String,
        _ body: String?,
        _ route: CompiledRoute,
        context: [String: String] = [:],
        log: LogRecorder = LogRecorder()
    ) async -> RouteResponse {
        let service = CachedRoutesService.testing(database: CannedDatabase(json: "{}"), logger: log.logger)
        return await service.respond(
            to: RouteRequest(
                method: .post,
                target: target,
                headerFields: [.contentType: "application/json"],
                body: body.map { ByteBuffer(string: $0) }
            ),
            of: route,
            context: DictionaryContext(values: context)
        )
    }

    /// What an answer says is wrong, in a form that is easily read.
    private func document(_ detail: String, input: String?, _ errors: String...) -> String {
        let input = input.map { #","input":"\#($0)""# } ?? ""
        return #"{"type":"about:blank","title":"Bad Request","status":400,"detail":"\#(detail)"\#(input),"errors":["#
            + errors.joined(separator: ",") + "]}"
    }

    private func error(_ input: String?, _ place: String, _ detail: String) -> String {
        "{" + (input.map { #""input":"\#($0)","# } ?? "") + #""in":"\#(place)","detail":"\#(detail)"}"#
    }

    @Test("are told one by one where there is one")
    func one() async {
        let cases: [(String, String, String, String)] = [
            ("/things/x?limit=1", "id", "path", "must be a whole number"),
            ("/things/1", "limit", "query", "is required"),
            ("/things/1?limit=1&page-size=51", "page-size", "query", "must be at most 50"),
            ("/things/1?limit=1&page%2Dsize=x", "page-size", "query", "must be a whole number"),
            ("/things/1?limit=1&a+b%26%3D%C3%A9[]=abcd", "a b&=é[]", "query", "must have at most 3 characters"),
            ("/things/1?limit=1&pageSize=1", "pageSize", "query", "is not a parameter of this resource"),
            ("/things/1?limit=1&ids=1&ids=x&ids=y", "ids", "query", "must be a whole number"),
            ("/things/1?limit=1&limit=1&limit=1", "limit", "query", "must be given once"),
            ("/things/1?limit=1&z=1&%7A=2&z", "z", "query", "is not a parameter of this resource"),
        ]
        for (target, input, place, detail) in cases {
            let response = await send(target, #"{"email":"x","full-name":"y"}"#, route())
            let sentence = "The \(place) parameter '\(input)' \(detail)."
            #expect(response.text == document(sentence, input: input, error(input, place, detail)), "\(target)")
        }
    }

    @Test("are told all at once, in the order of their declaration")
    func several() async {
        let body = #"{"other":1,"age":2.5,"full-name":"toolong","fullName":1,"email":null}"#
        let response = await send("/things/x?zz=1&page-size=x&limit=101&zz=2&%79y", body, route())
        #expect(response.status == .badRequest)
        #expect(
            response.text
                == document(
                    "The request has 10 errors; 'errors' says what they are.",
                    input: "id",
                    error("id", "path", "must be a whole number"),
                    error("limit", "query", "must be at most 100"),
                    error("page-size", "query", "must be a whole number"),
                    error("zz", "query", "is not a parameter of this resource"),
                    error("yy", "query", "is not a parameter of this resource"),
                    error("email", "body", "is required"),
                    error("full-name", "body", "must have at most 5 characters"),
                    error("age", "body", "must be a whole number"),
                    error("other", "body", "is not a parameter of this resource"),
                    error("fullName", "body", "is not a parameter of this resource")
                )
        )
    }

    @Test("are told in the order of the path's inputs as they are declared, not as they stand in it")
    func pathOrder() async {
        let inputs = [RouteInput(.path, "b", .int), RouteInput(.path, "a", .int)]
        let response = await send("/x/y", nil, route(inputs, path: "/{a}/{b}"))
        #expect(response.text.contains(#""input":"b","errors":[{"input":"b","in":"path""#), "\(response.text)")
    }

    @Test("are told beside a body that can't be read")
    func malformedBody() async {
        let alone = await send("/things/1?limit=1", "{", route())
        let reason = "ends at byte 1, before its JSON does"
        #expect(alone.text == document("The request body \(reason).", input: nil, error(nil, "body", reason)))
        let beside = await send("/things/1?limit=101", "[]", route())
        #expect(
            beside.text
                == document(
                    "The request has 2 errors; 'errors' says what they are.",
                    input: "limit",
                    error("limit", "query", "must be at most 100"),
                    error(nil, "body", "must be a JSON object")
                )
        )
    }

    @Test("are told up to a bound, the declared ones first")
    func bound() async {
        let unknown = (0..<5000).map { "u\($0)=1" }.joined(separator: "&")
        let query = await send("/things/1?\(unknown)", #"{"email":"x","full-name":"y"}"#, route())
        #expect(query.text.contains(#""detail":"The request has more than 20 errors; 'errors' has the first 20.""#))
        #expect(query.text.contains(#"[{"input":"limit","in":"query","detail":"is required"},{"input":"u0","#))
        #expect(query.text.contains(#""u18""#) && !query.text.contains(#""u19""#))
        let members = (0..<5000).map { #""u\#($0)":1"# }.joined(separator: ",")
        let body = await send("/things/1?limit=1", "{\(members),\"age\":true}", route())
        #expect(body.text.components(separatedBy: #""in":"#).count - 1 == 20)
        #expect(body.text.contains(#""input":"age","in":"body","detail":"must be a whole number"},{"input":"u0","#))
        #expect(body.text.contains(#""u16""#) && !body.text.contains(#""u17""#))
        let twenty = (0..<18).map { #""u\#($0)":1"# }.joined(separator: ",")
        let exact = await send("/things/1?limit=1", "{\(twenty)}", route())
        #expect(exact.text.contains(#""detail":"The request has 20 errors; 'errors' says what they are.""#))
    }

    @Test("have names of the client's that are told back in part, and as JSON")
    func names() async {
        let long = String(repeating: "é", count: 64)
        for more in [1, 100_000] {
            let name = String(repeating: "%C3%A9", count: 64) + String(repeating: "x", count: more)
            let response = await send("/things/1?limit=1&\(name)=1", #"{"email":"x","full-name":"y"}"#, route())
            #expect(response.text.contains(#""input":"\#(long)…","in":"query""#))
        }
        let odd = await send("/things/1?limit=1&%22%0A%FF=1&%4=2", #"{"email":"x","full-name":"y"}"#, route())
        #expect(odd.text.contains(#"[{"input":"\"\u000a�","in":"query""#), "\(odd.text)")
        #expect(odd.text.contains(#"{"input":"%4","in":"query""#), "\(odd.text)")
    }

    @Test("have the names that requests know, and their values reach the statement by the inputs' own")
    func wireNames() throws {
        let signature = RouteSignature(
            namespace: "n",
            fingerprint: "0",
            method: .post,
            path: "/things/{id}",
            inputs: Self.inputs
        )
        let values = try RequestParser(signature, rejectsUnknownQuery: true).values(
            of: RouteRequest(
                method: .post,
                target: "/things/7?limit=1&page-size=5&a+b%26%3D%c3%a9%5B%5D=x",
                body: ByteBuffer(string: #"{"email":"x","full\u002dname":"y"}"#)
            ),
            context: NoContext()
        )
        #expect((0..<7).map { values.text(at: $0) } == ["7", "1", "5", "x", nil, "x", "y"])
    }
}

extension RefusedInputsTests {
    private static let contextInputs = [
        RouteInput(.query, "limit", .int, max: "100"),
        RouteInput(.context, "user", .uuid),
        RouteInput(.context, "role", .string, minLength: 2, maxLength: 6, oneOf: ["admin", "editor"]),
        RouteInput(.context, "level", .int, optional: true, min: "1", max: "9"),
        RouteInput(.body, "email", .string),
    ]
    private static let user = "6f1f2c50-8a0e-4f0e-9c3f-0123456789ab"

    @Test("are told only to who may know: a context that lacks something is 401, one that may not is 403")
    func context() async {
        let cases: [(context: [String: String], status: Int)] = [
            ([:], 401), (["role": "admin"], 401), (["user": Self.user], 401),
            (["user": Self.user, "role": "reader"], 403), (["user": Self.user, "role": "Admin"], 403),
            (["user": Self.user, "role": ""], 403), (["user": Self.user, "role": "administrator"], 403),
            (["user": Self.user, "role": "admin", "level": "10"], 403),
            (["user": Self.user, "role": "admin", "level": "0"], 403),
            (["user": "nobody", "role": "admin"], 500), (["user": Self.user, "role": "admin", "level": "high"], 500),
            (["user": Self.user, "role": "admin", "level": "9223372036854775808"], 500),
            (["user": Self.user, "role": "admin", "level": "9"], 200), (["user": Self.user, "role": "editor"], 200),
        ]
        let route = route(Self.contextInputs, path: "/me")
        for (context, status) in cases {
            let log = LogRecorder()
            for (target, body) in [("/me?limit=1", #"{"email":"x"}"#), ("/me?limit=x", "{"), ("/me?limit=1", "{}")] {
                let response = await send(target, body, route, context: context, log: log)
                let isGood = target == "/me?limit=1" && body == #"{"email":"x"}"#
                #expect(response.status.code == (status == 200 && !isGood ? 400 : status), "\(context) \(body)")
                if status != 200 { #expect(!response.text.contains("email") && !response.text.contains("limit")) }
                #expect(!response.text.contains("role") && !response.text.contains("admin"))
            }
            #expect(log.lines.contains { $0.hasPrefix("error ") } == (status == 500), "\(log.lines)")
        }
    }

    @Test("say 403 with nothing of the declaration")
    func forbidden() async {
        let response = await send(
            "/me?limit=1",
            #"{"email":"x"}"#,
            route(Self.contextInputs, path: "/me"),
            context: ["user": Self.user, "role": "reader"]
        )
        let detail = "The authenticated request may not use this resource."
        #expect(
            response.text == #"{"type":"about:blank","title":"Forbidden","status":403,"detail":"\#(detail)"}"#
        )
        #expect(response.headerFields[.cacheControl] == "no-store")
    }
}
