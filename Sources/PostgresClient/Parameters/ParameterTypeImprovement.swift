/// Improves the types of parameters once the statement can be prepared: many at once if possible, otherwise one after
/// another.
struct ParameterTypeImprovement: Sendable {
    /// Wanted changes.
    struct Wish: Sendable {
        var changes: [ParameterTypeAssignment.Change]
        /// Indicates that all changes are of the same kind: if the first one is refused, so are the others.
        var isUniform = false
        /// The changes to try if these are accepted.
        fileprivate var then: [ParameterTypeAssignment.Change] = []

        init(_ changes: [ParameterTypeAssignment.Change], isUniform: Bool = false) {
            self.changes = changes
            self.isUniform = isUniform
        }
    }

    /// The best choices that could be prepared.
    private(set) var best: [Int]
    private var tried: Set<[Int]>
    /// The remaining wishes, in reverse order.
    private var wishes: [Wish]
    private var improved: Set<Int> = []
    private var asked: Wish?

    /// Makes an improvement of choices.
    ///
    /// - Parameter wishes: the changes in the order in which they are tried, the best first.
    init(of choices: [Int], _ wishes: [Wish], tried: Set<[Int]>) {
        best = choices
        self.wishes = wishes.reversed()
        self.tried = tried
    }

    /// Returns the next choices to prepare; `nil` if there are no better ones.
    mutating func next() -> [Int]? {
        while var wish = wishes.popLast() {
            wish.changes.removeAll { improved.contains($0.variable) }
            guard !wish.changes.isEmpty else { continue }
            asked = wish
            let better = changed(by: wish)
            if tried.insert(better).inserted { return better }
            refused()
        }
        return nil
    }

    mutating func accepted() {
        guard let wish = asked else { return }
        best = changed(by: wish)
        improved.formUnion(wish.changes.map(\.variable))
        if !wish.then.isEmpty { wishes.append(Wish(wish.then, isUniform: true)) }
        asked = nil
    }

    mutating func refused() {
        guard let wish = asked else { return }
        asked = nil
        guard wish.changes.count > 1 else { return }
        if wish.isUniform {
            var first = Wish(Array(wish.changes.prefix(1)))
            first.then = Array(wish.changes.dropFirst())
            wishes.append(first)
        } else {
            let half = wish.changes.count / 2
            wishes.append(Wish(Array(wish.changes.dropFirst(half))))
            wishes.append(Wish(Array(wish.changes.prefix(half))))
        }
    }

    private func changed(by wish: Wish) -> [Int] {
        var choices = best
        for change in wish.changes { choices[change.variable] = change.choice }
        return choices
    }
}
