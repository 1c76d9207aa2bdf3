package import NIOCore

/// Sleeping by the clock of an event loop, which a test with an event loop of its own moves.
extension EventLoop {
    /// Suspends the calling task until a time of the event loop's clock. No thread is blocked.
    ///
    /// No timer outlives the call: cancelled sleeps leave nothing behind. The event loop has to be running: one that
    /// has been shut down before the call never ends the sleep, which then lasts until the task is cancelled.
    ///
    /// - Parameter deadline: the time at which the call returns; one that has passed does not suspend the task.
    /// - Throws: `CancellationError` as soon as the task is cancelled, or if the event loop shuts down during the sleep.
    package func sleep(until deadline: NIODeadline) async throws(CancellationError) {
        guard !Task.isCancelled else { throw CancellationError() }
        guard deadline > now else { return }
        let timer = scheduleTask(deadline: deadline) {}
        do {
            try await withTaskCancellationHandler {
                try await timer.futureResult.get()
            } onCancel: {
                timer.cancel()
            }
        } catch {
            throw CancellationError()
        }
    }

    /// Suspends the calling task for a time of the event loop's clock, like ``sleep(until:)``.
    ///
    /// - Parameter duration: the time for which the task is suspended.
    /// - Throws: `CancellationError` as soon as the task is cancelled, or if the event loop shuts down during the sleep.
    package func sleep(for duration: TimeAmount) async throws(CancellationError) {
        try await sleep(until: now + duration)
    }
}
