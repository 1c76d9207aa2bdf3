/// The settings of a route under `precondition`.
struct PreconditionSettings {
    /// The name of the GET route.
    var route: Located<String>
    var isRequired = false
}
