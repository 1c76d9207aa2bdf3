/// The reason for which no connection can be used until an operator does something, and the remedy.
package struct RedisUnavailability: Hashable, Sendable {
    /// The code of the server's refusal, or the failure of TLS in words.
    package let reason: String
    /// The remedy in words.
    package let cure: String

    private init(reason: String, cure: String) {
        self.reason = reason
        self.cure = cure
    }

    init(_ refusal: RedisCommandRefusal) {
        self.init(reason: refusal.code, cure: refusal.cure)
    }

    /// - Parameter error: the error of a connection; the result is `nil` if it may go away by itself.
    init?(_ error: RedisError) {
        if let refusal = error.serverRefusal {
            self.init(refusal)
        } else if let failure = error.tlsFailure, let cure = failure.cure {
            self.init(reason: failure.description, cure: cure)
        } else {
            return nil
        }
    }
}
