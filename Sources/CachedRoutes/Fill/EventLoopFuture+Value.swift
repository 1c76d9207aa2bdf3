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

extension EventLoopFuture {
    /// A future of what `transform` makes of the outcome, whatever that is.
    func mapResult<NewValue: Sendable>(
        _ transform: @escaping @Sendable (Result<Value, any Error>) -> NewValue
    ) -> EventLoopFuture<NewValue> where Value: Sendable {
        let promise = eventLoop.makePromise(of: NewValue.self)
        whenComplete { promise.succeed(transform($0)) }
        return promise.futureResult
    }
}
