import HTTPTypes
import NIOCore

extension HandlerResponse {
    /// The error of a response that cannot be sent.
    struct ValidationError: Error, CustomStringConvertible {
        /// A sentence about the error, without values of the response.
        let description: String
        /// The field that is wrong; `nil` for another part.
        let field: HTTPField.Name?

        init(_ description: String, field: HTTPField.Name? = nil) {
            self.description = description
            self.field = field
        }
    }

    /// Checks the response to a write.
    ///
    /// - Parameter routeStatus: the status of a response that does not set one.
    /// - Returns: the response itself.
    /// - Throws: ``ValidationError`` if it cannot be sent as a complete response to an unconditional request.
    func checked(otherwise routeStatus: Int) throws(ValidationError) -> HandlerResponse {
        let problem = ResponseRules.problem(
            status: status ?? routeStatus,
            contentType: contentType,
            bodyLength: body.readableBytes,
            fields: headerFields
        )
        if let problem { throw problem }
        return self
    }
}
