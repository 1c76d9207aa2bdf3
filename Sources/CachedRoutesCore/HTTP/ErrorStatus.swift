import HTTPTypes

extension HTTPResponse.Status {
    /// Whether a status says that there is no answer now, so that a stale one may be given in its place (RFC 5861, 4).
    static func isFailure(_ code: Int) -> Bool { (500...599).contains(code) }

    /// Tells whether an answer with this status says that there is nothing, for now or for good.
    static func isNegative(_ code: Int) -> Bool { code == 404 || code == 410 }

    /// Tells whether a complete answer says by its status that it is final, and is no error (RFC 9111, 3).
    static func isCacheable(_ code: Int) -> Bool {
        (200...299).contains(code) || [300, 301, 302, 303, 307, 308].contains(code)
    }

    /// The status of an error with its reason phrase; an unknown code has the one of its class (RFC 9110, 15).
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
