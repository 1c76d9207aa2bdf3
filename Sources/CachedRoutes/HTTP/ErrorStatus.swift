import HTTPTypes

extension HTTPResponse.Status {
    /// Whether a status says that there is no answer now, so that a stale one may be given in its place (RFC 5861, 4).
    static func isFailure(_ code: Int) -> Bool { (500...599).contains(code) }

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
