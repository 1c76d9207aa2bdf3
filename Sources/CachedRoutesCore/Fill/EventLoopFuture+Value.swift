import NIOCore

extension EventLoopFuture where Value: Sendable {
    /// Passes the value on, on an event loop; `nil` if it does not come by a deadline, or never.
    ///
    /// It has to be called on that event loop.
    func value(by deadline: NIODeadline, on eventLoop: any EventLoop, completion: @escaping (Value?) -> Void) {
        bounded(by: deadline, on: eventLoop).assumeIsolated().whenSuccess(completion)
    }

    /// Returns the value; `nil` if it does not come by a deadline, or never.
    func value(by deadline: NIODeadline, on eventLoop: any EventLoop) async -> Value? {
        (try? await bounded(by: deadline, on: eventLoop).get()).flatMap { $0 }
    }

    /// Returns a future of the event loop with the value; `nil` if it does not come by a deadline, or never.
    private func bounded(by deadline: NIODeadline, on eventLoop: any EventLoop) -> EventLoopFuture<Value?> {
        let promise = eventLoop.makePromise(of: Value?.self)
        let timer = eventLoop.scheduleTask(deadline: deadline) { promise.succeed(nil) }
        whenComplete { result in
            timer.cancel()
            promise.succeed(try? result.get())
        }
        return promise.futureResult
    }
}
