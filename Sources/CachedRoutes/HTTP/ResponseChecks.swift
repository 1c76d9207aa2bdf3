import HTTPTypes

/// The rules that every answer keeps, whether a handler has just made it or it was read from the store: what does not could end
/// before or after the place where its client takes the end to be.
enum ResponseChecks {
    /// What keeps an answer from being sent as a complete one to a request without conditions; `nil`: nothing does.
    ///
    /// - Parameters:
    ///   - contentType: the media type of the body; empty where there is no body.
    ///   - fields: all others that are sent as they are.
    static func problem(status: Int, contentType: String, bodyLength: Int, fields: HTTPFields) -> String? {
        guard (200...599).contains(status), status != 206, status != 304 else {
            return "\(status) is not the status of a whole answer"
        }
        if contentType.isEmpty {
            guard bodyLength == 0 else { return "the body has no content type" }
        } else if !contentType.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            return "'\(contentType)' is not a content type that a header field can hold"
        } else if status == 204 || status == 205 {
            return "an answer with status \(status) has no body"
        }
        for field in fields where reserved.contains(field.name) {
            return "a handler can't set '\(field.name)'"
        }
        return nil
    }

    /// Fields of the connection, and those that are made from the answer.
    private static let reserved: Set<HTTPField.Name> = {
        let names = ["Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade"]
        return Set(
            names.compactMap { HTTPField.Name($0) } + [
                .connection, .contentLength, .contentType, .date, .age, .eTag, .lastModified, .vary, .cacheStatus,
                .contentRange,
            ]
        )
    }()
}
