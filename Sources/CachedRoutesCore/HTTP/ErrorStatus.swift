import HTTPTypes

extension HTTPResponse.Status {
    /// Indicates that the origin failed, so that a stale response may be served instead (RFC 5861, 4).
    static func isFailure(_ code: Int) -> Bool { (500...599).contains(code) }

    /// Indicates a negative response: the resource does not exist, temporarily or permanently.
    static func isNegative(_ code: Int) -> Bool { code == 404 || code == 410 }

    /// Indicates that a complete response with this status is final and not an error (RFC 9111, 3).
    static func isCacheable(_ code: Int) -> Bool {
        (200...299).contains(code) || [300, 301, 302, 303, 307, 308].contains(code)
    }

    /// The status of an error with its reason phrase; an unknown code has that of its class (RFC 9110, 15).
    static func error(code: Int) -> HTTPResponse.Status {
        if let known = errors.first(where: { $0.code == code }) { return known }
        let phrase = (code < 500 ? HTTPResponse.Status.badRequest : .internalServerError).reasonPhrase
        return HTTPResponse.Status(code: code, reasonPhrase: phrase)
    }

    private static let errors: [HTTPResponse.Status] = [
        .badRequest, .unauthorized, .forbidden, .notFound, .methodNotAllowed, .notAcceptable,
        .proxyAuthenticationRequired, .requestTimeout, .conflict, .gone, .lengthRequired, .preconditionFailed,
        .contentTooLarge, .uriTooLong, .unsupportedMediaType, .rangeNotSatisfiable, .expectationFailed,
        .misdirectedRequest, .unprocessableContent, .tooEarly, .upgradeRequired, .preconditionRequired,
        .tooManyRequests, .requestHeaderFieldsTooLarge, .unavailableForLegalReasons, .internalServerError,
        .notImplemented, .badGateway, .serviceUnavailable, .gatewayTimeout, .httpVersionNotSupported,
        .networkAuthenticationRequired,
    ]
}
