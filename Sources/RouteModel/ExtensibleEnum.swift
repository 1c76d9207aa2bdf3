/// One of a list of values to which later versions may add.
///
/// It is a struct around an enum. Code of users names the values and compares them, and compiles with a longer list as
/// well; code of this package switches over ``kind``, where the compiler finds each place that a new value concerns.
package protocol ExtensibleEnum: Hashable, Sendable {
    /// The values of this version, spelled as in a manifest.
    associatedtype Kind: RawRepresentable<String> & CaseIterable & Hashable & Sendable

    /// The value.
    var kind: Kind { get }

    /// Makes a choice.
    init(_ kind: Kind)
}

extension ExtensibleEnum {
    /// The manifest's spelling.
    package var rawValue: String { kind.rawValue }

    /// The name of the value in Swift.
    package var swiftName: String { "\(kind)" }

    /// Reads the manifest's spelling; `nil` for any other text.
    package init?(rawValue: String) {
        guard let kind = Kind(rawValue: rawValue) else { return nil }
        self.init(kind)
    }

    /// All values of this version, in the order of their declaration.
    package static var allCases: [Self] { Kind.allCases.map(Self.init) }
}
