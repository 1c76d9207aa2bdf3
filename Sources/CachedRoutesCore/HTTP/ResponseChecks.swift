import HTTPTypes

/// The rules that every answer keeps, whether a handler has just made it or it was read from the store: what does not could end
/// before or after the place where its client takes the end to be.
enum ResponseChecks {
    /// The fault that keeps an answer from being sent as a complete one to a request without conditions; `nil`: there is none.
    ///
    /// - Parameters:
    ///   - contentType: the media type of the body; empty where there is no body.
    ///   - fields: all others that are sent as they are.
    static func problem(
        status: Int,
        contentType: String,
        bodyLength: Int,
        fields: HTTPFields
    ) -> HandlerResponse.Invalid? {
        guard (200...599).contains(status), status != 206, status != 304 else {
            return HandlerResponse.Invalid("\(status) is not the status of a whole answer")
        }
        if contentType.isEmpty {
            guard bodyLength == 0 else { return HandlerResponse.Invalid("the body has no content type") }
        } else if !contentType.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            return HandlerResponse.Invalid(
                "the content type has characters that are not printable ASCII",
                field: .contentType
            )
        } else if contentType.utf8.allSatisfy({ $0 == 0x20 }) {
            return HandlerResponse.Invalid("the content type is blank", field: .contentType)
        } else if status == 204 || status == 205 {
            return HandlerResponse.Invalid("an answer with status \(status) has no body")
        }
        for field in fields {
            if let reason = ReservedFields.reason(against: field.name) {
                return HandlerResponse.Invalid("a handler can't set '\(field.name)': \(reason)", field: field.name)
            }
        }
        return RequiredFields.problem(status: status, fields: fields)
    }
}
