import CLibdeflate
import Synchronization

/// A compressor of libdeflate's that is used for one body after the other: to make one takes longer than to compress a small
/// body.
///
/// It is of use on one thread at a time. Nothing here enforces that but ``DeflateCompressors``, which gives a compressor to one
/// caller and has it again when that one is done; hence it may cross threads unchecked.
final class DeflateCompressor: @unchecked Sendable {
    private let compressor: OpaquePointer

    /// `nil` when libdeflate gets no memory.
    init?(level: Int32) {
        guard let compressor = libdeflate_alloc_compressor(level) else { return nil }
        self.compressor = compressor
    }

    deinit {
        libdeflate_free_compressor(compressor)
    }

    /// Compresses all of `input` into the gzip format.
    ///
    /// - Returns: how many bytes of `output` are used; 0 when there is no room for all.
    func compress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        libdeflate_gzip_compress(compressor, input.baseAddress, input.count, output.baseAddress, output.count)
    }
}

/// Compressors that wait for their next body.
final class DeflateCompressors: Sendable {
    private let level: Int32
    private let idle = Mutex<[DeflateCompressor]>([])

    /// A compressor of level 1 holds 201 KiB with libdeflate 1.14.
    private static let mostIdle = 8

    init(level: Int32) {
        self.level = level
    }

    /// Lets `body` use a compressor.
    ///
    /// - Returns: what `body` returns; 0 when libdeflate gets no memory.
    func use(_ body: (DeflateCompressor) -> Int) -> Int {
        guard let compressor = idle.withLock({ $0.popLast() }) ?? DeflateCompressor(level: level) else { return 0 }
        defer {
            idle.withLock { idle in
                if idle.count < Self.mostIdle { idle.append(compressor) }
            }
        }
        return body(compressor)
    }
}
