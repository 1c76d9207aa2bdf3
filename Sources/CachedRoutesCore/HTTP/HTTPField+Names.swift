import HTTPTypes

extension HTTPField.Name {
    /// `Cached-Routes-Purge`: on the answer to a write whose purge could only be queued.
    static let cachedRoutesPurge = HTTPField.Name("Cached-Routes-Purge")!
}
