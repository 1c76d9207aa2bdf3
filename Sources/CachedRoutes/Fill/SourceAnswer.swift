import HTTPTypes
import NIOCore

/// What the database or a handler gave for a request's values, before anything is decided about keeping it.
struct SourceAnswer: Sendable {
    var status: Int
    /// What a handler has set.
    var fields: HTTPFields
    /// Empty where there is no body.
    var contentType: String
    var body: ByteBuffer
    /// Whether it may be stored, as far as the source knows.
    var isCurrent: Bool

    /// What a statement gave.
    init(_ answer: DatabaseAnswer, of route: Route) {
        self.init(
            status: route.status.code,
            contentType: answer.body == nil ? "" : "application/json",
            body: answer.body ?? ByteBuffer(),
            isCurrent: answer.isCurrent
        )
    }

    /// What a handler gave.
    ///
    /// - Throws: ``HandlerAnswer/Invalid`` where that can't be sent.
    init(_ answer: HandlerAnswer, of route: Route) throws(HandlerAnswer.Invalid) {
        let answer = try answer.checked(otherwise: route.status.code)
        self.init(
            status: answer.status ?? route.status.code,
            fields: answer.headerFields,
            contentType: answer.contentType,
            body: answer.body
        )
    }

    init(
        status: Int,
        fields: HTTPFields = [:],
        contentType: String,
        body: ByteBuffer,
        isCurrent: Bool = true
    ) {
        self.status = status
        self.fields = fields
        self.contentType = contentType
        self.body = body
        self.isCurrent = isCurrent
    }

    /// There is nothing for the values.
    static func notFound(_ problem: Problem, isCurrent: Bool = true) -> SourceAnswer {
        SourceAnswer(
            status: problem.status.code,
            contentType: Problem.contentType,
            body: problem.document,
            isCurrent: isCurrent
        )
    }
}
