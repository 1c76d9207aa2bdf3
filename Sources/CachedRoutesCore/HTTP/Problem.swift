package import HTTPTypes
import NIOCore

/// A fault of one input of a request.
package struct RefusedInput: Sendable, Hashable {
    /// The name that the request has for the input; `nil`: all of the body.
    package let input: String?
    /// The part of the request that has it: `path`, `query` or `body`.
    package let group: String
    /// The rest of a sentence that begins with the name.
    package let detail: String

    /// An error from its parts.
    package init(input: String?, group: String, detail: String) {
        self.input = input
        self.group = group
        self.detail = detail
    }
}

/// A problem document (RFC 9457). It holds nothing of the statement, the database or the process.
package struct Problem: Error, Sendable, Hashable {
    /// The status, which is also the document's `title`.
    package let status: HTTPResponse.Status
    /// A sentence for the client.
    package let detail: String
    /// The input that was refused, or the first of several.
    package let input: String?
    /// Everything that is wrong with the request's inputs, where that is why it was refused.
    package let errors: [RefusedInput]
    /// What `Retry-After` says, in seconds.
    package let retryAfter: Int?
    /// What `Allow` says.
    package let allow: String?

    /// A problem from its parts.
    package init(
        _ status: HTTPResponse.Status,
        _ detail: String,
        input: String? = nil,
        errors: [RefusedInput] = [],
        retryAfter: Int? = nil,
        allow: String? = nil
    ) {
        self.status = status
        self.detail = detail
        self.input = input
        self.errors = errors
        self.retryAfter = retryAfter
        self.allow = allow
    }

    /// What a handler has thrown; where the server is at fault, the client may try again.
    init(_ problem: HandlerError) {
        self.init(.error(code: problem.status), problem.detail, retryAfter: problem.status == 503 ? 1 : nil)
    }

    /// Whether the service, or what it asks, is at fault and not the request (RFC 5861, 4).
    var isFailure: Bool { HTTPResponse.Status.isFailure(status.code) }

    /// The path of the request has no such answer.
    static let notFound = Problem(.notFound, "There is no such resource.")
    /// The request wants a stored answer, and there is none that it takes (RFC 9111, 5.2.1.7).
    static let notCached = Problem(.gatewayTimeout, "There is no stored answer that the request accepts.")
    /// A context input is missing.
    static let unauthenticated = Problem(.unauthorized, "This resource needs an authenticated request.")
    /// A context input has a value that the route is not for.
    static let forbidden = Problem(.forbidden, "The authenticated request may not use this resource.")
    /// The database can't be reached, or is too busy to take the request.
    static func unavailable(_ detail: String) -> Problem { Problem(.serviceUnavailable, detail, retryAfter: 1) }
    /// The condition of a write is not met, and nothing was done (RFC 9110, 15.5.13).
    static let preconditionFailed = Problem(
        .preconditionFailed,
        "The resource is not as the request's conditions say; nothing was done."
    )
    /// The write can't be compared with anything, or not by what the request says, and nothing was done.
    static func preconditionFailed(_ detail: String) -> Problem { Problem(.preconditionFailed, detail) }
    /// The write has to be conditional (RFC 6585, 3).
    static let preconditionRequired = Problem(
        .preconditionRequired,
        "The request needs 'If-Match' with the entity tag of what it changes, or 'If-None-Match: *' for what is new."
    )
    /// Something failed that the client can't mend.
    static let internalError = Problem(.internalServerError, "The request could not be answered.")
    /// The time for the request has passed.
    static let deadlineExceeded = Problem(.gatewayTimeout, "The request took too long.")

    /// A write may have taken effect, or not.
    static let outcomeUnknown = Problem(.gatewayTimeout, "It is not known whether the request took effect.")

    /// The value of `WWW-Authenticate` with every 401 that has no challenge of the app's own (RFC 9110, 15.5.2).
    static let challenge = "Bearer"

    /// The media type of the document.
    static let contentType = "application/problem+json"

    /// The document's text.
    var document: ByteBuffer {
        var text = #"{"type":"about:blank""#
        Self.append("title", status.reasonPhrase, to: &text)
        text += #","status":\#(status.code)"#
        Self.append("detail", detail, to: &text)
        if let input { Self.append("input", input, to: &text) }
        if !errors.isEmpty { append(errors, to: &text) }
        text += "}"
        return ByteBuffer(string: text)
    }

    private func append(_ errors: [RefusedInput], to text: inout String) {
        text += #","errors":["#
        for (index, error) in errors.enumerated() {
            if index > 0 { text += "," }
            var members = ""
            if let input = error.input { Self.append("input", input, to: &members) }
            Self.append("in", error.group, to: &members)
            Self.append("detail", error.detail, to: &members)
            text += "{\(members.dropFirst())}"
        }
        text += "]"
    }

    /// The document as a response. Nobody may keep it.
    package func response(isHead: Bool = false) -> RouteResponse {
        let document = document
        var fields: HTTPFields = [
            .contentType: Self.contentType,
            .contentLength: String(document.readableBytes),
            .cacheControl: "no-store",
        ]
        if let retryAfter { fields[.retryAfter] = String(retryAfter) }
        if let allow { fields[.allow] = allow }
        if status == .unauthorized { fields[.wwwAuthenticate] = Self.challenge }
        return RouteResponse(status: status, headerFields: fields, body: isHead ? ByteBuffer() : document)
    }

    /// Appends a member behind others.
    private static func append(_ name: String, _ value: String, to text: inout String) {
        text += #","\#(name)":"#
        append(value, to: &text)
    }

    /// Appends a JSON string.
    package static func append(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
