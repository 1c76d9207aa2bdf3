import Dispatch
import Foundation

/// A thread for functions that recurse into each level of a text. The caller's stack may have only 512 KiB.
enum LargeStackThread {
    /// Runs a function on a stack of 64 MiB and returns its result. Only the used part of the stack takes memory.
    ///
    /// The caller's thread is blocked meanwhile. It waits for this new thread only, so it can't deadlock.
    static func run<Result>(_ body: @escaping () -> Result) -> Result {
        // The semaphore orders all accesses: the caller waits while the thread uses these, and continues when it has
        // ended.
        nonisolated(unsafe) let body = body
        nonisolated(unsafe) var result: Result?
        let hasEnded = DispatchSemaphore(value: 0)
        let thread = Thread {
            result = body()
            hasEnded.signal()
        }
        thread.stackSize = 64 << 20
        thread.start()
        hasEnded.wait()
        guard let result else { preconditionFailure("the thread has ended without a result") }
        return result
    }
}
