/// The store's key for a tag version: the value that entries record when they are made and that a purge removes.
///
/// Keys of entries have no `;`, so the two kinds of keys never collide.
package struct TagVersionKey: Hashable, Sendable, CustomStringConvertible {
    /// The subject of a tag version.
    package enum Kind: String, Hashable, Sendable {
        /// A route.
        case route
        /// A tag.
        case tag
        /// A table.
        case table
    }

    /// The subject of the tag version.
    package let kind: Kind
    /// The key in the store.
    package let bytes: [UInt8]

    private init(namespace: String, kind: Kind, name: some Sequence<UInt8>) {
        self.kind = kind
        bytes = CacheKey.shortened(Array("\(namespace);\(kind.rawValue);".utf8) + name)
    }

    /// The key of a tag.
    ///
    /// - Parameters:
    ///   - tag: the tag, whose inputs are filled in.
    ///   - namespace: the manifest's namespace.
    package static func tag(_ tag: some Sequence<UInt8>, in namespace: String) -> TagVersionKey {
        TagVersionKey(namespace: namespace, kind: .tag, name: tag)
    }

    /// The key of a route, which every response of the route depends on.
    ///
    /// - Parameters:
    ///   - name: the name of the route.
    ///   - namespace: the manifest's namespace.
    package static func route(_ name: String, in namespace: String) -> TagVersionKey {
        TagVersionKey(namespace: namespace, kind: .route, name: name.utf8)
    }

    /// The key of a table.
    ///
    /// - Parameters:
    ///   - name: the name of the table.
    ///   - minimumInterval: the shortest time in milliseconds for which a version is kept after its renewal; 0 for
    ///     none.
    ///   - namespace: the manifest's namespace.
    package static func table(_ name: String, minimumInterval: Int64 = 0, in namespace: String) -> TagVersionKey {
        var text: [UInt8] = []
        PercentEncoding.append(name.utf8, to: &text, spaceAsPlus: false)
        if minimumInterval > 0 { text.append(contentsOf: ";\(minimumInterval)".utf8) }
        return TagVersionKey(namespace: namespace, kind: .table, name: text)
    }

    /// Reads a key of the store; `nil` if it is not the key of a tag version.
    package init?(stored bytes: some Collection<UInt8>) {
        let parts = bytes.split(separator: UInt8(ascii: ";"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let kind = Kind(rawValue: String(decoding: parts[1], as: UTF8.self)) else { return nil }
        self.kind = kind
        self.bytes = Array(bytes)
    }

    /// Hashes all bytes at once; an array's own implementation hashes them one by one. The bytes include the kind.
    package func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// The key as text. Keys are ASCII.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
