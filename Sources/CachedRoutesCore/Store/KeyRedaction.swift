import RouteModel

/// The form of a store's key that may be logged at `info` and above: with its namespace, fingerprint, route, table or
/// kind of tag version, and without inputs, some of which come from the authenticated request.
package enum KeyRedaction {
    /// The key with `…` in place of its inputs.
    package static func text(_ key: some Collection<UInt8>) -> String {
        if let token = TagVersionKey(stored: key) {
            guard token.kind == .tag else { return token.description }
            let parts = key.split(separator: UInt8(ascii: ";"), maxSplits: 2, omittingEmptySubsequences: false)
            return "\(string(parts[0]));tag;…"
        }
        // Namespace, fingerprint and method; path, query and context follow.
        let sections = key.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
        guard sections.count > 3 else { return string(key) }
        let names = sections[3].split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).dropFirst()
        return (sections[..<3].map { string($0) } + ["…"]).joined(separator: ":")
            + names.map { ";\(string($0))" }.joined()
    }

    private static func string(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
