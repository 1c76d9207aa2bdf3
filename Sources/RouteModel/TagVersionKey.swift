/// The store's key for a token: what entries were made under, and what a purge removes.
///
/// Keys of entries hold no `;`, so that no token is ever taken for one.
public struct TagVersionKey: Hashable, Sendable, CustomStringConvertible {
    /// What a token stands for.
    public enum Kind: String, Hashable, Sendable {
        /// A route.
        case route
        /// A tag.
        case tag
        /// A table.
        case table
    }

    /// What the token stands for.
    public let kind: Kind
    /// The key as the store sees it.
    public let bytes: [UInt8]

    private init(namespace: String, kind: Kind, name: some Sequence<UInt8>) {
        self.kind = kind
        bytes = CacheKey.shortened(Array("\(namespace);\(kind.rawValue);".utf8) + name)
    }

    /// The token of a tag whose inputs are filled in.
    public static func tag(_ tag: some Sequence<UInt8>, in namespace: String) -> TagVersionKey {
        TagVersionKey(namespace: namespace, kind: .tag, name: tag)
    }

    /// The token that every answer of a route carries.
    public static func route(_ name: String, in namespace: String) -> TagVersionKey {
        TagVersionKey(namespace: namespace, kind: .route, name: name.utf8)
    }

    /// The token of a table.
    ///
    /// - Parameter minimumInterval: for how long at least it is kept after it was renewed, in milliseconds; 0: not at all.
    public static func table(_ name: String, minimumInterval: Int64 = 0, in namespace: String) -> TagVersionKey {
        var text: [UInt8] = []
        PercentEncoding.append(name.utf8, to: &text, spaceAsPlus: false)
        if minimumInterval > 0 { text.append(contentsOf: ";\(minimumInterval)".utf8) }
        return TagVersionKey(namespace: namespace, kind: .table, name: text)
    }

    /// A name from the store's key; `nil` for a key that is no token's.
    package init?(stored bytes: some Collection<UInt8>) {
        let parts = bytes.split(separator: UInt8(ascii: ";"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let kind = Kind(rawValue: String(decoding: parts[1], as: UTF8.self)) else { return nil }
        self.kind = kind
        self.bytes = Array(bytes)
    }

    /// All bytes at once: an array on its own gives them one after the other. They tell the kind.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// The key as text; keys are ASCII.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
