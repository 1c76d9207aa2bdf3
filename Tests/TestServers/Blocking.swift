import Foundation

/// Runs what blocks, as the start of a server does, on a thread of its own, so that other tests go on meanwhile: there
/// are only as many threads for them as the machine has cores.
public func blocking<Result: Sendable>(_ body: @Sendable @escaping () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: .init(catching: body)) }
    }
}
