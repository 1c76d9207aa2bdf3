import Foundation

/// Work that blocks, such as waiting for libpq, another process or a disk.
enum Blocking {
    /// Does work on a thread of its own, because it may take long and Swift's cooperative threads are few.
    static func run<Value>(_ body: @escaping @Sendable () throws -> sending Value) async throws -> sending Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                do {
                    continuation.resume(returning: try body())
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    /// Does work that doesn't fail on a thread of its own.
    static func run<Value>(_ body: @escaping @Sendable () -> sending Value) async -> sending Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}
