import CachedRoutesCore
import RouteModel

/// The names of a fleet's keys and tag versions, and the sizes of commands with them.
///
/// A key is of a route, which reads a table, and has a tag that it shares with some other keys.
final class FleetNames {
    private let configuration: FleetConfiguration
    /// The tag versions: those of routes, then of tables, then of tags.
    let versions: [TagVersionKey]
    private var keys: [CacheKey?]

    init(_ configuration: FleetConfiguration) {
        self.configuration = configuration
        let tags = (configuration.keys + configuration.keysPerTag - 1) / configuration.keysPerTag
        versions =
            (0..<configuration.routes).map { .route("users_\($0)", in: Self.namespace) }
            + (0..<configuration.tables).map { .table("public.users_\($0)", in: Self.namespace) }
            + (0..<tags).map { .tag("users:\($0)".utf8, in: Self.namespace) }
        keys = Array(repeating: nil, count: configuration.keys)
    }

    private static let namespace = "users-api"

    func key(_ number: Int) -> CacheKey {
        if let key = keys[number] { return key }
        let text = "users-api:3f9a01c2:/api/v1/users/\(number)?skip=40&limit=20"
        let key = CacheKey(whole: Array(text.utf8))
        keys[number] = key
        return key
    }

    func tableNumber(_ table: Int) -> Int { configuration.routes + table }
    func tagNumber(of key: Int) -> Int {
        configuration.routes + configuration.tables + key / configuration.keysPerTag
    }

    func versionNumbers(of key: Int) -> [Int] {
        [key % configuration.routes, tableNumber(key % configuration.tables), tagNumber(of: key)]
    }

    func versions(of key: Int) -> [TagVersionKey] { versionNumbers(of: key).map { versions[$0] } }

    // MARK: - Commands

    /// The bytes of an entry beside its body: the record and its tag versions.
    private static let record = 256
    private static let version = 15

    private func length(_ key: Int) -> Int { self.key(key).whole.count }

    /// A read of an entry with its tag versions.
    func lookupSize(of key: Int) -> Int {
        let lengths = [length(key)] + versions(of: key).map(\.bytes.count)
        return configuration.primaries > 0
            ? lengths.reduce(0) { $0 + CommandSize.of(4, $1) } : CommandSize.of([4] + lengths)
    }

    /// A read of an entry alone.
    func readSize(of key: Int) -> Int { CommandSize.of(4, length(key)) }

    /// `SET key value PX life`.
    func writeSize(of key: Int, life: Int64) -> Int {
        CommandSize.of(3, length(key), Self.record + configuration.bodySize, 2, "\(life)".utf8.count)
    }

    /// `SET key value PX life NX` and `MGET key`.
    func creationSize(of version: Int) -> Int {
        let length = versions[version].bytes.count
        return CommandSize.of(3, length, Self.version, 2, 6, 2) + CommandSize.of(4, length)
    }

    /// `PTTL key`.
    func renewalSize(of version: Int) -> Int { CommandSize.of(4, versions[version].bytes.count) }

    /// `PEXPIRE key life`.
    func extensionSize(of version: Int) -> Int { CommandSize.of(7, versions[version].bytes.count, 6) }

    /// `SET name owner PX life NX`.
    func lockSize(_ name: [UInt8], life: Int64) -> Int {
        CommandSize.of(3, name.count, 32, 2, "\(life)".utf8.count, 2)
    }

    /// `EVAL script 1 name owner`.
    func releaseSize(_ name: [UInt8]) -> Int { CommandSize.of(4, 96, 1, name.count, 32) }
}
