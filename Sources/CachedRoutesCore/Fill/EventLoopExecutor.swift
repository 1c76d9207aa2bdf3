package import NIOCore

/// Runs the jobs of a task on an event loop, so that awaiting a result from there wakes no other thread.
///
/// The jobs must not block. An event loop that is shut down runs no more jobs.
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
