/// Turns offsets in a text into places of the file it was taken from.
struct TextPlaces {
    let source: SourceText
    /// The index in the source of each Unicode scalar of the text, and of its end; without them every place is `fallback`.
    let indices: [Int]?
    let fallback: Location

    /// The place of the Unicode scalar with this number.
    func location(ofScalar number: Int) -> Location {
        guard let indices else { return fallback }
        return source.location(at: indices[min(number, indices.count - 1)])
    }
}
