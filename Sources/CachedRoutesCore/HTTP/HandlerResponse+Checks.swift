import HTTPTypes
import NIOCore

extension HandlerResponse {
    /// The answer is not one that can be sent.
    struct Invalid: Error, CustomStringConvertible {
        /// A sentence about the fault, without the values of the answer.
        let description: String
        /// The field at fault; `nil`: another part.
        let field: HTTPField.Name?

        init(_ description: String, field: HTTPField.Name? = nil) {
            self.description = description
            self.field = field
        }
    }

    /// Checks the answer of a write.
    ///
    /// - Parameter routeStatus: the status where the answer has none of its own.
    /// - Returns: the answer itself.
    /// - Throws: ``Invalid`` where it can't be sent as a complete answer to a request without conditions.
    func checked(otherwise routeStatus: Int) throws(Invalid) -> HandlerResponse {
        let problem = ResponseChecks.problem(
            status: status ?? routeStatus,
            contentType: contentType,
            bodyLength: body.readableBytes,
            fields: headerFields
        )
        if let problem { throw problem }
        return self
    }
}
