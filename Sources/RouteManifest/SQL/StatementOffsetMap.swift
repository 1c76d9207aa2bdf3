/// Maps offsets in the statement that is sent to offsets in the text that it was made from.
///
/// Both are offsets of bytes. The two differ by `$1` in place of `:name`, by the blanks before some parameters, and by what
/// stands before the statement.
package struct StatementOffsetMap: Sendable, Hashable {
    /// A part of the sent statement: a parameter, or the text between two.
    package struct Piece: Sendable, Hashable {
        /// The offset of its first byte in the sent statement.
        package var sent: Int
        /// The offset of its first byte in the text; of a parameter, that of the colon.
        package var source: Int
        /// Indicates a parameter with the blank before it, all of which is at the colon.
        package var isParameter: Bool
    }

    /// The parts in their order. The first one starts at 0.
    package private(set) var pieces: [Piece] = []

    /// The map of a statement that is sent as it is, from an offset of the text on.
    package init(statementAt source: Int) {
        pieces = [Piece(sent: 0, source: source, isParameter: false)]
    }

    /// Adds a part behind the others. A part without bytes gives way to the next one.
    mutating func add(sent: Int, source: Int, isParameter: Bool) {
        if pieces.last?.sent == sent { pieces.removeLast() }
        pieces.append(Piece(sent: sent, source: source, isParameter: isParameter))
    }

    /// The offset in the text of a byte of the sent statement, or of its end.
    package func source(ofSent sent: Int) -> Int {
        var low = 0
        var high = pieces.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if pieces[middle].sent <= sent { low = middle } else { high = middle }
        }
        let piece = pieces[low]
        return piece.isParameter ? piece.source : piece.source + max(sent - piece.sent, 0)
    }
}
