import HTTPTypes
import Logging
import Metrics
import NIOCore
import RouteModel

/// Validates requests: extracts the values of a route's inputs, or describes the errors of a request.
struct RequestValidator: Sendable {
    let logger: Logger

    /// Validates a request and returns the canonical values of the route's inputs.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - plan: the route.
    ///   - context: the values of context inputs.
    /// - Throws: the problem to respond with.
    func values(
        of request: RouteRequest,
        _ plan: RoutePlan,
        context: some RouteContext
    ) throws(Problem) -> InputValues {
        guard request.hasValidTarget else {
            throw Problem(.badRequest, "The request target has characters that must be percent-encoded.")
        }
        try checkBody(of: request, plan)
        do throws(RequestError) {
            return try plan.parser.values(of: request, context: context)
        } catch {
            throw problem(of: error, plan)
        }
    }

    private func checkBody(of request: RouteRequest, _ plan: RoutePlan) throws(Problem) {
        let hasBody = request.body.map { $0.readableBytes > 0 } ?? request.announcesBody
        guard hasBody else { return }
        guard plan.hasBodyInputs else {
            let method = request.method.rawValue
            throw Problem(
                .badRequest,
                plan.route.write != nil
                    ? "This resource takes no body with \(method)." : "A \(method) request must not have a body."
            )
        }
        // No other type, and no default: a form of another site can send any type that needs no CORS preflight request.
        guard JSONMediaType.isJSON(request.headerFields[.contentType]) else {
            throw Problem(.unsupportedMediaType, "The body must be JSON in UTF-8, with Content-Type: application/json.")
        }
    }

    /// Makes the problem to respond with.
    func problem(of error: RequestError, _ plan: RoutePlan) -> Problem {
        switch error {
        case .refused(let inputs):
            return Problem(inputs)
        case .unauthenticated:
            return .unauthenticated
        case .forbidden(let name, let reason):
            logger.debug(
                "A context value is not one that the route is for",
                metadata: ["route": "\(plan.route.name)", "input": "\(name)", "reason": "\(reason)"]
            )
            return .forbidden
        case .malformedContext(let name, let reason):
            logger.error(
                "The app gave a context value that is not of its declared type",
                metadata: ["route": "\(plan.route.name)", "input": "\(name)", "reason": "\(reason)"]
            )
            return .internalError
        }
    }
}

/// The media types of request bodies.
enum JSONMediaType {
    /// Indicates a `Content-Type` of JSON: `application/json`, or a type with the suffix `+json` (RFC 6839, 3.1). Its
    /// parameters have no effect: JSON is always UTF-8 (RFC 8259, 11).
    static func isJSON(_ contentType: String?) -> Bool {
        guard let essence = contentType?.lowercased().utf8.prefix(while: { $0 != UInt8(ascii: ";") }) else {
            return false
        }
        let parts = essence.trimmed.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(\.isToken) else { return false }
        return parts[0].elementsEqual("application".utf8) && parts[1].elementsEqual("json".utf8)
            || parts[1].count > 5 && parts[1].suffix(5).elementsEqual("+json".utf8)
    }
}
