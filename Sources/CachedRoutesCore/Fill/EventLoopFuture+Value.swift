import NIOCore

extension EventLoopFuture where Value: Sendable {
    /// Passes on the value, on an event loop; `nil` if the future fails or has no value by the deadline.
    ///
    /// It has to be called on that event loop.
    func value(by deadline: NIODeadline, on eventLoop: any EventLoop, completion: @escaping (Value?) -> Void) {
        let promise = eventLoop.makePromise(of: Value?.self)
        let timer = eventLoop.scheduleTask(deadline: deadline) { promise.succeed(nil) }
        whenComplete { result in
            timer.cancel()
            promise.succeed(try? result.get())
        }
        promise.futureResult.assumeIsolated().whenSuccess(completion)
    }
}
