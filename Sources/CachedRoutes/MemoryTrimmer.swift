import CMemory
import CachedRoutesCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Returns memory to the system after a load that held much of it.
///
/// Responses that clients did not read leave free blocks in glibc's heap, which it does not return: the process would
/// stay at its largest size. Other allocators do this by themselves. Releasing takes locks of the allocator, so it is
/// done once, when the load is over, and on a thread of its own.
final class MemoryTrimmer: Sendable {
    private let isPlanned = Atomic(false)
    private let logger: Logger

    /// The time between the end of a load and the release, in which connections are closed.
    private static let delay = TimeAmount.seconds(1)

    init(logger: Logger) {
        self.logger = logger
    }

    /// Plans a release, unless one is planned.
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
