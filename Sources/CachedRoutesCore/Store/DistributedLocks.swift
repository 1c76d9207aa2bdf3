package import NIOCore

/// The result of acquiring a lock.
package enum LockResult: Sendable, Hashable {
    /// The caller holds the lock until it releases it or the lock expires.
    case acquired
    /// The lock is held already, possibly by the caller.
    case held
    /// The store is unavailable or did not reply. It may have granted the lock nevertheless, which then expires by
    /// itself.
    case unavailable
}

/// Locks shared by all processes of one store.
///
/// A lock expires, whatever happens to its owner. It saves work but does not guarantee mutual exclusion: an owner that
/// outlives its lock does not notice.
package protocol DistributedLocks: Sendable {
    /// Acquires a free lock. The future never fails, and takes no longer than the store's own time limit.
    ///
    /// - Parameters:
    ///   - name: the name of the lock.
    ///   - owner: identifies this acquisition among all others, of this process and of others.
    ///   - life: the lifetime in milliseconds, at least 1; less counts as 1.
    ///   - eventLoop: the caller's event loop, which is the future's; a store with a connection of this loop uses it
    ///     without a thread hop.
    func acquire(
        _ name: [UInt8],
        owner: String,
        life: Int64,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<LockResult>

    /// Releases a lock if `owner` still holds it, without waiting for the store.
    ///
    /// - Parameters:
    ///   - name: the name of the lock.
    ///   - owner: the owner given to ``acquire(_:owner:life:on:)``.
    ///   - eventLoop: the caller's event loop.
    func release(_ name: [UInt8], owner: String, on eventLoop: any EventLoop)

    /// The time until a lock is free, in milliseconds: 0 if it is free, `nil` if the store is unavailable.
    ///
    /// - Parameters:
    ///   - name: the name of the lock.
    ///   - eventLoop: the caller's event loop.
    func remainingLife(of name: [UInt8], on eventLoop: any EventLoop) async -> Int64?
}

extension DistributedLocks {
    /// Acquires a free lock, as ``acquire(_:owner:life:on:)`` does without `async`.
    package func acquire(
        _ name: [UInt8],
        owner: String,
        life: Int64,
        on eventLoop: any EventLoop
    ) async -> LockResult {
        let result: EventLoopFuture<LockResult> = acquire(name, owner: owner, life: life, on: eventLoop)
        return (try? await result.get()) ?? .unavailable
    }
}
