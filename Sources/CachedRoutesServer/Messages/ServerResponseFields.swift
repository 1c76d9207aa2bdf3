import HTTPFrontend
import HTTPTypes

/// The fields that responses of a server have beside those of their routes.
struct ServerResponseFields: Sendable {
    /// The fields of all responses.
    let all: HTTPFields
    private let policy: CrossOriginPolicy?

    /// - Parameters:
    ///   - serverName: the value of `Server`; `nil` sends none.
    ///   - policy: the origins whose scripts may read responses; `nil` for none.
    init(serverName: String?, policy: CrossOriginPolicy?) {
        var all = HTTPFields()
        if let serverName { all[.server] = serverName }
        // The response depends on the origin, even that to a request without one.
        if policy?.listedOrigins != nil { all[.vary] = "Origin" }
        self.all = all
        self.policy = policy
    }

    /// The same fields in bytes, for responses that are sent early.
    var constantFields: EarlyResponseFields {
        guard let policy else { return EarlyResponseFields(all: all, origins: .any([:])) }
        guard let origins = policy.listedOrigins else {
            return EarlyResponseFields(all: all, origins: .any(fields(for: ["null"])))
        }
        let listed = origins.map { ($0, fields(for: [$0])) }
        return EarlyResponseFields(all: all, origins: .listed(Dictionary(listed) { first, _ in first }))
    }

    /// Returns the additional fields of a response to a request of an origin.
    ///
    /// - Parameters:
    ///   - origins: the values of the request's `Origin` fields.
    ///   - preflight: the methods of the path, for the response to a preflight request; `nil` for any other response.
    func fields(for origins: [String], preflight: String? = nil) -> HTTPFields {
        guard let policy, origins.count == 1, var fields = policy.fields(for: origins[0]) else { return [:] }
        for field in preflight.map(policy.preflightFields) ?? policy.exposingFields { fields.append(field) }
        return fields
    }
}
