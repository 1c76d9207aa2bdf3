/// A value and its place.
struct Located<Value> {
    var value: Value
    var location: Location

    /// The transformed value at the same place.
    func map<Other>(_ transform: (Value) -> Other) -> Located<Other> {
        Located<Other>(value: transform(value), location: location)
    }
}
