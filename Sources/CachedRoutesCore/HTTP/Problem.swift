package import HTTPTypes
import NIOCore
import RouteModel

/// The error of one input of a request.
package struct RefusedInput: Sendable, Hashable {
    /// The input's name in the request; `nil` for the whole body.
    package let input: String?
    /// The part of the request that the input comes from: `path`, `query` or `body`.
    package let group: String
    /// The rest of a sentence that starts with the name.
    package let detail: String

    /// Makes an error from its parts.
    ///
    /// - Parameters:
    ///   - input: the input's name in the request; `nil` for the whole body.
    ///   - group: `path`, `query` or `body`.
    ///   - detail: the rest of a sentence that starts with the name.
    package init(input: String?, group: String, detail: String) {
        self.input = input
        self.group = group
        self.detail = detail
    }
}

/// A problem document (RFC 9457). It reveals nothing about the statement, the database or the process.
package struct Problem: Error, Sendable, Hashable {
    /// The status; its reason phrase is the document's `title`.
    package let status: HTTPResponse.Status
    /// A sentence for the client.
    package let detail: String
    /// The refused input, or the first of several.
    package let input: String?
    /// All errors of the request's inputs, if they are the reason for the refusal.
    package let errors: [RefusedInput]
    /// The value of `Retry-After`, in seconds.
    package let retryAfter: Int?
    /// The value of `Allow`.
    package let allow: String?

    /// Makes a problem.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - detail: a sentence for the client.
    ///   - input: the refused input, or the first of several.
    ///   - errors: all errors of the request's inputs.
    ///   - retryAfter: in seconds.
    ///   - allow: the value of `Allow`.
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

    /// Makes the problem of an error that a handler has thrown. With 503 the client may retry after a second. A status that
    /// requires a field becomes a 500.
    package init(_ problem: HandlerError) {
        guard StatusRequiredFields.problem(of: problem) == nil else {
            self = .internalError
            return
        }
        self.init(.error(code: problem.status), problem.message, retryAfter: problem.status == 503 ? 1 : nil)
    }

    /// Indicates that the service or its origin failed, rather than the request (RFC 5861, 4).
    var isFailure: Bool { HTTPResponse.Status.isFailure(status.code) }

    /// The path does not lead to a resource.
    package static let notFound = Problem(.notFound, "There is no such resource.")
    /// The request accepts only a stored response, and no suitable one exists (RFC 9111, 5.2.1.7).
    static let notCached = Problem(.gatewayTimeout, "There is no stored response that the request accepts.")
    /// A context input is missing.
    static let unauthenticated = Problem(.unauthorized, "This resource needs an authenticated request.")
    /// A context input has a value that the route does not accept.
    static let forbidden = Problem(.forbidden, "The authenticated request may not use this resource.")
    /// The database is unreachable or overloaded.
    static func unavailable(_ detail: String) -> Problem { Problem(.serviceUnavailable, detail, retryAfter: 1) }
    /// The precondition of a write is false, and nothing was changed (RFC 9110, 15.5.13).
    static let preconditionFailed = Problem(
        .preconditionFailed,
        "The resource is not as the request's conditions say; nothing was done."
    )
    /// The precondition of a write cannot be evaluated, and nothing was changed.
    static func preconditionFailed(_ detail: String) -> Problem { Problem(.preconditionFailed, detail) }
    /// The write must be conditional (RFC 6585, 3).
    static let preconditionRequired = Problem(
        .preconditionRequired,
        "The request needs 'If-Match' with the entity tag of what it changes, or 'If-None-Match: *' for what is new."
    )
    /// An error that the client cannot correct.
    package static let internalError = Problem(.internalServerError, "The request could not be answered.")
    /// The request's time limit has passed.
    package static let deadlineExceeded = Problem(.gatewayTimeout, "The request took too long.")
    /// The client has left, or the server shuts down.
    package static let cancelled = unavailable("The request was cancelled.")

    /// A write may or may not have taken effect.
    static let outcomeUnknown = Problem(.gatewayTimeout, "It is not known whether the request took effect.")

    /// The value of `WWW-Authenticate` in a 401 for which the app sets no challenge (RFC 9110, 15.5.2).
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

    /// The document as a response that no cache may store.
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

    /// Appends a member to an object that has members already.
    private static func append(_ name: String, _ value: String, to text: inout String) {
        text += #","\#(name)":"#
        append(value, to: &text)
    }

    /// Appends a JSON string.
    package static func append(_ string: String, to text: inout String) {
        text += JSONStringEscaper.quoted(string, letters: .none)
    }
}
