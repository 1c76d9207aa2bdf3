public import RouteModel

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A Swift type of an input's value, in which a handler receives it or the app provides a context input.
public protocol CanonicalTextConvertible: Sendable {
    /// Parses canonical text; `nil` if it is not of this type.
    init?(canonicalText: String)
    /// Text that the input's type accepts. The route makes it canonical before use.
    var canonicalText: String { get }
}

extension InputValues {
    /// The value of an input that is required or has a default.
    ///
    /// - Parameter index: the index of the input in the route's declaration.
    public func required<Value: CanonicalTextConvertible>(_ index: Int) -> Value {
        guard let value: Value = optional(index) else {
            preconditionFailure("input \(index) is read as \(Value.self), which its declaration does not allow")
        }
        return value
    }

    /// The value of an optional input; `nil` if the request has none.
    ///
    /// - Parameter index: the index of the input in the route's declaration.
    public func optional<Value: CanonicalTextConvertible>(_ index: Int) -> Value? {
        text(at: index).flatMap { Value(canonicalText: $0) }
    }

    /// The elements of a list.
    ///
    /// - Parameter index: the index of the input in the route's declaration.
    public func list<Value: CanonicalTextConvertible>(_ index: Int) -> [Value] {
        texts(at: index).compactMap { Value(canonicalText: $0) }
    }

    /// The elements of an optional list; `nil` if the request has none.
    ///
    /// - Parameter index: the index of the input in the route's declaration.
    public func optionalList<Value: CanonicalTextConvertible>(_ index: Int) -> [Value]? {
        isPresent(at: index) ? list(index) : nil
    }

    /// The value of a nullable input.
    ///
    /// - Parameter index: the index of the input in the route's declaration.
    public func nullable<Value: CanonicalTextConvertible>(_ index: Int) -> NullableInput<Value> {
        isNull(at: index) ? .null : optional(index).map { .value($0) } ?? .absent
    }

    /// The elements of a nullable list.
    ///
    /// - Parameter index: the index of the input in the route's declaration.
    public func nullableList<Value: CanonicalTextConvertible>(_ index: Int) -> NullableInput<[Value]> {
        isNull(at: index) ? .null : optionalList(index).map { .value($0) } ?? .absent
    }
}

/// `int`.
extension Int: CanonicalTextConvertible {
    /// Reads canonical text.
    public init?(canonicalText: String) { self.init(canonicalText) }
    /// The value as canonical text.
    public var canonicalText: String { String(self) }
}

/// `int32`.
extension Int32: CanonicalTextConvertible {
    /// Reads canonical text.
    public init?(canonicalText: String) { self.init(canonicalText) }
    /// The value as canonical text.
    public var canonicalText: String { String(self) }
}

/// `double`.
extension Double: CanonicalTextConvertible {
    /// Reads canonical text.
    public init?(canonicalText: String) { self.init(canonicalText) }
    /// The value as canonical text.
    public var canonicalText: String { String(self) }
}

/// `bool`.
extension Bool: CanonicalTextConvertible {
    /// Reads canonical text.
    public init?(canonicalText: String) { self.init(canonicalText) }
    /// The value as canonical text.
    public var canonicalText: String { String(self) }
}

/// `string`; also the exact digits of a `decimal`, and a `date` as `YYYY-MM-DD`.
extension String: CanonicalTextConvertible {
    /// Reads canonical text.
    public init?(canonicalText: String) { self = canonicalText }
    /// The value as canonical text.
    public var canonicalText: String { self }
}

/// `uuid`.
extension UUID: CanonicalTextConvertible {
    /// Reads canonical text.
    public init?(canonicalText: String) { self.init(uuidString: canonicalText) }
    /// The value as canonical text.
    public var canonicalText: String { uuidString.lowercased() }
}

/// `timestamp`, to the microsecond.
extension Date: CanonicalTextConvertible {
    /// Reads canonical text.
    public init?(canonicalText: String) {
        guard let microseconds = Timestamp(canonicalText.utf8)?.microseconds else { return nil }
        self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }

    /// The value as canonical text.
    public var canonicalText: String {
        // The nearest one, because a `Date` is a binary number of seconds and rarely exactly a microsecond.
        let microseconds = (timeIntervalSince1970 * 1_000_000).rounded()
        // The years 1 to 9999; a timestamp refuses the empty text of any other.
        guard (-62_135_596_800_000_000..<253_402_300_800_000_000).contains(microseconds) else { return "" }
        return Timestamp(microseconds: Int(microseconds)).description
    }
}
