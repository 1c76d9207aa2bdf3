/// Maps offsets in a text to places in the file that contains it.
struct SourceMap: Sendable {
    let source: SourceText
    /// The index in the source of each Unicode scalar of the text, and of its end; `nil` if every place is `fallback`.
    let indices: [Int]?
    let fallback: Location

    /// The place of the Unicode scalar with this number.
    func location(ofScalar number: Int) -> Location {
        guard let indices else { return fallback }
        return source.location(at: indices[min(number, indices.count - 1)])
    }
}
