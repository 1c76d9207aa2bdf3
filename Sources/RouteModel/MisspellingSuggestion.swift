/// Finds the name that was probably meant by a misspelled one.
package enum MisspellingSuggestion {
    /// The text ` (did you mean 'x'?)`, or an empty text if no candidate is close.
    package static func text(for word: String, among candidates: some Sequence<String>) -> String {
        closest(to: word, among: candidates).map { " (did you mean '\($0)'?)" } ?? ""
    }

    /// The closest candidate, the first one of several; `nil` if none is within a third of the word's length or within
    /// one edit.
    package static func closest(to word: String, among candidates: some Sequence<String>) -> String? {
        closest(to: word, among: candidates, within: max(1, word.count / 3))
    }

    /// The closest candidate, the first one of several, regardless of case; `nil` if none is within `limit` edits.
    package static func closest(
        to word: String,
        among candidates: some Sequence<String>,
        within limit: Int
    ) -> String? {
        let lowered = word.lowercased()
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where abs(candidate.count - word.count) <= limit {
            let distance = distance(lowered, candidate.lowercased())
            if distance <= limit, distance < candidate.count, distance < best?.distance ?? Int.max {
                best = (distance, candidate)
            }
        }
        return best?.candidate
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other
    /// (optimal string alignment).
    package static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var cost = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
