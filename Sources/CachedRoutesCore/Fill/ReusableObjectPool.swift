import Synchronization

/// Objects that are expensive to create, kept for reuse.
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

    /// Calls `body` with an object that is not used by another caller meanwhile.
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
