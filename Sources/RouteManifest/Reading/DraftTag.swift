import RouteModel

/// A tag before its inputs are checked against those of a route.
struct DraftTag {
    var template: TagTemplate
    var location: Location
    /// The names in braces, with the places of their braces.
    var inputs: [(name: String, location: Location)]
}
