import HTTPTypes
import Logging
import RouteModel

/// Reads the inputs of requests of routes that read, and builds the keys of their responses.
struct RequestPreparation: Sendable {
    private let validator: RequestValidator

    /// - Parameter logger: takes the faults of an app's context values.
    init(logger: Logger) {
        validator = RequestValidator(logger: logger)
    }

    /// Reads the inputs of a request and builds its key.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - plan: the route of the request.
    ///   - context: the values of context inputs.
    ///   - departures: returns the number of flights that have left the board by now.
    /// - Throws: the problem with the request.
    func prepare(
        _ request: RouteRequest,
        _ plan: RoutePlan,
        context: some RouteContext,
        departures: @autoclosure () -> UInt64
    ) throws(Problem) -> PreparedRequest {
        let values = try validator.values(of: request, plan, context: context)
        let fields = request.headerFields
        let isBypassed = plan.bypassesForAuthorization && fields.contains(.authorization)
        return PreparedRequest(
            request: request,
            values: values,
            key: plan.signature.key(for: values),
            tokens: plan.cache?.tagVersions.names(for: values) ?? [],
            coding: plan.hasVariants ? .preferred(acceptEncoding: fields[.acceptEncoding]) : .identity,
            directives: plan.honorsRequestDirectives ? RequestDirectives(fields) : .none,
            cache: isBypassed ? nil : plan.cache,
            departures: departures()
        )
    }
}
