import CLibdeflate

/// A libdeflate compressor. It is reused, because creating one takes longer than compressing a small body.
///
/// It may be used by one thread at a time. ``ReusableObjectPool`` ensures that: it gives a compressor to one caller and takes it
/// back when that caller is done. Hence it may cross threads unchecked.
final class DeflateCompressor: @unchecked Sendable {
    private let compressor: OpaquePointer

    /// - Parameter level: libdeflate's compression level.
    /// - Returns: `nil` if libdeflate gets no memory.
    init?(level: Int32) {
        guard let compressor = libdeflate_alloc_compressor(level) else { return nil }
        self.compressor = compressor
    }

    deinit {
        libdeflate_free_compressor(compressor)
    }

    /// Compresses all of `input` into the gzip format.
    ///
    /// - Returns: the number of bytes of `output` that are used; 0 if `output` is too short.
    func compress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        libdeflate_gzip_compress(compressor, input.baseAddress, input.count, output.baseAddress, output.count)
    }
}

/// A libdeflate decompressor, used like a ``DeflateCompressor``, by one thread at a time.
final class DeflateDecompressor: @unchecked Sendable {
    private let decompressor: OpaquePointer

    /// - Returns: `nil` if libdeflate gets no memory.
    init?() {
        guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
        self.decompressor = decompressor
    }

    deinit {
        libdeflate_free_decompressor(decompressor)
    }

    /// Decompresses all of `input`, a single gzip member that fills `output` exactly.
    ///
    /// - Returns: `false` for anything else.
    func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
        var read = 0
        var written = 0
        let result = libdeflate_gzip_decompress_ex(
            decompressor,
            input.baseAddress,
            input.count,
            output.baseAddress,
            output.count,
            &read,
            &written
        )
        return result == LIBDEFLATE_SUCCESS && read == input.count && written == output.count
    }
}
