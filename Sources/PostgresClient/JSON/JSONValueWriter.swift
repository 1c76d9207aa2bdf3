/// Writes values as JSON to memory in which the caller has ensured enough room.
struct JSONValueWriter {
    private(set) var position: UnsafeMutablePointer<UInt8>

    init(at position: UnsafeMutablePointer<UInt8>) {
        self.position = position
    }

    /// Returns the largest number of bytes for a value of `count` bytes, whatever its conversion is.
    @inline(__always)
    static func roomAtMost(_ count: Int) -> Int { JSONEscape.worstCase * count + 24 }

    /// Returns a close upper bound of the bytes for this value, which requires a pass over it.
    static func room(_ rule: JSONColumnEncoding, source: UnsafePointer<UInt8>, count: Int) -> Int {
        let escapes = JSONEscape.countEscapes(source, count) * (JSONEscape.worstCase - 1)
        guard rule.isArray else { return count + escapes + 24 }
        let separators = UnsafeBufferPointer(start: source, count: count).count { $0 == UInt8(ascii: ",") }
        return count + escapes + 6 * (separators + 1) + 24
    }

    /// Writes one byte.
    @inline(__always)
    mutating func write(_ byte: Unicode.Scalar) {
        position.pointee = UInt8(ascii: byte)
        position += 1
    }

    /// Copies bytes.
    @inline(__always)
    mutating func copy(_ source: UnsafePointer<UInt8>, _ count: Int) {
        position.update(from: source, count: count)
        position += count
    }

    /// Copies bytes that are usually few, without a function call.
    @inline(__always)
    mutating func copyShort(_ source: UnsafePointer<UInt8>, _ count: Int) {
        let input = UnsafeRawPointer(source)
        let output = UnsafeMutableRawPointer(position)
        // Two words that may overlap cover lengths between one and two words.
        if count > 16 {
            output.copyMemory(from: input, byteCount: count)
        } else if count >= 8 {
            let first = input.loadUnaligned(as: UInt64.self)
            let last = input.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            output.storeBytes(of: first, as: UInt64.self)
            output.storeBytes(of: last, toByteOffset: count - 8, as: UInt64.self)
        } else if count >= 4 {
            let first = input.loadUnaligned(as: UInt32.self)
            let last = input.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            output.storeBytes(of: first, as: UInt32.self)
            output.storeBytes(of: last, toByteOffset: count - 4, as: UInt32.self)
        } else {
            var index = 0
            while index < count {
                position[index] = source[index]
                index += 1
            }
        }
        position += count
    }

    /// Writes `null`.
    @inline(__always)
    mutating func writeNull() {
        UnsafeMutableRawPointer(position).storeBytes(of: UInt32(littleEndian: 0x6c6c_756e), as: UInt32.self)
        position += 4
    }

    /// Writes a value of a column.
    @inline(__always)
    mutating func write(_ rule: JSONColumnEncoding, source: UnsafePointer<UInt8>, count: Int) {
        if rule.isArray {
            writeArray(of: rule.scalar, source: source, count: count)
        } else {
            write(rule.scalar, source: source, count: count)
        }
    }

    @inline(__always)
    private mutating func write(_ rule: JSONColumnEncoding.Scalar, source: UnsafePointer<UInt8>, count: Int) {
        switch rule {
        case .number: writeNumber(source, count)
        case .boolean: writeBoolean(source.pointee == UInt8(ascii: "t"))
        case .string:
            write("\"")
            position = JSONEscape.write(source, count: count, to: position)
            write("\"")
        case .timestamp: writeTimestamp(source, count)
        case .timestampWithZone: writeTimestampWithZone(source, count)
        case .json: copy(source, count)
        }
    }

    @inline(__always)
    private mutating func writeBoolean(_ value: Bool) {
        // "true" and "fals" as little-endian words.
        let word: UInt32 = value ? 0x6575_7274 : 0x736c_6166
        UnsafeMutableRawPointer(position).storeBytes(of: word.littleEndian, as: UInt32.self)
        position[4] = UInt8(ascii: "e")
        position += value ? 4 : 5
    }

    private mutating func writeNumber(_ source: UnsafePointer<UInt8>, _ count: Int) {
        let first = source[0] == UInt8(ascii: "-") && count > 1 ? source[1] : source[0]
        if first &- UInt8(ascii: "0") <= 9 {
            copyShort(source, count)
        } else {
            write("\"")
            copyShort(source, count)
            write("\"")
        }
    }

    private mutating func writeTimestamp(_ source: UnsafePointer<UInt8>, _ count: Int) {
        write("\"")
        let start = position
        copy(source, count)
        var space = start
        while space < position, space.pointee != UInt8(ascii: " ") { space += 1 }
        if space < position { space.pointee = UInt8(ascii: "T") }
        write("\"")
    }

    private mutating func writeTimestampWithZone(_ source: UnsafePointer<UInt8>, _ count: Int) {
        let era = count > 3 && source[count - 1] == UInt8(ascii: "C") ? 3 : 0
        let end = count - era
        guard end >= 3, source[end - 3] == UInt8(ascii: "+") || source[end - 3] == UInt8(ascii: "-") else {
            return writeTimestamp(source, count)
        }
        writeTimestamp(source, end)
        position -= 1
        write(":")
        write("0")
        write("0")
        copy(source + end, era)
        write("\"")
    }

    /// Writes the text of an array, `{1,2}` or `[0:1]={{"a b",NULL},{c,"\""}}`, as nested JSON arrays.
    private mutating func writeArray(of rule: JSONColumnEncoding.Scalar, source: UnsafePointer<UInt8>, count: Int) {
        let end = source + count
        var input = source
        if input < end, input.pointee == UInt8(ascii: "[") {
            while input < end, input.pointee != UInt8(ascii: "{") { input += 1 }
        }
        while input < end {
            switch input.pointee {
            case UInt8(ascii: "{"): write("[")
            case UInt8(ascii: "}"): write("]")
            case UInt8(ascii: ","): write(",")
            case UInt8(ascii: "\""):
                input = writeQuotedElement(rule, from: input + 1, to: end)
                continue
            default:
                let start = input
                while input < end, input.pointee != UInt8(ascii: ","), input.pointee != UInt8(ascii: "}") { input += 1 }
                if input - start == 4, Self.isNull(start) {
                    writeNull()
                } else {
                    write(rule, source: start, count: input - start)
                }
                continue
            }
            input += 1
        }
    }

    /// Indicates that the first four bytes are `NULL`.
    @inline(__always)
    private static func isNull(_ source: UnsafePointer<UInt8>) -> Bool {
        source[0] == UInt8(ascii: "N") && source[1] == UInt8(ascii: "U") && source[2] == UInt8(ascii: "L")
            && source[3] == UInt8(ascii: "L")
    }

    /// Writes an element, beginning behind its opening quote.
    ///
    /// - Returns: the position behind its closing quote.
    private mutating func writeQuotedElement(
        _ rule: JSONColumnEncoding.Scalar,
        from start: UnsafePointer<UInt8>,
        to end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        var input = start
        while input < end, input.pointee != UInt8(ascii: "\""), input.pointee != UInt8(ascii: "\\") { input += 1 }
        if input < end, input.pointee == UInt8(ascii: "\"") {
            write(rule, source: start, count: input - start)
            return input + 1
        }
        var close = input
        while close < end, close.pointee != UInt8(ascii: "\"") { close += close.pointee == UInt8(ascii: "\\") ? 2 : 1 }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: close - start) { element in
            var count = 0
            input = start
            while input < close {
                if input.pointee == UInt8(ascii: "\\") { input += 1 }
                element.initializeElement(at: count, to: input.pointee)
                count += 1
                input += 1
            }
            write(rule, source: UnsafePointer(element.baseAddress!), count: count)
        }
        return close + 1
    }
}
