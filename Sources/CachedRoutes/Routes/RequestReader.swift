import HTTPTypes
import Logging
import Metrics
import NIOCore
import RouteModel

/// Reads a route's inputs from a request, or says what is wrong with it.
struct RequestReader: Sendable {
    let logger: Logger

    /// The canonical values of the route's inputs.
    ///
    /// - Throws: the problem to answer with.
    func values(
        of request: RouteRequest,
        _ plan: RoutePlan,
        context: some RouteContext
    ) throws(Problem) -> InputValues {
        guard request.hasValidTarget else {
            throw Problem(.badRequest, "The request target has characters that must be percent-encoded.")
        }
        try checkBody(of: request, plan)
        do throws(RequestFault) {
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
        // Nothing else, and not by default: a form of another site can send every type that needs no preflight request.
        guard MediaType.isJSON(request.headerFields[.contentType]) else {
            throw Problem(.unsupportedMediaType, "The body must be JSON in UTF-8, with Content-Type: application/json.")
        }
    }

    private func problem(of fault: RequestFault, _ plan: RoutePlan) -> Problem {
        switch fault {
        case .refused(let group, let name, let violation):
            return Problem(.badRequest, "The \(group.rawValue) parameter '\(name)' \(violation).", input: name)
        case .malformedBody(let sentence):
            return Problem(.badRequest, sentence)
        case .unauthenticated:
            return .unauthenticated
        case .contextRefused(let name, let violation):
            logger.error(
                "The app gave a context value that its declaration does not allow",
                metadata: ["route": "\(plan.route.name)", "input": "\(name)", "reason": "\(violation)"]
            )
            return .internalError
        }
    }
}

/// Media types of request bodies.
enum MediaType {
    /// Whether a `Content-Type` names JSON (`application/json`, or a type with the suffix `+json`) in UTF-8 (RFC 8259, 11 and
    /// RFC 6839, 3.1).
    static func isJSON(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        let parts = contentType.lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
        guard let type = parts.first, type == "application/json" || type.hasSuffix("+json") && type.contains("/") else {
            return false
        }
        return parts.dropFirst().allSatisfy { parameter in
            !parameter.hasPrefix("charset=") || ["charset=utf-8", "charset=\"utf-8\""].contains(parameter)
        }
    }
}
