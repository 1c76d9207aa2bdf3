import HTTPTypes
import NIOCore
import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Fields that an answer's status asks for (RFC 9110, 15)")
struct StatusRequiredFieldsTests {
    private static let read = RouteDefinition(
        RouteDeclaration(
            "route",
            RouteSignature(namespace: "t", fingerprint: "0", method: .get, path: "/r", inputs: []),
            .read(.off)
        ),
        .handler({ _ in HandlerResponse(status: 200) })
    )
    private static let write = RouteDefinition(
        RouteDeclaration(
            "route",
            RouteSignature(namespace: "t", fingerprint: "0", method: .put, path: "/r", inputs: []),
            .write(WritePolicy())
        ),
        .handler({ _ in HandlerResponse(status: 200) })
    )

    private static let proxyAuthenticate = HTTPField.Name("Proxy-Authenticate")!

    /// The fault of an answer on a GET route, which is the same on one that writes.
    private func fault(
        _ answer: HandlerResponse,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> HandlerResponse.ValidationError? {
        func fault(_ body: () throws(HandlerResponse.ValidationError) -> OriginResponse) -> HandlerResponse
            .ValidationError?
        {
            do {
                _ = try body()
                return nil
            } catch {
                return error
            }
        }
        let read = fault { () throws(HandlerResponse.ValidationError) in
            try OriginResponse(answer, of: Self.read, at: 0)
        }
        let write = fault { () throws(HandlerResponse.ValidationError) in
            try OriginResponse(answer, ofWrite: Self.write)
        }
        #expect(read?.description == write?.description, sourceLocation: sourceLocation)
        return read
    }

    @Test(
        "The first answer without one is an error that names status, field and section",
        arguments: [
            (405, "Allow", "15.5.6"), (407, "Proxy-Authenticate", "15.5.8"), (426, "Upgrade", "15.5.22"),
        ]
    )
    func missing(status: Int, name: String, section: String) throws {
        let error = try #require(fault(HandlerResponse(status: status)))
        #expect(error.field == HTTPField.Name(name))
        #expect(error.description.hasPrefix("a response with \(status) needs '\(name)' (RFC 9110, \(section))"))
        #expect(try #require(fault(HandlerResponse(status: status, headerFields: [.server: "x"]))).field == error.field)
        // The status may be the route's own.
        let route = RouteDefinition(
            RouteDeclaration(
                "route",
                RouteSignature(namespace: "t", fingerprint: "0", method: .get, path: "/r", inputs: []),
                .read(.off),
                status: status
            ),
            .handler({ _ in HandlerResponse(status: 200) })
        )
        let plain = HandlerResponse(bytes: ByteBuffer(string: "x"), contentType: "text/plain")
        #expect(throws: HandlerResponse.ValidationError.self) { try OriginResponse(plain, of: route, at: 0) }
    }

    @Test(
        "An answer that has it is sent",
        arguments: [
            (405, .allow, "GET, HEAD", true),
            // No method at all is one of the things to say (10.2.1).
            (405, .allow, "", true), (407, proxyAuthenticate, "Basic realm=\"x\"", true),
            (407, proxyAuthenticate, "", false), (407, proxyAuthenticate, " \t", false),
            // About the connection no handler says anything.
            (426, HTTPField.Name("Upgrade")!, "h2c", false),
        ] as [(Int, HTTPField.Name, String, Bool)]
    )
    func present(status: Int, name: HTTPField.Name, value: String, isSent: Bool) {
        let error = fault(HandlerResponse(status: status, headerFields: [name: value]))
        #expect((error == nil) == isSent, "\(error?.description ?? "")")
        if let error { #expect(error.field == name) }
    }

    @Test("A challenge without content is none, and is replaced", arguments: ["", " ", "\t"])
    func emptyChallenge(value: String) throws {
        var fields: HTTPFields = [.wwwAuthenticate: value]
        fields.append(HTTPField(name: .wwwAuthenticate, value: value))
        let answer = HandlerResponse(status: 401, headerFields: fields)
        #expect(try OriginResponse(answer, of: Self.read, at: 0).fields[values: .wwwAuthenticate] == ["Bearer"])
        #expect(try OriginResponse(answer, ofWrite: Self.write).fields[values: .wwwAuthenticate] == ["Bearer"])
    }

    @Test("All other statuses of whole answers ask for nothing")
    func others() {
        for status in 200...599 where ![206, 304, 405, 407, 426].contains(status) {
            #expect(fault(HandlerResponse(status: status)) == nil, "\(status)")
        }
        // Without 'Content-Range', which it should have and a handler can't give, it is whole (15.5.17).
        #expect(fault(HandlerResponse(status: 416)) == nil)
        for status in [100, 101, 199, 206, 304, 600] { #expect(fault(HandlerResponse(status: status)) != nil) }
    }

    @Test("A problem that is thrown has no fields: for some statuses it can't be sent")
    func thrown() {
        for status in 400...599 {
            let error = StatusRequiredFields.problem(of: HandlerError(status: status, "x"))
            #expect((error != nil) == [405, 407, 426].contains(status), "\(status)")
            if status == 405 {
                #expect(
                    error?.description
                        == "a response with 405 needs 'Allow' (RFC 9110, 15.5.6), and a HandlerError has no fields; "
                        + "return a HandlerResponse with it"
                )
            }
        }
    }
}
