package import NIOCore

/// Runs the parts of a task on an event loop, so that awaiting what happens there wakes no other thread.
///
/// What it runs must not block. An event loop that is shut down runs nothing any more.
package final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    package init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
