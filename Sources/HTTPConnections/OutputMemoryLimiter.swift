package import NIOCore

/// Counts the memory of the unsent responses of all connections in a process, and selects the connections to close when
/// it is too much.
///
/// A storage that several connections send counts once, for as long as one of them holds it, so sending a popular
/// response from the near cache to a thousand clients needs no more memory.
///
/// The slowest connection, which has made no progress for the longest time, is closed first: above three quarters of
/// the limit, each connection without recent progress; above the limit, any connection, so that memory is bounded even
/// if all of them make progress. A connection's state may be outdated, so it is settled before the connection is
/// selected.
package struct OutputMemoryLimiter {
    /// A task concerning connections.
    package enum Action: Equatable {
        case none
        /// Settle these connections, each of which then calls ``update(_:change:noProgressSince:at:)``.
        case settle([ConnectionID])
        /// Close these connections.
        case close([ConnectionID])
    }

    private struct Holder {
        var small = 0
        var storages: [UnsentOutputMemory.Storage] = []
        /// The time since which the client has made no progress.
        var noProgressSince: NIODeadline
        var settled: NIODeadline
        var inquiry = Inquiry.none
    }

    /// The progress of settling a connection before a selection. Above the limit this is done once for each connection;
    /// otherwise those that make progress would be settled forever.
    private enum Inquiry {
        case none, asked, answered
    }

    /// The age up to which a connection's state is recent enough to close it.
    private static let freshness = TimeAmount.milliseconds(5)
    /// The time without progress that makes a connection slow.
    package static let patience = TimeAmount.milliseconds(250)

    private let limit: Int
    private var holders: [ConnectionID: Holder] = [:]
    private var storages: [UInt: (holders: Int, bytes: Int)] = [:]
    /// The number of bytes held.
    package private(set) var total = 0
    /// The number of connections that are being settled before a selection.
    private var inquiries = 0
    private var judged = NIODeadline.distantPast
    /// Indicates that all connections have been settled since the last selection.
    private var isAnswered = false
    /// The largest total since memory was last released.
    private var peak = 0

    /// The smallest peak after which it is worthwhile to return freed memory to the system.
    private static let notablePeak = 32 << 20

    /// Makes an empty account.
    ///
    /// - Parameter limit: the largest number of bytes that may be held.
    package init(limit: Int) {
        self.limit = limit
    }

    /// The number of connections that hold memory.
    package var count: Int { holders.count }

    /// Updates a connection.
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - change: the change of its memory; `nil` if there is none.
    ///   - noProgressSince: the time since which the client has made no progress.
    ///   - now: the current time.
    /// - Returns: the task that the new total requires.
    package mutating func update(
        _ id: ConnectionID,
        change: UnsentOutputMemory.Change?,
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

    /// Removes a connection.
    package mutating func remove(_ id: ConnectionID) {
        guard let holder = holders.removeValue(forKey: id) else { return }
        if holder.inquiry == .asked { answerInquiry() }
        total -= holder.small
        for storage in holder.storages { release(storage) }
    }

    /// Returns `true` once at the end of a period with much unsent memory.
    package mutating func isReleased() -> Bool {
        guard peak >= Self.notablePeak, total <= peak / 4 else { return false }
        peak = total
        return true
    }

    private mutating func enforce(at now: NIODeadline) -> Action {
        // A single connection holds no more than one response.
        guard total > limit / 4 * 3, holders.count > 1 else { return .none }
        let isBeyond = total > limit
        // A selection examines all connections, so it must be rare enough to take only a small part of the time.
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

    /// The number of connections above which a few more than necessary are closed, so that a few more bytes don't
    /// require another selection.
    private static let many = 100

    /// Requests the settlement of all candidates at once, because there is no time to settle one after another above
    /// the limit.
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

    private mutating func add(_ storage: UnsentOutputMemory.Storage, to holder: inout Holder) {
        holder.storages.append(storage)
        if let known = storages[storage.id] {
            storages[storage.id] = (known.holders + 1, known.bytes)
        } else {
            storages[storage.id] = (1, storage.bytes)
            total += storage.bytes
        }
    }

    private mutating func remove(_ storage: UnsentOutputMemory.Storage, from holder: inout Holder) {
        guard let index = holder.storages.firstIndex(of: storage) else { return }
        holder.storages.remove(at: index)
        release(storage)
    }

    private mutating func release(_ storage: UnsentOutputMemory.Storage) {
        guard let known = storages[storage.id] else { return }
        if known.holders > 1 {
            storages[storage.id] = (known.holders - 1, known.bytes)
        } else {
            storages[storage.id] = nil
            total -= known.bytes
        }
    }
}
