/// Which of a route's answers are made before anybody asks for them, and how often.
public struct WarmPolicy: Sendable, Hashable {
    /// How often each of the answers is made, once in all processes behind one Redis.
    public let every: Duration
    /// For each of the answers, canonical texts of inputs by their names; a list has several. Inputs that are not named have
    /// their default, or are absent.
    public let inputs: [[String: [String]]]
    /// Whether answers that are not there are made when the service starts, rather than when the first period ends.
    public let atStart: Bool

    /// A policy from its parts.
    public init(every: Duration, with inputs: [[String: [String]]] = [[:]], atStart: Bool = true) {
        precondition(every > .zero, "a period is positive")
        self.every = every
        self.inputs = inputs
        self.atStart = atStart
    }
}
