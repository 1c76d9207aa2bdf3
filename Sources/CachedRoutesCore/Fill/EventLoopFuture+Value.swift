import NIOCore

extension EventLoopFuture where Value: Sendable {
    /// The value; `nil` where it does not come by `deadline`, or never.
    func value(by deadline: NIODeadline, on eventLoop: any EventLoop) async -> Value? {
        let promise = eventLoop.makePromise(of: Value?.self)
        let timer = eventLoop.scheduleTask(deadline: deadline) { promise.succeed(nil) }
        whenComplete { result in
            timer.cancel()
            promise.succeed(try? result.get())
        }
        return (try? await promise.futureResult.get()).flatMap { $0 }
    }
}
