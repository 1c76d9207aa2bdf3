import CZlib
import Synchronization

/// A stream of zlib's that is used for one body after the other: to make one takes longer than to compress a small body.
///
/// It is of use on one thread at a time. Nothing here enforces that but ``DeflateStreams``, which gives a stream to one caller
/// and has it again when that one is done; hence it may cross threads unchecked.
final class DeflateStream: @unchecked Sendable {
    // zlib keeps the stream's address.
    private let stream: UnsafeMutablePointer<z_stream>

    /// A stream in the gzip format; `nil` when zlib gets no memory.
    init?(level: Int32) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Where that fails, `deinit` frees what there is.
        guard cached_routes_gzip_begin(stream, level) == Z_OK else { return nil }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses all of `input`.
    ///
    /// - Returns: how many bytes of `output` are used; 0 when there is no room for all.
    func compress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        guard deflateReset(stream) == Z_OK else { return 0 }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: Bytef.self).baseAddress)
        stream.pointee.avail_in = uInt(input.count)
        stream.pointee.next_out = output.assumingMemoryBound(to: Bytef.self).baseAddress
        stream.pointee.avail_out = uInt(output.count)
        guard deflate(stream, Z_FINISH) == Z_STREAM_END else { return 0 }
        return output.count - Int(stream.pointee.avail_out)
    }
}

/// Streams that wait for their next body.
final class DeflateStreams: Sendable {
    private let level: Int32
    private let idle = Mutex<[DeflateStream]>([])

    /// A stream holds about 260 KiB.
    private static let mostIdle = 8

    init(level: Int32) {
        self.level = level
    }

    /// Lets `body` use a stream.
    ///
    /// - Returns: what `body` returns; 0 when zlib gets no memory.
    func use(_ body: (DeflateStream) -> Int) -> Int {
        guard let stream = idle.withLock({ $0.popLast() }) ?? DeflateStream(level: level) else { return 0 }
        defer {
            idle.withLock { idle in
                if idle.count < Self.mostIdle { idle.append(stream) }
            }
        }
        return body(stream)
    }
}
