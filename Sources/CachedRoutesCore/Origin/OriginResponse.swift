import HTTPTypes
import NIOCore

/// What the database or a handler gave for a request's values, before anything is decided about keeping it.
struct OriginResponse: Sendable {
    var status: Int
    /// What a handler has set.
    var fields: HTTPFields
    /// The version and the age that a handler gives the answer.
    var given: GivenMetadata
    /// Empty where there is no body.
    var contentType: String
    var body: ByteBuffer
    /// Whether it may be stored, as far as the source knows.
    var isCurrent: Bool

    /// What a statement gave.
    init(_ answer: DatabaseAnswer, of route: CachedRoute) {
        self.init(
            status: route.status.code,
            contentType: answer.body == nil ? "" : "application/json",
            body: answer.body ?? ByteBuffer(),
            isCurrent: answer.isCurrent
        )
    }

    /// The answer of a GET route's handler.
    ///
    /// - Parameter now: the time of day in milliseconds.
    /// - Throws: ``HandlerResponse/Invalid`` where that can't be sent.
    init(_ answer: HandlerResponse, of route: CachedRoute, at now: Int64) throws(HandlerResponse.Invalid) {
        var fields = answer.headerFields
        let given = try GivenMetadata(taking: &fields, now: now)
        let rest = HandlerResponse(
            bytes: answer.body,
            contentType: answer.contentType,
            status: answer.status,
            headerFields: fields
        )
        try self.init(rest, ofWrite: route)
        self.given = given
    }

    /// The answer of a handler that writes.
    ///
    /// - Throws: ``HandlerResponse/Invalid`` where that can't be sent.
    init(_ answer: HandlerResponse, ofWrite route: CachedRoute) throws(HandlerResponse.Invalid) {
        let answer = try answer.checked(otherwise: route.status.code)
        let status = answer.status ?? route.status.code
        var fields = answer.headerFields
        RequiredFields.addChallenge(to: &fields, status: status)
        self.init(status: status, fields: fields, contentType: answer.contentType, body: answer.body)
    }

    init(
        status: Int,
        fields: HTTPFields = [:],
        given: GivenMetadata = .none,
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

    /// There is nothing for the values.
    static func notFound(_ problem: Problem, isCurrent: Bool = true) -> OriginResponse {
        OriginResponse(
            status: problem.status.code,
            contentType: Problem.contentType,
            body: problem.document,
            isCurrent: isCurrent
        )
    }
}
