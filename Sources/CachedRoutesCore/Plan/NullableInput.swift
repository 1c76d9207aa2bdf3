/// The value of a `nullable` input: JSON's `null` differs from absence, as PATCH requires.
public enum NullableInput<Value: Sendable>: Sendable {
    /// The body does not have the member.
    case absent
    /// The member is `null`.
    case null
    /// The value of the member.
    case value(Value)

    /// The value; `nil` if the member is absent or `null`.
    public var value: Value? { if case .value(let value) = self { value } else { nil } }

    /// Indicates that the body has the member, even as `null`.
    public var isGiven: Bool { if case .absent = self { false } else { true } }

    /// Applies the input to the current value, which stays if the member is absent.
    ///
    /// - Parameter current: the value before the change.
    /// - Returns: the value after the change.
    public func applied(to current: Value?) -> Value? {
        switch self {
        case .absent: current
        case .null: nil
        case .value(let value): value
        }
    }
}

extension NullableInput: Equatable where Value: Equatable {}
extension NullableInput: Hashable where Value: Hashable {}
