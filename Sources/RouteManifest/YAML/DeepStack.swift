import Dispatch
import Foundation

/// A thread for what calls itself once for each level of a text: the stack of the caller's may have no more than 512 KiB.
enum DeepStack {
    /// Runs a function on a stack of 64 MiB, of which only what is used takes memory, and gives its result.
    ///
    /// The caller's thread does nothing meanwhile, and what it waits for needs no other thread than this.
    static func run<Result>(_ body: @escaping () -> Result) -> Result {
        // The one thread begins when the other begins to wait, and has ended when that goes on: both never use these at once.
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
