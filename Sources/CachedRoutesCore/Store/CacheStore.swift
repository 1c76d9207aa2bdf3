package import NIOCore
package import RouteModel

/// What a store answers when it is asked for an entry and the tokens it has to carry.
package struct StoreLookupResult: Sendable {
    /// What stands under the key.
    package enum Content: Sendable {
        /// An entry, fresh or not.
        case found(CacheEntry)
        /// No entry.
        case absent
        /// Bytes that are not an entry under this key.
        case unreadable
        /// The store could not be asked.
        case unavailable
        /// The store is there and does not answer what it is asked.
        case refused
        /// The store is not to be believed about this entry: a purge has not reached it yet, or may have been missed.
        case untrusted
    }

    /// What stands under the key.
    package var content: Content
    /// The tokens in the order in which they were asked for, `nil` for those that are not there; empty when the store could not
    /// be asked.
    package var tokens: [TagVersion?]

    /// A reading from its parts.
    package init(_ content: Content, tokens: [TagVersion?] = []) {
        self.content = content
        self.tokens = tokens
    }

    /// The store could not be asked.
    package static let unavailable = StoreLookupResult(.unavailable)
    /// The store does not answer what it is asked.
    package static let refused = StoreLookupResult(.refused)
    /// The store is not to be believed.
    package static let untrusted = StoreLookupResult(.untrusted)

    /// The entry, where there is one.
    var entry: CacheEntry? { if case .found(let entry) = content { entry } else { nil } }
}

extension CacheEntry {
    /// Whether the entry was made under the tokens that are there now. A token that is not there matches nothing.
    func matches(_ tokens: [TagVersion?]) -> Bool {
        self.tokens.count == tokens.count && zip(self.tokens, tokens).allSatisfy { $0 == $1 }
    }
}

/// A reading, at once or later on the event loop that asked.
package enum PendingStoreResult: Sendable {
    /// The reading is there.
    case ready(StoreLookupResult)
    /// The reading comes later. The future does not fail.
    case pending(EventLoopFuture<StoreLookupResult>)
}

/// Where entries and tokens are kept. Reading never suspends and never fails: a store that can't be asked is
/// ``StoreLookupResult/away``.
package protocol CacheStore: Sendable {
    /// True where the store is there and does not keep what it is given.
    var isRefusing: Bool { get }

    /// Reads the entry under `key` and these tokens, as they are at one moment.
    ///
    /// - Parameters:
    ///   - near: for how long what is read may be kept in this process's own memory, in milliseconds; zero: not at all.
    ///   - bound: how long that may take. Beyond it the store counts as away.
    ///   - eventLoop: where the caller is; a store with a connection of this loop uses it without a thread hop.
    func read(
        _ key: CacheKey,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> PendingStoreResult

    /// Reads tokens alone. The future fails when the store can't be asked.
    func tokens(_ names: [TagVersionKey], on eventLoop: any EventLoop) -> EventLoopFuture<[TagVersion?]>

    /// Gives new values to the tokens that are not there.
    ///
    /// - Parameters:
    ///   - known: what was read of them, in their order.
    /// - Returns: the value of each; `nil` when the store can't say. The future does not fail.
    func createTokens(
        _ names: [TagVersionKey],
        knowing known: [TagVersion?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[TagVersion]?>

    /// Takes an entry to keep it for `lifetime` milliseconds, in the background where keeping takes time. Its tokens live on.
    ///
    /// - Parameters:
    ///   - tokens: the names of the entry's tokens.
    ///   - variants: the forms of the answer under whose keys it is kept; at least one.
    func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        as variants: [CacheKey.Variant],
        tokens: [TagVersionKey],
        for lifetime: Int64
    ) -> PutResult

    /// Lets all variants of the entry under `key` go, in the background where that takes time.
    func remove(_ key: CacheKey)

    /// Lets an entry go that was found under `key` and is none that its route stores, and takes note of that.
    func reject(_ key: CacheKey, _ fault: EntryFault)

    /// Takes the tokens away, all at one moment: nothing that was made under one of them is ever given again.
    ///
    /// - Returns: whether that is done; `false`: the store could not be told, or did not answer.
    func purge(_ names: [TagVersionKey]) async -> Bool
}

extension CacheStore {
    /// Takes an entry to keep it under one key.
    package func put(_ entry: CacheEntry, under key: CacheKey, for lifetime: Int64) -> PutResult {
        put(entry, under: key, as: [key.variant], tokens: [], for: lifetime)
    }

    /// Lets the entry go.
    package func reject(_ key: CacheKey, _ fault: EntryFault) { remove(key) }
}

/// Whether a store takes an entry.
package enum PutResult: Sendable {
    /// The entry is kept.
    case done
    /// The entry was accepted. The future completes when it is kept, or fails when it is not.
    case accepted(EventLoopFuture<Void>)
    /// The entry is not kept: it is too large, the store is away, or too much waits already.
    case refused
    /// The entry is not kept: reading it would take longer than a command may.
    case tooLong
}

extension PutResult {
    /// Whether the store does not take the entry.
    var isRefused: Bool {
        switch self {
        case .refused, .tooLong: true
        case .done, .accepted: false
        }
    }

    /// Completes when an accepted entry is kept; `nil`: there is nothing to wait for.
    var settled: EventLoopFuture<Void>? { if case .accepted(let future) = self { future } else { nil } }
}
