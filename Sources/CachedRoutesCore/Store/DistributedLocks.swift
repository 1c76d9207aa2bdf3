package import NIOCore

/// What asking for a lock comes to.
package enum LockResult: Sendable, Hashable {
    /// The lock is the asker's until it is given back or its life ends.
    case acquired
    /// Somebody has the lock, be it the asker.
    case held
    /// The store could not be asked, or its answer did not come. It may have given the lock all the same, which then
    /// runs out by itself.
    case unavailable
}

/// Locks that all processes behind one store share.
///
/// A lock has a life, after which it is free again whatever became of its owner. So it spares work, and is no promise
/// that nobody else does the same: an owner that is slower than the lock's life does not notice.
package protocol DistributedLocks: Sendable {
    /// Takes the lock `name` for `life` milliseconds, unless somebody has it. Never throws, and takes no longer than
    /// the store's own bound.
    ///
    /// - Parameters:
    ///   - owner: tells this taking of the lock from every other one, of this process and of others.
    ///   - life: at least one; less counts as one.
    ///   - eventLoop: where the caller is; a store with a connection of this loop uses it without a thread hop.
    func acquire(_ name: [UInt8], owner: String, life: Int64, on eventLoop: any EventLoop) async -> LockResult

    /// Gives the lock back if `owner` still has it. Does not wait for the store.
    func release(_ name: [UInt8], owner: String, on eventLoop: any EventLoop)

    /// How long until the lock `name` is free, in milliseconds: 0 when nobody has it; `nil` when the store can't be
    /// asked.
    func remainingLife(of name: [UInt8], on eventLoop: any EventLoop) async -> Int64?
}
