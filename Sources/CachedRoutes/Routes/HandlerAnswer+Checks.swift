import HTTPTypes
import NIOCore

extension HandlerAnswer {
    /// The answer is not one that can be sent.
    struct Invalid: Error, CustomStringConvertible {
        let description: String
    }

    /// The answer itself.
    ///
    /// - Throws: ``Invalid`` where it can't be sent as a complete answer to a request without conditions.
    func checked() throws(Invalid) -> HandlerAnswer {
        if let status, !(200...599).contains(status) || status == 206 || status == 304 {
            throw Invalid(description: "\(status) is not the status of a whole answer")
        }
        if contentType.isEmpty {
            guard body.readableBytes == 0 else { throw Invalid(description: "the body has no content type") }
        } else if !contentType.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            throw Invalid(description: "'\(contentType)' is not a content type that a header field can hold")
        }
        if let status, status == 204 || status == 205, !contentType.isEmpty {
            throw Invalid(description: "an answer with status \(status) has no body")
        }
        for field in headerFields where Self.reserved.contains(field.name) {
            throw Invalid(description: "a handler can't set '\(field.name)'")
        }
        return self
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
