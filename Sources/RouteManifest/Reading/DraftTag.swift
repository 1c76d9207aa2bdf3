import RouteModel

/// A tag before it is known whether a route has its inputs.
struct DraftTag {
    var template: TagTemplate
    var location: Location
    /// The names in braces, with the places of their braces.
    var inputs: [(name: String, location: Location)]
}
