import RouteModel

/// An input as far as it could be read.
struct DraftInput {
    var name: String
    var location: Location
    var group: RouteInput.Group
    /// The name in requests, and its place.
    var wireName: Located<String>
    /// The type, if known.
    var type: Located<InputType>?
    /// The name of the Boolean parameter that tells a statement whether a nullable input is present.
    var presenceName: String?
    /// The complete input; `nil` after an error.
    var input: RouteInput?
}
