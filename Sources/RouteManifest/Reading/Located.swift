/// A value and where it was written.
struct Located<Value> {
    var value: Value
    var location: Location

    /// What `transform` makes of the value, at the same place.
    func map<Other>(_ transform: (Value) -> Other) -> Located<Other> {
        Located<Other>(value: transform(value), location: location)
    }
}
