package import NIOCore
package import RouteModel

/// The result of reading an entry together with the tag versions that it must carry.
package struct StoreLookupResult: Sendable {
    /// The content of the key.
    package enum Content: Sendable {
        /// An entry, fresh or stale.
        case found(CacheEntry)
        /// No entry.
        case absent
        /// Bytes that are not an entry of this key.
        case unreadable
        /// The store is unavailable.
        case unavailable
        /// The store is available but refuses to reply.
        case refused
        /// The store cannot be trusted for this entry: a purge is still queued for it, or may have been missed.
        case untrusted
    }

    /// The content of the key.
    package var content: Content
    /// The tag versions in the order of the request, `nil` for missing ones; empty if the store is unavailable.
    package var tokens: [TagVersion?]
    /// Indicates that the content is that of the other form's key, because there is no entry under the key itself.
    package var isOther: Bool

    /// Makes a result.
    ///
    /// - Parameters:
    ///   - content: the content of the key.
    ///   - tokens: the tag versions in the order of the request, `nil` for missing ones.
    ///   - isOther: true if the content is that of the other form's key.
    package init(_ content: Content, tokens: [TagVersion?] = [], isOther: Bool = false) {
        self.content = content
        self.tokens = tokens
        self.isOther = isOther
    }

    /// The store is unavailable.
    package static let unavailable = StoreLookupResult(.unavailable)
    /// The store refuses to reply.
    package static let refused = StoreLookupResult(.refused)
    /// The store cannot be trusted.
    package static let untrusted = StoreLookupResult(.untrusted)

    /// The entry, if one was found.
    var entry: CacheEntry? { if case .found(let entry) = content { entry } else { nil } }
}

extension CacheEntry {
    /// Indicates that the entry was made under the current tag versions. A missing version matches none.
    package func matches(_ tokens: [TagVersion?]) -> Bool {
        guard self.tokens.count == tokens.count else { return false }
        for index in tokens.indices where tokens[index] != self.tokens[index] { return false }
        return true
    }
}

/// A result that is available at once, or later on the caller's event loop.
package enum StoreResultOrFuture: Sendable {
    /// The result is available.
    case ready(StoreLookupResult)
    /// The result follows. The future never fails.
    case pending(EventLoopFuture<StoreLookupResult>)

    /// Passes the result on, at once if it is available.
    ///
    /// It has to be called on the caller's event loop, where `completion` is called.
    func whenComplete(_ completion: @escaping (StoreLookupResult) -> Void) {
        switch self {
        case .ready(let result): completion(result)
        case .pending(let future):
            // An event loop that is shutting down may still fail it.
            future.assumeIsolated().whenComplete { completion((try? $0.get()) ?? .unavailable) }
        }
    }

    /// Returns the result.
    func get() async -> StoreLookupResult {
        switch self {
        case .ready(let result): result
        case .pending(let future): (try? await future.get()) ?? .unavailable
        }
    }
}

extension CacheKey {
    /// The key of the form with a coding.
    func form(_ coding: ContentCoding) -> CacheKey {
        switch coding {
        case .identity: variant(.identity)
        case .gzip: variant(.gzip)
        }
    }
}

/// A store of entries and tag versions. Reading never suspends and never fails: the result of an unavailable store is
/// ``StoreLookupResult/unavailable``.
package protocol CacheStore: Sendable {
    /// Indicates that the store is available but does not accept entries.
    var isRefusing: Bool { get }

    /// Reads an entry and tag versions in one atomic step.
    ///
    /// - Parameters:
    ///   - key: the key of the entry.
    ///   - orOther: true to read the key of the other form in the same step, for the case that `key` has no entry.
    ///   - tokens: the keys of the tag versions.
    ///   - near: the time in milliseconds for which the result may be stored in this process's own memory; 0 for none.
    ///   - bound: the time limit, after which the store counts as unavailable.
    ///   - eventLoop: the caller's event loop; a store with a connection of this loop uses it without a thread hop.
    func read(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture

    /// Reads tag versions only. The future fails if the store is unavailable.
    ///
    /// - Parameters:
    ///   - names: the keys of the tag versions.
    ///   - eventLoop: the caller's event loop.
    /// - Returns: the versions in the order of their keys, `nil` for missing ones.
    func tokens(_ names: [TagVersionKey], on eventLoop: any EventLoop) -> EventLoopFuture<[TagVersion?]>

    /// Creates the tag versions that are missing.
    ///
    /// - Parameters:
    ///   - names: the keys of the tag versions.
    ///   - known: the versions that were read, in the order of their keys.
    ///   - eventLoop: the caller's event loop.
    /// - Returns: the version of each key; `nil` if the store cannot tell. The future never fails.
    func createTokens(
        _ names: [TagVersionKey],
        knowing known: [TagVersion?],
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<[TagVersion]?>

    /// Stores an entry, in the background if that takes time, and extends the lifetimes of its tag versions.
    ///
    /// - Parameters:
    ///   - entry: the entry.
    ///   - key: the key of the entry.
    ///   - tokens: the keys of the entry's tag versions.
    ///   - lifetime: the time for which the entry is stored, in milliseconds.
    ///   - mode: the treatment of what is stored already.
    func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        tokens: [TagVersionKey],
        for lifetime: Int64,
        _ mode: PutMode
    ) -> PutResult

    /// Removes all variants of an entry, in the background if that takes time.
    func remove(_ key: CacheKey)

    /// Removes an entry that its route would not have stored, and records that.
    ///
    /// - Parameters:
    ///   - key: the key of the entry.
    ///   - error: the reason for the rejection.
    func reject(_ key: CacheKey, _ error: EntryPolicyViolation)

    /// Removes tag versions in one atomic step, so that no response made under one of them is ever served again.
    ///
    /// - Parameter names: the keys of the tag versions.
    /// - Returns: `true` if they are removed; `false` if the store is unavailable or did not reply.
    func purge(_ names: [TagVersionKey]) async -> Bool
}

extension CacheStore {
    /// Stores an entry in place of another one, without tag versions.
    ///
    /// - Parameters:
    ///   - entry: the entry.
    ///   - key: the key of the entry.
    ///   - lifetime: the time for which the entry is stored, in milliseconds.
    package func put(_ entry: CacheEntry, under key: CacheKey, for lifetime: Int64) -> PutResult {
        put(entry, under: key, tokens: [], for: lifetime, .replace)
    }

    /// Removes the entry.
    package func reject(_ key: CacheKey, _ error: EntryPolicyViolation) { remove(key) }
}

/// The treatment of entries that are stored already when an entry is put.
package enum PutMode: Sendable {
    /// The entry replaces one under its key.
    case replace
    /// The entry replaces one under its key, and the one under the key of the other form is removed: both forms are to be
    /// those of one response.
    case replaceBoth
    /// The entry is only stored if there is none under its key.
    case add
}

/// The result of storing an entry.
package enum PutResult: Sendable {
    /// The entry is stored.
    case done
    /// The entry is being stored. The future completes when it is, and fails if it cannot be.
    case accepted(EventLoopFuture<Void>)
    /// The entry is not stored: it is too large, the store is unavailable, or too many writes are pending.
    case refused
    /// The entry is not stored: reading it would exceed the time limit of a command.
    case tooLong
}

extension PutResult {
    /// Indicates that the entry is not stored.
    var isRefused: Bool {
        switch self {
        case .refused, .tooLong: true
        case .done, .accepted: false
        }
    }

    /// Completes when an accepted entry is stored; `nil` if there is nothing to wait for.
    var settled: EventLoopFuture<Void>? { if case .accepted(let future) = self { future } else { nil } }
}
