import RouteModel

/// An input as far as it could be read.
struct DraftInput {
    var name: String
    var location: Location
    var group: RouteInput.Group
    /// The name that requests have for it, and its place.
    var wireName: Located<String>
    /// The type, where it is known.
    var type: Located<InputType>?
    /// The name by which a statement is told whether it is given, of a nullable input.
    var presenceName: String?
    /// The whole input, where nothing is wrong with it.
    var input: RouteInput?
}
