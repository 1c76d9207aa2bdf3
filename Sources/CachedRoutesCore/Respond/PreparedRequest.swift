import RouteModel

/// What is known of a request once its inputs are read.
struct PreparedRequest: Sendable {
    let request: RouteRequest
    let values: InputValues
    /// The key of the answer, in its form without a coding.
    let key: CacheKey
    /// The tokens that the answer has to carry.
    let tokens: [TagVersionKey]
    /// The form that the client gets.
    let coding: ContentCoding
    /// What the client says about stored answers, where the route listens to it.
    let directives: RequestDirectives
    /// Whether the store may be read, written, and work be shared.
    let mayUseCache: Bool
    /// The number of flights that had left the board before the store was asked.
    var departures: UInt64

    /// The key of the form that the client gets.
    var lookupKey: CacheKey { coding == .gzip ? key.variant(.gzip) : key }
}
