import Metrics
import NIOCore
import NIOPosix
import Synchronization

/// Compresses and decompresses bodies: short ones at once, others on a thread pool.
///
/// The bodies that the pool compresses, and those that wait for it, are bounded in bytes. A body beyond the bound is
/// not compressed, which is counted.
final class BodyCompressionPool: Sendable {
    /// The result of a compression.
    enum Result: Sendable {
        case compressed(ByteBuffer)
        /// The compressed body would not be shorter.
        case notShorter
        /// The body was not compressed.
        case refused
    }

    /// The length in bytes of the longest body that is compressed on the caller's thread: that takes some 50 µs at most,
    /// and a hop to another thread and back costs about as much.
    static let longestAtOnce = 16 * 1024

    private let byteLimit: Int
    private let bytesUnderWay = Mutex(0)
    private let pool: NIOThreadPool
    private let shed: Counter

    /// - Parameter byteLimit: the number of bytes of bodies that may be under way at a time.
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
    /// - Parameters:
    ///   - body: the body.
    ///   - then: takes the result, on the thread where the work was done; at once if too much is under way already.
    func compress(_ body: ByteBuffer, then: @escaping @Sendable (Result) -> Void) {
        guard body.readableBytes > Self.longestAtOnce else { return then(Self.compressed(body)) }
        let isAccepted = bytesUnderWay.withLock { bytes in
            guard bytes + body.readableBytes <= byteLimit else { return false }
            bytes += body.readableBytes
            return true
        }
        guard isAccepted else {
            shed.increment()
            return then(.refused)
        }
        pool.submit { [self] state in
            // A pool that has been shut down does no work.
            let result = state == .active ? Self.compressed(body) : .refused
            bytesUnderWay.withLock { $0 -= body.readableBytes }
            then(result)
        }
    }

    private static func compressed(_ body: ByteBuffer) -> Result {
        Gzip.compress(body).map(Result.compressed) ?? .notShorter
    }

    /// Decompresses a body as ``Gzip/decompress(_:limit:)`` does. It is not bounded, because the client has no use for the
    /// compressed body.
    ///
    /// - Parameters:
    ///   - body: the compressed body.
    ///   - limit: the longest result, in bytes.
    ///   - then: takes the result, on the thread where the work was done; `nil` if the body can't be decompressed.
    func decompress(_ body: ByteBuffer, limit: Int, then: @escaping @Sendable (ByteBuffer?) -> Void) {
        let length = max(body.readableBytes, Gzip.decompressedLength(of: body) ?? 0)
        guard length > Self.longestAtOnce else { return then(Gzip.decompress(body, limit: limit)) }
        pool.submit { state in
            then(state == .active ? Gzip.decompress(body, limit: limit) : nil)
        }
    }

    /// Performs work whose duration grows with the length of a body: at once for a short body, and otherwise on the
    /// pool, unless that has been shut down.
    ///
    /// - Parameters:
    ///   - body: the body.
    ///   - work: the work.
    func work(on body: ByteBuffer, _ work: @escaping @Sendable () -> Void) {
        guard body.readableBytes > Self.longestCopied else { return work() }
        pool.submit { state in
            if state == .active { work() }
        }
    }

    /// The length in bytes of the longest body that is hashed and copied on an event loop.
    static let longestCopied = 64 * 1024
}
