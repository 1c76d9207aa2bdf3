package import NIOCore

/// The memory that unsent responses hold in all connections of a process, and which connections are closed when it is too much.
///
/// A storage that several connections send counts once, for as long as one of them holds it: a popular response in the near cache
/// does not become more memory when a thousand clients take it.
///
/// The slowest connection, which has taken nothing for the longest time, goes first: beyond three quarters of the limit each that
/// has taken nothing for a moment, and beyond the limit in any case, so that memory is bounded even where all take something. What
/// is known of a connection may be old, so it is settled before it is judged.
package struct UnsentBytes {
    /// An order about connections.
    package enum Action: Equatable {
        case none
        /// Settle these connections, each of which asks again.
        case settle([ConnectionID])
        /// Close these connections.
        case close([ConnectionID])
    }

    private struct Holder {
        var small = 0
        var storages: [UnsentWrites.Storage] = []
        /// The time since when the client has taken nothing.
        var noProgressSince: NIODeadline
        var settled: NIODeadline
        var inquiry = Inquiry.none
    }

    /// Says whether a connection was settled in order to be judged. Beyond the limit that is done once for each, or else those that
    /// take something would be asked for ever.
    private enum Inquiry {
        case none, asked, answered
    }

    /// The age beyond which what is known of a connection is not enough to close it.
    private static let freshness = TimeAmount.milliseconds(5)
    /// The time without progress that makes a connection slow.
    package static let patience = TimeAmount.milliseconds(250)

    private let limit: Int
    private var holders: [ConnectionID: Holder] = [:]
    private var storages: [UInt: (holders: Int, bytes: Int)] = [:]
    /// The number of bytes that are held.
    package private(set) var total = 0
    /// The number of connections that are being settled in order to be judged.
    private var inquiries = 0
    private var judged = NIODeadline.distantPast
    /// All of them have been settled since they were judged last.
    private var isAnswered = false
    /// The greatest total since memory was last released.
    private var peak = 0

    /// A total from which on it is worth while to give freed memory back to the system.
    private static let notablePeak = 32 << 20

    /// Nothing yet.
    ///
    /// - Parameter limit: the number of bytes that may be held.
    package init(limit: Int) {
        self.limit = limit
    }

    /// The number of connections that hold something.
    package var count: Int { holders.count }

    /// Takes a connection's change.
    ///
    /// - Parameter noProgressSince: the time since when the client has taken nothing.
    /// - Returns: what the total now demands.
    package mutating func update(
        _ id: ConnectionID,
        change: UnsentWrites.Change?,
        noProgressSince: NIODeadline,
        at now: NIODeadline
    ) -> Action {
        var holder = holders.removeValue(forKey: id) ?? Holder(noProgressSince: noProgressSince, settled: now)
        holder.noProgressSince = noProgressSince
        holder.settled = now
        if holder.inquiry == .asked {
            holder.inquiry = .answered
            answerInquiry()
        }
        if let change {
            total += change.small - holder.small
            holder.small = change.small
            for storage in change.added { add(storage, to: &holder) }
            for storage in change.removed { remove(storage, from: &holder) }
        }
        if holder.small > 0 || !holder.storages.isEmpty { holders[id] = holder }
        peak = max(peak, total)
        return enforce(at: now)
    }

    /// Forgets a connection.
    package mutating func remove(_ id: ConnectionID) {
        guard let holder = holders.removeValue(forKey: id) else { return }
        if holder.inquiry == .asked { answerInquiry() }
        total -= holder.small
        for storage in holder.storages { release(storage) }
    }

    /// Says once after a time of much unsent memory that it is over.
    package mutating func isReleased() -> Bool {
        guard peak >= Self.notablePeak, total <= peak / 4 else { return false }
        peak = total
        return true
    }

    private mutating func enforce(at now: NIODeadline) -> Action {
        // One that is alone holds no more than one response.
        guard total > limit / 4 * 3, holders.count > 1 else { return .none }
        let isBeyond = total > limit
        // To judge is to look at all of them: it must not take more than a small part of the time, however many they are.
        guard inquiries == 0, isBeyond || isAnswered || judged + .microseconds(Int64(holders.count)) <= now else {
            return .none
        }
        judged = now
        isAnswered = false
        guard let slowest = holders.values.lazy.map(\.noProgressSince).min(), isBeyond || slowest + Self.patience <= now
        else { return .none }
        var victims: [ConnectionID] = []
        let isRoundOver = isBeyond ? limit - (holders.count > Self.many ? limit / 16 : 0) : limit / 4 * 3
        for (id, holder) in holders.sorted(by: { $0.value.noProgressSince < $1.value.noProgressSince }) {
            guard total > isRoundOver, holders.count > 1 else { break }
            guard isBeyond || holder.noProgressSince + Self.patience <= now else { break }
            guard holder.settled + Self.freshness >= now || isBeyond && holder.inquiry == .answered else {
                guard victims.isEmpty else { break }
                return inquire(at: now)
            }
            remove(id)
            victims.append(id)
        }
        if total <= limit { forgetInquiries() }
        return victims.isEmpty ? .none : .close(victims)
    }

    /// Of more connections than these a few more are closed than the limit demands, so that all of them are not judged again for the
    /// next few bytes.
    private static let many = 100

    /// Asks about all connections that may have to be judged: beyond the limit there is no time for one after the other.
    private mutating func inquire(at now: NIODeadline) -> Action {
        let isBeyond = total > limit
        let ids = holders.filter { _, holder in
            guard holder.settled + Self.freshness < now else { return false }
            return isBeyond
                ? holder.inquiry == .none : holder.inquiry != .asked && holder.noProgressSince + Self.patience <= now
        }.map(\.key)
        for id in ids { holders[id]?.inquiry = .asked }
        inquiries += ids.count
        return ids.isEmpty ? .none : .settle(ids)
    }

    private mutating func answerInquiry() {
        inquiries -= 1
        isAnswered = inquiries == 0
    }

    private mutating func forgetInquiries() {
        for (id, holder) in holders where holder.inquiry == .answered { holders[id]?.inquiry = .none }
    }

    private mutating func add(_ storage: UnsentWrites.Storage, to holder: inout Holder) {
        holder.storages.append(storage)
        if let known = storages[storage.id] {
            storages[storage.id] = (known.holders + 1, known.bytes)
        } else {
            storages[storage.id] = (1, storage.bytes)
            total += storage.bytes
        }
    }

    private mutating func remove(_ storage: UnsentWrites.Storage, from holder: inout Holder) {
        guard let index = holder.storages.firstIndex(of: storage) else { return }
        holder.storages.remove(at: index)
        release(storage)
    }

    private mutating func release(_ storage: UnsentWrites.Storage) {
        guard let known = storages[storage.id] else { return }
        if known.holders > 1 {
            storages[storage.id] = (known.holders - 1, known.bytes)
        } else {
            storages[storage.id] = nil
            total -= known.bytes
        }
    }
}
