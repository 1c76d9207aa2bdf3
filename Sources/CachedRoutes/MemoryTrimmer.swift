import CMemory
import CachedRoutesCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Gives memory back to the system after a load that held much of it.
///
/// Responses that clients did not take leave holes in the heap of glibc, which keeps them: the process would look as large as it
/// once was for as long as it lives. Other allocators do this by themselves. It takes locks of the allocator, so it is done once,
/// when the load is over, and on a thread of its own.
final class MemoryTrimmer: Sendable {
    private let isPlanned = Atomic(false)
    private let logger: Logger

    /// The time between the end of a load and the release: connections are still being closed.
    private static let delay = TimeAmount.seconds(1)

    init(logger: Logger) {
        self.logger = logger
    }

    /// Releases memory soon.
    func plan(on eventLoop: any EventLoop) {
        guard isPlanned.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else { return }
        eventLoop.scheduleTask(in: Self.delay) {
            NIOThreadPool.singleton.submit { _ in
                self.isPlanned.store(false, ordering: .relaxed)
                let hasReleased = cmemory_release_free() == 1
                self.logger.debug("Freed memory was released", metadata: ["released": "\(hasReleased)"])
            }
        }
    }
}
