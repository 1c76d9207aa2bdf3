import Metrics
import NIOCore
import NIOPosix
import Synchronization

/// Compresses bodies: short ones at once, others on threads where nobody waits for an event loop or a task.
///
/// What is under way on those threads, what waits there included, is bounded in bytes. A body beyond the bound is not
/// compressed, which is counted.
final class Compressor: Sendable {
    /// Below this many bytes a body is not worth compressing, which is for the caller to observe.
    static let smallestBody = 1024

    /// Up to this many bytes a body is compressed where the caller is: that takes some 50 µs at most, and a hop to another thread and
    /// back costs about as much.
    static let longestAtOnce = 16 * 1024

    private let byteLimit: Int
    private let bytesUnderWay = Mutex(0)
    private let pool: NIOThreadPool
    private let shed: Counter

    /// - Parameter byteLimit: how many bytes of bodies may be under way at a time.
    convenience init(byteLimit: Int) {
        self.init(byteLimit: byteLimit, pool: .singleton, metrics: MetricsSystem.factory)
    }

    init(byteLimit: Int, pool: NIOThreadPool, metrics: any MetricsFactory) {
        self.byteLimit = byteLimit
        self.pool = pool
        shed = Counter(label: "cached_routes_compressions_shed_total", dimensions: [], factory: metrics)
    }

    /// Compresses a body as ``Gzip/compress(_:)`` does.
    ///
    /// - Parameter then: gets the compressed body on the thread where that was done; `nil` where gzip doesn't pay, and at once
    ///   where too much is under way already.
    func compress(_ body: ByteBuffer, then: @escaping @Sendable (ByteBuffer?) -> Void) {
        guard body.readableBytes > Self.longestAtOnce else { return then(Gzip.compress(body)) }
        let isAccepted = bytesUnderWay.withLock { bytes in
            guard bytes + body.readableBytes <= byteLimit else { return false }
            bytes += body.readableBytes
            return true
        }
        guard isAccepted else {
            shed.increment()
            return then(nil)
        }
        pool.submit { [self] state in
            // A pool that has been shut down does no work, and must not be waited for.
            let compressed = state == .active ? Gzip.compress(body) : nil
            bytesUnderWay.withLock { $0 -= body.readableBytes }
            then(compressed)
        }
    }
}
