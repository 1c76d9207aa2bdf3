import HTTPTypes

/// The response fields that a handler cannot set, each with the reason.
///
/// The documentation of ``HandlerResponse`` and the article on handlers list them too.
enum ReservedFields {
    /// The reason for which a handler cannot set a field, as the rest of a sentence; `nil` if it can.
    static func reason(against name: HTTPField.Name) -> String? { reasons[name] }

    /// The fields that only handlers of GET routes set, and that are handled separately (``HandlerValidatorsAndAge``).
    private static let ofReads: Set<HTTPField.Name> = [.age, .eTag, .lastModified]

    /// The names that no handler can set, sorted.
    static var namesForAll: [String] {
        reasons.keys.filter { !ofReads.contains($0) }.map(\.rawName).sorted()
    }

    private static let reasons: [HTTPField.Name: String] = {
        let connection = "it concerns the connection, which the server manages"
        let length = "it determines where the response ends, which follows from its body"
        let own = "only this service sets it"
        let reads = "it belongs to the response of a GET route; here it would describe another one"
        var reasons: [HTTPField.Name: String] = [
            .connection: connection, .contentLength: length, .contentType: "it is the response's 'contentType'",
            .contentRange: "responses are always complete; this service serves no ranges", .cacheStatus: own,
            .date: "it is the time at which the response was made",
            .vary: "whatever a response varies by is an input of the route; declare it as a header or context input",
            .cachedRoutesPurge: own,
        ]
        for name in ["Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Upgrade"] {
            if let name = HTTPField.Name(name) { reasons[name] = connection }
        }
        if let name = HTTPField.Name("Transfer-Encoding") { reasons[name] = length }
        // It carries the date of a response past the framework.
        if let name = HTTPField.Name("Cached-Routes-Date") { reasons[name] = own }
        for name in ofReads { reasons[name] = reads }
        return reasons
    }()
}
