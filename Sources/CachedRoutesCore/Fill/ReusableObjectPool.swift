import Synchronization

/// Objects that are expensive to make, kept for their next user.
final class ReusableObjectPool<Object: Sendable>: Sendable {
    private let make: @Sendable () -> Object?
    private let limit: Int
    private let idle = Mutex<[Object]>([])

    /// - Parameters:
    ///   - limit: the largest number of idle objects.
    ///   - make: makes an object; `nil` if it can't.
    init(limit: Int, make: @escaping @Sendable () -> Object?) {
        self.limit = limit
        self.make = make
    }

    /// Lets `body` use an object that nobody else uses meanwhile.
    ///
    /// - Returns: the result of `body`; `nil` if no object could be made.
    func use<Result>(_ body: (Object) -> Result) -> Result? {
        guard let object = idle.withLock({ $0.popLast() }) ?? make() else { return nil }
        defer {
            idle.withLock { idle in
                if idle.count < limit { idle.append(object) }
            }
        }
        return body(object)
    }
}
