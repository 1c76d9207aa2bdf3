import NIOCore

extension EventLoopFuture where Value: Sendable {
    /// Passes the value on, on an event loop; `nil` if it does not come by a deadline, or never.
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
