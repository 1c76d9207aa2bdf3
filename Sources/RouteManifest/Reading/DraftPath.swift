import RouteModel

/// A path as read from a manifest.
struct DraftPath {
    var segments: [PathTemplate.Segment] = []
    /// The names in braces, with the places of their braces.
    var names: [(name: String, location: Location)] = []
}
