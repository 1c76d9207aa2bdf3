/// The settings under `warm`, before they are checked against a route's inputs.
struct WarmSettings {
    /// A set of inputs under `with`.
    struct InputSet {
        var location: Location
        /// The names of inputs with their values, which are read when the route's inputs are known.
        var entries: [YAMLEntry]
    }

    var every: Located<Duration>?
    /// The sets that could be read.
    var sets: [InputSet]
    var atStart = true
}
