/// The value that is bound to a parameter of a statement, derived from one of the route's inputs, which is given by its
/// index.
public struct ParameterBinding: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// The values of this version.
    package enum Kind: Hashable, Sendable {
        case value(Int)
        case presence(Int)
    }

    /// The value that is derived from the input.
    package let kind: Kind

    /// The input's value, or NULL if it has none.
    ///
    /// - Parameter index: the index of the input.
    public static func value(_ index: Int) -> ParameterBinding { ParameterBinding(kind: .value(index)) }

    /// `true` if the body has the member of a nullable input, even as `null`.
    ///
    /// - Parameter index: the index of the input.
    public static func presence(_ index: Int) -> ParameterBinding { ParameterBinding(kind: .presence(index)) }

    private init(kind: Kind) { self.kind = kind }

    /// The value of the input at an index.
    public init(integerLiteral index: Int) { self = .value(index) }

    /// Indicates a Boolean value that tells if the input is given, and not the input's value.
    public var isPresence: Bool { if case .presence = kind { true } else { false } }

    /// The index of the input.
    public var index: Int {
        switch kind {
        case .value(let index), .presence(let index): index
        }
    }

    /// The type of the bound value.
    package func type(in inputs: [RouteInput]) -> InputType {
        switch kind {
        case .value(let index): inputs[index].type
        case .presence: .bool
        }
    }

    /// The name by which a statement refers to the parameter.
    package func name(in inputs: [RouteInput]) -> String {
        switch kind {
        case .value(let index): inputs[index].name
        case .presence(let index): Self.presenceName(of: inputs[index].name)
        }
    }

    /// Finds the parameter to which a statement refers by a name; `nil` if no input provides it.
    ///
    /// - Parameters:
    ///   - name: the name in the statement.
    ///   - inputs: the inputs of the route.
    package init?(named name: String, in inputs: [RouteInput]) {
        if let index = inputs.firstIndex(where: { $0.name == name }) {
            self = .value(index)
        } else if let index = inputs.firstIndex(where: { $0.isNullable && Self.presenceName(of: $0.name) == name }) {
            self = .presence(index)
        } else {
            return nil
        }
    }

    /// The name of the parameter that tells a statement if a nullable input is given: `bio_given` for `bio`.
    package static func presenceName(of name: String) -> String { "\(name)_given" }
}
