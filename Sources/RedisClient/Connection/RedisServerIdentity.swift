/// The identity of the data that a server has: another one tells that the server may have lost commands.
///
/// A server that restarts has another `run_id`. One that becomes a primary again without a restart, after it was a replica,
/// keeps its `run_id` and has another `master_replid`. If Sentinels promote a former primary that they had not yet made a
/// replica, it keeps both, and only their `config-epoch` tells that another server was the primary meanwhile.
package struct RedisServerIdentity: Hashable, Sendable {
    /// The server's `run_id`.
    package let runID: String
    /// The server's `master_replid`; `nil` if it does not tell, as servers without replication do.
    package var replicationID: String?
    /// The Sentinels' `config-epoch` for which the server is the primary; 0 without Sentinels.
    package var configEpoch: UInt64 = 0

    /// The identity in 15 characters, the longest string that needs no allocation.
    ///
    /// All processes compute the same, because entries that one has stored are used by others. These are 90 bits of a
    /// hash (FNV-1a): two of the parts are random numbers of the server, so that no more is needed of it than that it
    /// mixes all characters.
    package var digest: String {
        var hash = Self.offset
        for byte in runID.utf8 { Self.mix(byte, into: &hash) }
        // No character of any part, so that they can't be taken apart in another way.
        Self.mix(UInt8(ascii: " "), into: &hash)
        for byte in (replicationID ?? "").utf8 { Self.mix(byte, into: &hash) }
        Self.mix(UInt8(ascii: " "), into: &hash)
        for byte in String(configEpoch).utf8 { Self.mix(byte, into: &hash) }
        var characters = ""
        for _ in 0..<15 {
            characters.unicodeScalars.append(Unicode.Scalar(Self.digits[Int(hash & 63)]))
            hash >>= 6
        }
        return characters
    }

    private static let offset: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_".utf8)

    private static func mix(_ byte: UInt8, into hash: inout UInt128) {
        hash = (hash ^ UInt128(byte)) &* prime
    }
}

extension RedisServerIdentity {
    /// Reads the identity; `nil` if there is no `run_id`.
    package init?(_ info: RedisInfo, configEpoch: UInt64 = 0) {
        guard let runID = info.runID else { return nil }
        self.init(runID: runID, replicationID: info.replicationID, configEpoch: configEpoch)
    }
}

/// The fields of a reply to `INFO` that matter here.
package struct RedisInfo {
    private let text: String

    /// - Parameter text: the reply to `INFO`.
    package init(_ text: String) {
        self.text = text
    }

    /// The server's `run_id`, of the section `server`.
    var runID: String? { value(of: "run_id") }
    /// The server's `master_replid`, of the section `replication`.
    package var replicationID: String? { value(of: "master_replid") }
    /// The server's role, of the section `replication`: `master` or `slave`.
    var role: String? { value(of: "role") }

    /// The value of a field; `nil` if it is missing or empty.
    private func value(of name: String) -> String? {
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(name) {
            let value = line.dropFirst(name.count)
            guard value.first == ":", value.count > 1 else { continue }
            return String(value.dropFirst())
        }
        return nil
    }
}
