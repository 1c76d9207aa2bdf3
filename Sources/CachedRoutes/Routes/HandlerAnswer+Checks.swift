import HTTPTypes
import NIOCore

extension HandlerAnswer {
    /// The answer is not one that can be sent.
    struct Invalid: Error, CustomStringConvertible {
        let description: String
    }

    /// The answer itself.
    ///
    /// - Parameter routeStatus: the status where the answer has none of its own.
    /// - Throws: ``Invalid`` where it can't be sent as a complete answer to a request without conditions.
    func checked(otherwise routeStatus: Int) throws(Invalid) -> HandlerAnswer {
        let problem = ResponseChecks.problem(
            status: status ?? routeStatus,
            contentType: contentType,
            bodyLength: body.readableBytes,
            fields: headerFields
        )
        if let problem { throw Invalid(description: problem) }
        return self
    }
}
