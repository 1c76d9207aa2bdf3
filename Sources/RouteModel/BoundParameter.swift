/// The thing that is bound to a parameter of a statement: something of one of the route's inputs, by its index.
public enum BoundParameter: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// The input's value; NULL where there is none.
    case value(Int)
    /// `true` where the body has the member of a nullable input, also as `null`.
    case presence(Int)

    /// The value of the input at an index.
    public init(integerLiteral index: Int) { self = .value(index) }

    /// The index of the input.
    public var index: Int {
        switch self {
        case .value(let index), .presence(let index): index
        }
    }

    /// The type of what is bound.
    public func type(in inputs: [RouteInput]) -> InputType {
        switch self {
        case .value(let index): inputs[index].type
        case .presence: .bool
        }
    }

    /// The name by which a statement takes it.
    public func name(in inputs: [RouteInput]) -> String {
        switch self {
        case .value(let index): inputs[index].name
        case .presence(let index): Self.presenceName(of: inputs[index].name)
        }
    }

    /// The parameter that a statement takes by `name`; `nil` when no input gives it.
    public init?(named name: String, in inputs: [RouteInput]) {
        if let index = inputs.firstIndex(where: { $0.name == name }) {
            self = .value(index)
        } else if let index = inputs.firstIndex(where: { $0.isNullable && Self.presenceName(of: $0.name) == name }) {
            self = .presence(index)
        } else {
            return nil
        }
    }

    /// The name by which a statement is told whether a nullable input of that name is given: `bio_given` for `bio`.
    package static func presenceName(of name: String) -> String { "\(name)_given" }
}
