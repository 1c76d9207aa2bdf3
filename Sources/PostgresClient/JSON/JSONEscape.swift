/// Escapes JSON strings like PostgreSQL's `escape_json`: only `"`, `\` and the control characters below U+0020.
enum JSONEscape {
    /// The largest number of bytes that one byte can become.
    static let worstCase = 6
    /// The number of bytes that ``write(_:count:to:)`` may overwrite behind its result.
    static let slack = 8

    /// Writes escaped text without quotes to `output`, eight bytes at a time where nothing needs escaping.
    ///
    /// - Parameters:
    ///   - source: the text.
    ///   - count: the length of the text in bytes.
    ///   - output: has room for ``worstCase`` times `count` bytes and ``slack`` more.
    /// - Returns: the position behind the written bytes.
    @inline(__always)
    static func write(
        _ source: UnsafePointer<UInt8>,
        count: Int,
        to output: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var input = source
        var output = output
        let end = source + count
        while end - input >= 32 {
            let clean = writeClean(input, output)
            if clean < 32 {
                output = writeEscape(input[clean], output + clean)
                input += clean + 1
            } else {
                input += 32
                output += 32
            }
        }
        while end - input >= 8 {
            let word = load(input)
            store(word, output)
            let flags = escapeFlags(word)
            if flags == 0 {
                input += 8
                output += 8
            } else {
                let clean = flags.trailingZeroBitCount >> 3
                output = writeEscape(input[clean], output + clean)
                input += clean + 1
            }
        }
        let rest = end - input
        if rest > 0, count >= 8 {
            // Reads the last eight bytes again, without those already written and padded with spaces.
            let word = load(end - 8) >> UInt64(64 - 8 * rest) | 0x2020_2020_2020_2020 << UInt64(8 * rest)
            if escapeFlags(word) == 0 {
                store(word, output)
                return output + rest
            }
        }
        while input < end {
            let byte = input.pointee
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                output.pointee = byte
                output += 1
            } else {
                output = writeEscape(byte, output)
            }
            input += 1
        }
        return output
    }

    /// Writes 32 bytes, by vector instructions if the processor has them.
    ///
    /// - Returns: the number of bytes before the first one that needs escaping.
    @inline(__always)
    private static func writeClean(_ input: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<UInt8>) -> Int {
        let words = UnsafeRawPointer(input).loadUnaligned(as: SIMD4<UInt64>.self)
        UnsafeMutableRawPointer(output).storeBytes(of: words, as: SIMD4<UInt64>.self)
        let control = words &- SIMD4(repeating: 0x2020_2020_2020_2020)
        let quote = (words ^ SIMD4(repeating: 0x2222_2222_2222_2222)) &- SIMD4(repeating: 0x0101_0101_0101_0101)
        let backslash = (words ^ SIMD4(repeating: 0x5c5c_5c5c_5c5c_5c5c)) &- SIMD4(repeating: 0x0101_0101_0101_0101)
        let flags = (control | quote | backslash) & ~words & SIMD4(repeating: 0x8080_8080_8080_8080)
        let halves = flags.lowHalf | flags.highHalf
        if halves.x | halves.y == 0 { return 32 }
        // The first byte in memory is the lowest one of a word, as on every processor that Swift supports.
        var lane = 0
        while flags[lane] == 0 { lane += 1 }
        return lane << 3 + flags[lane].trailingZeroBitCount >> 3
    }

    /// Returns an upper bound of the number of bytes that need escaping, which is rarely exceeded by much.
    static func countEscapes(_ source: UnsafePointer<UInt8>, _ count: Int) -> Int {
        var found = 0
        var index = 0
        while index + 8 <= count {
            found += escapeFlags(load(source + index)).nonzeroBitCount
            index += 8
        }
        return found + count - index
    }

    /// Returns the highest bit of each byte that needs escaping. Bytes above such a byte may be flagged wrongly, but
    /// never the lowest flagged one.
    @inline(__always)
    private static func escapeFlags(_ word: UInt64) -> UInt64 {
        let control = word &- 0x2020_2020_2020_2020
        let quote = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
        let backslash = (word ^ 0x5c5c_5c5c_5c5c_5c5c) &- 0x0101_0101_0101_0101
        return (control | quote | backslash) & ~word & 0x8080_8080_8080_8080
    }

    @inline(__always)
    private static func load(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    private static func store(_ word: UInt64, _ pointer: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: word.littleEndian, as: UInt64.self)
    }

    @inline(never)
    private static func writeEscape(
        _ byte: UInt8,
        _ output: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        output[0] = UInt8(ascii: "\\")
        let letter: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
        case 0x08: letter = UInt8(ascii: "b")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x0a: letter = UInt8(ascii: "n")
        case 0x0c: letter = UInt8(ascii: "f")
        case 0x0d: letter = UInt8(ascii: "r")
        default:
            output[1] = UInt8(ascii: "u")
            output[2] = UInt8(ascii: "0")
            output[3] = UInt8(ascii: "0")
            output[4] = UInt8(ascii: "0") + byte >> 4
            let low = byte & 15
            output[5] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10
            return output + 6
        }
        output[1] = letter
        return output + 2
    }
}
