/// The value of an input that the manifest calls `nullable`: JSON's `null` is apart from absence, as a PATCH needs it.
public enum NullableInput<Value: Sendable>: Sendable {
    /// The body has no such member: nothing is said about the value.
    case absent
    /// The body's member is `null`.
    case null
    /// The body's member.
    case value(Value)

    /// The value; `nil` where the member is absent or `null`.
    public var value: Value? { if case .value(let value) = self { value } else { nil } }

    /// True where the body has the member, also as `null`.
    public var isGiven: Bool { if case .absent = self { false } else { true } }

    /// The value after a change of `current`, which stays where the member is absent.
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
