import NIOCore

/// An object and the only event loop that may access it.
struct EventLoopConfined<Value>: Sendable {
    let eventLoop: any EventLoop
    private let box: NIOLoopBoundBox<Value>

    init(_ value: sending Value, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        box = .makeBoxSendingValue(value, eventLoop: eventLoop)
    }

    /// The object. Only the event loop may ask for it.
    var value: Value { box.value }

    /// Calls a function with the object in a later tick of the event loop.
    func run(_ body: @escaping @Sendable (Value) -> Void) {
        eventLoop.execute { body(value) }
    }

    /// Calls a function with the object: at once on its event loop, and in a later tick of it from elsewhere.
    func perform(_ body: @escaping @Sendable (Value) -> Void) {
        if eventLoop.inEventLoop {
            body(value)
        } else {
            run(body)
        }
    }
}
