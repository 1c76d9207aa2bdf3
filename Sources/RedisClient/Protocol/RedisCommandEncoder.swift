import NIOCore

/// Encodes commands as arrays of bulk strings (RESP2).
///
/// The bytes of an argument of at least ``largeArgument`` bytes are not copied: its own buffer is passed to the socket.
enum RedisCommandEncoder {
    /// The length in bytes from which on an argument is not copied.
    static let largeArgument = 16 * 1024

    /// Appends a command to `output`.
    ///
    /// At a large argument, the current content of `output` and then the argument are passed to `write`, and `output`
    /// begins anew.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - output: receives the bytes that were not passed to `write`.
    ///   - write: receives buffers in the order of the stream.
    static func encode(_ command: RedisCommand, into output: inout ByteBuffer, write: (ByteBuffer) -> Void) {
        if hasLargeArgument(command) {
            guard let positions = command.repeatedPositions else {
                return encodeAroundLargeArguments(command, into: &output, write: write)
            }
            for position in positions {
                encode(.mget([command.arguments[position]]), into: &output, write: write)
            }
        } else {
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: command.encodedSize) { bytes in
                var cursor = Cursor(bytes)
                cursor.write(command)
                return cursor.position
            }
        }
    }

    private static func hasLargeArgument(_ command: RedisCommand) -> Bool {
        let arguments = command.arguments
        return command.repeatedPositions?.contains { arguments[$0].length >= largeArgument }
            ?? arguments.contains { $0.length >= largeArgument }
    }

    private static func encodeAroundLargeArguments(
        _ command: RedisCommand,
        into output: inout ByteBuffer,
        write: (ByteBuffer) -> Void
    ) {
        output.writeString("*\(command.arguments.count + 1)\r\n$\(command.name.utf8CodeUnitCount)\r\n")
        output.writeStaticString(command.name)
        output.writeString("\r\n")
        for argument in command.arguments {
            let length = argument.length
            output.writeString("$\(length)\r\n")
            if length >= largeArgument {
                write(output)
                output = ByteBuffer()
                write(argument.buffer)
            } else {
                output.writeImmutableBuffer(argument.buffer)
            }
            output.writeString("\r\n")
        }
    }

    /// Writes into memory that has room for the whole command.
    private struct Cursor {
        private let bytes: UnsafeMutableRawBufferPointer
        private(set) var position = 0

        init(_ bytes: UnsafeMutableRawBufferPointer) {
            self.bytes = bytes
        }

        mutating func write(_ command: RedisCommand) {
            guard let positions = command.repeatedPositions else {
                begin(command.name, count: command.arguments.count)
                for argument in command.arguments { write(argument) }
                return
            }
            for position in positions {
                begin(command.name, count: 1)
                write(command.arguments[position])
            }
        }

        private mutating func write(_ argument: RedisCommand.Argument) {
            switch argument {
            case .buffer(let buffer): buffer.withUnsafeReadableBytes { write($0) }
            case .string(var string): string.withUTF8 { write(UnsafeRawBufferPointer($0)) }
            case .bytes(let bytes): bytes.withUnsafeBytes { write($0) }
            case .integer(let value):
                write(UInt8(ascii: "$"), value.decimalDigits)
                write(decimal: value)
                endLine()
            }
        }

        private mutating func begin(_ name: StaticString, count: Int) {
            write(UInt8(ascii: "*"), count + 1)
            write(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }

        /// Writes a bulk string.
        private mutating func write(_ string: UnsafeRawBufferPointer) {
            write(UInt8(ascii: "$"), string.count)
            UnsafeMutableRawBufferPointer(rebasing: bytes[position...]).copyMemory(from: string)
            position += string.count
            endLine()
        }

        /// Writes the line that announces an array or a bulk string.
        private mutating func write(_ type: UInt8, _ count: Int) {
            bytes[position] = type
            position += 1
            write(decimal: Int64(count))
            endLine()
        }

        private mutating func write(decimal number: Int64) {
            let end = position + number.decimalDigits
            var rest = number.magnitude
            var place = end
            repeat {
                place -= 1
                bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 { bytes[position] = UInt8(ascii: "-") }
            position = end
        }

        private mutating func endLine() {
            bytes[position] = UInt8(ascii: "\r")
            bytes[position + 1] = UInt8(ascii: "\n")
            position += 2
        }
    }
}

extension RedisCommand.Argument {
    /// The argument as a buffer, without a copy if it is one.
    fileprivate var buffer: ByteBuffer {
        switch self {
        case .buffer(let buffer): buffer
        case .string(let string): ByteBuffer(string: string)
        case .bytes(let bytes): ByteBuffer(bytes: bytes)
        case .integer(let value): ByteBuffer(string: String(value))
        }
    }
}
