import HTTPTypes

extension HTTPField.Name {
    /// `Cached-Routes-Purge`: marks the response to a write whose purge is queued.
    static let cachedRoutesPurge = HTTPField.Name("Cached-Routes-Purge")!
}
