import HTTPTypes

/// The rules for all responses, whether a handler has just made them or they were read from the store. If a response
/// violates them, its client could misjudge where it ends.
enum ResponseRules {
    /// The error of a response that cannot be sent as a complete response to an unconditional request; `nil` if it can.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - contentType: the media type of the body; empty without a body.
    ///   - bodyLength: the length of the body in bytes.
    ///   - fields: all other fields that are sent unchanged.
    static func problem(
        status: Int,
        contentType: String,
        bodyLength: Int,
        fields: HTTPFields
    ) -> HandlerResponse.ValidationError? {
        guard (200...599).contains(status), status != 206, status != 304 else {
            return HandlerResponse.ValidationError("\(status) is not the status of a complete response")
        }
        if contentType.isEmpty {
            guard bodyLength == 0 else { return HandlerResponse.ValidationError("the body has no content type") }
        } else if !contentType.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            return HandlerResponse.ValidationError(
                "the content type has characters that are not printable ASCII",
                field: .contentType
            )
        } else if contentType.utf8.allSatisfy({ $0 == UInt8(ascii: " ") }) {
            return HandlerResponse.ValidationError("the content type is blank", field: .contentType)
        } else if status == 204 || status == 205 {
            return HandlerResponse.ValidationError("a response with status \(status) has no body")
        }
        for field in fields {
            if let reason = ReservedFields.reason(against: field.name) {
                return HandlerResponse.ValidationError(
                    "a handler can't set '\(field.name)': \(reason)",
                    field: field.name
                )
            }
        }
        return StatusRequiredFields.problem(status: status, fields: fields)
    }
}
