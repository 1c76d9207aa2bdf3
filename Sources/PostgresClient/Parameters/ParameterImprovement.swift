/// Takes parameters back to better types, one after the other, once a statement can be prepared at all.
struct ParameterImprovement: Sendable {
    /// The best choices that could be prepared.
    private(set) var best: [Int]
    private var tried: Set<[Int]>
    private var variable = 0
    private var choice = 0
    private var asked: [Int]?

    init(of choices: [Int], tried: Set<[Int]>) {
        best = choices
        self.tried = tried
    }

    /// The next choices to be prepared; `nil`: there are no better ones.
    mutating func next() -> [Int]? {
        while variable < best.count {
            guard choice < best[variable] else {
                variable += 1
                choice = 0
                continue
            }
            var better = best
            better[variable] = choice
            choice += 1
            guard tried.insert(better).inserted else { continue }
            asked = better
            return better
        }
        return nil
    }

    mutating func accepted() {
        guard let asked else { return }
        best = asked
        // What is left of this parameter's candidates is worse.
        variable += 1
        choice = 0
    }
}
