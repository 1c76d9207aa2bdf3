/// The responses of a route that are stored before they are requested, and the interval of their renewal.
public struct WarmPolicy: Sendable, Hashable {
    /// The interval at which each of the responses is made again, once for all processes that use the same Redis.
    public package(set) var every: Duration
    /// The inputs of each response: canonical texts by the inputs' names; a list has several texts. Inputs that are not
    /// named have their defaults or are absent.
    public package(set) var inputs: [[String: [String]]]
    /// Indicates that missing responses are made when the service starts, and not at the end of the first interval.
    public package(set) var atStart: Bool

    /// Makes a policy. Arguments that are left out have the defaults of a manifest.
    ///
    /// - Parameters:
    ///   - every: must be positive.
    ///   - inputs: for each response, canonical texts by the inputs' names.
    ///   - atStart: makes missing responses when the service starts.
    public init(every: Duration, with inputs: [[String: [String]]] = [[:]], atStart: Bool = true) {
        precondition(every > .zero, "a period is positive")
        self.every = every
        self.inputs = inputs
        self.atStart = atStart
    }
}
