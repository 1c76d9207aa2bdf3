/// The answers of a route that are made before anybody asks for them, and their period.
public struct WarmPolicy: Sendable, Hashable {
    /// The period after which each of the answers is made again, once in all processes behind one Redis.
    public package(set) var every: Duration
    /// For each of the answers, canonical texts of inputs by their names; a list has several. Inputs that are not named have
    /// their default, or are absent.
    public package(set) var inputs: [[String: [String]]]
    /// True where answers that are not there are made when the service starts, rather than when the first period ends.
    public package(set) var atStart: Bool

    /// A policy from its parts. An argument that is left out has the value of a manifest that doesn't name its setting.
    ///
    /// - Parameters:
    ///   - every: positive.
    ///   - inputs: canonical texts by the names of inputs, for each of the answers.
    public init(every: Duration, with inputs: [[String: [String]]] = [[:]], atStart: Bool = true) {
        precondition(every > .zero, "a period is positive")
        self.every = every
        self.inputs = inputs
        self.atStart = atStart
    }
}
