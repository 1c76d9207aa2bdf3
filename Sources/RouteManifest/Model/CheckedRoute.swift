/// A route that has no fault, before it is known which routes of its target answer and change one path.
struct CheckedRoute {
    var route: ManifestRoute
    /// The parts of the route's fingerprint, but for the tag of its path.
    var fingerprint: Fingerprint
    /// True for a write that purges the answers of its own path.
    var purgesTarget = false
}
