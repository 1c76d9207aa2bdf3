/// Finds the name of a table or a parameter that was probably meant by a misspelled one.
enum NameSuggestion {
    /// The candidate with the fewest edits from `name`, the first one of several; `nil` if all need more edits than a
    /// third of its length.
    static func closest(to name: String, among candidates: [String]) -> String? {
        let limit = max(1, name.count / 3)
        let word = Array(name.lowercased())
        return candidates.map { (edits(from: word, to: Array($0.lowercased())), $0) }
            .filter { $0.0 <= limit && $0.0 < $0.1.count }
            .min { $0.0 < $1.0 }?.1
    }

    /// The number of letters to insert, delete or replace (Levenshtein distance).
    private static func edits(from left: [Character], to right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
