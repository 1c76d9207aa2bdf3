/// A route without errors, before the write targets of all routes of its target are known.
struct CheckedRoute {
    var route: ManifestRoute
    /// The parts of the route's fingerprint, except the tag of its path.
    var fingerprint: Fingerprint
    /// Indicates that the route is a write that purges the responses at its own path.
    var purgesTarget = false
}
