import HTTPTypes
import NIOCore

/// The response of the origin, a database or a handler, before it is decided whether the response is stored.
struct OriginResponse: Sendable {
    var status: Int
    /// The header fields that a handler has set.
    var fields: HTTPFields
    /// The validators and the age that a handler gives its response.
    var given: HandlerValidatorsAndAge
    /// The media type of the body; empty if there is no body.
    var contentType: String
    var body: ByteBuffer
    /// False if the origin knows of newer data, so that the response must not be stored.
    var isCurrent: Bool

    /// Makes the response to a statement.
    init(_ answer: DatabaseAnswer, status: Int) {
        self.init(
            status: status,
            contentType: answer.body == nil ? "" : "application/json",
            body: answer.body ?? ByteBuffer(),
            isCurrent: answer.isCurrent
        )
    }

    /// Makes the response of a GET route's handler.
    ///
    /// - Parameters:
    ///   - answer: the handler's response.
    ///   - route: the route of the handler.
    ///   - now: the time of day, in milliseconds since 1970.
    /// - Throws: ``HandlerResponse/ValidationError`` for a response that can't be sent.
    init(_ answer: HandlerResponse, of route: RouteDefinition, at now: Int64) throws(HandlerResponse.ValidationError) {
        var fields = answer.headerFields
        let given = try HandlerValidatorsAndAge(taking: &fields, now: now)
        let rest = HandlerResponse(
            bytes: answer.body,
            contentType: answer.contentType,
            status: answer.status,
            headerFields: fields
        )
        try self.init(rest, ofWrite: route)
        self.given = given
    }

    /// Makes the response of a handler that writes.
    ///
    /// - Throws: ``HandlerResponse/ValidationError`` for a response that can't be sent.
    init(_ answer: HandlerResponse, ofWrite route: RouteDefinition) throws(HandlerResponse.ValidationError) {
        let answer = try answer.checked(otherwise: route.status.code)
        let status = answer.status ?? route.status.code
        var fields = answer.headerFields
        StatusRequiredFields.addChallenge(to: &fields, status: status)
        self.init(status: status, fields: fields, contentType: answer.contentType, body: answer.body)
    }

    init(
        status: Int,
        fields: HTTPFields = [:],
        given: HandlerValidatorsAndAge = .none,
        contentType: String,
        body: ByteBuffer,
        isCurrent: Bool = true
    ) {
        self.status = status
        self.fields = fields
        self.given = given
        self.contentType = contentType
        self.body = body
        self.isCurrent = isCurrent
    }

    /// Makes the 404 response for values that select nothing.
    static func notFound(_ problem: Problem, isCurrent: Bool = true) -> OriginResponse {
        OriginResponse(
            status: problem.status.code,
            contentType: Problem.contentType,
            body: problem.document,
            isCurrent: isCurrent
        )
    }
}
