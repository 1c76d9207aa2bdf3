import RouteModel

/// A path of a manifest.
struct ParsedPath {
    var segments: [PathTemplate.Segment] = []
    /// The names in braces, with the places of their braces.
    var names: [(name: String, location: Location)] = []
}
