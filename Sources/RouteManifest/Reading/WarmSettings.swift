/// What stands under `warm`, before a route's inputs are known.
struct WarmSettings {
    /// One of the sets of `with`.
    struct InputSet {
        var location: Location
        /// Names of inputs with values that have not been read: what they may be is the route's to say.
        var entries: [YAMLEntry]
    }

    var every: Located<Duration>?
    /// Those that could be read.
    var sets: [InputSet]
    var atStart = true
}
