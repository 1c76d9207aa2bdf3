/// CRC-16/XMODEM, by which Redis Cluster assigns keys to slots: the remainder of a division by x¹⁶ + x¹² + x⁵ + 1.
enum CRC16 {
    /// The number of bytes that are looked up together (slicing-by-8). Byte by byte, each would have to wait for the one before.
    private static let sliceLength = 8

    /// The checksum of some bytes.
    static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt16 {
        remainders.withUnsafeBufferPointer { remainders in
            var (crc, position): (UInt16, Int) = (0, 0)
            while bytes.count - position >= sliceLength {
                var next: UInt16 = 0
                for place in 0..<sliceLength {
                    var byte = bytes[position + place]
                    // The remainder of the bytes before these belongs to the first two.
                    if place == 0 { byte ^= UInt8(crc >> 8) }
                    if place == 1 { byte ^= UInt8(truncatingIfNeeded: crc) }
                    next ^= remainders[(sliceLength - 1 - place) * 256 + Int(byte)]
                }
                crc = next
                position += sliceLength
            }
            while position < bytes.count {
                crc = crc << 8 ^ remainders[Int(UInt8(crc >> 8) ^ bytes[position])]
                position += 1
            }
            return crc
        }
    }

    /// The remainder of each byte, then that of each byte with one zero byte behind it, and so on, up to seven.
    private static let remainders: [UInt16] = {
        var remainders = (0..<256).map { byte in shifted(byte << 8) }
        for _ in 1..<sliceLength { remainders += remainders.suffix(256).map(shifted) }
        return remainders
    }()

    /// The remainder of a remainder with one zero byte behind it.
    private static func shifted(_ remainder: UInt16) -> UInt16 {
        (0..<8).reduce(remainder) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
    }
}
