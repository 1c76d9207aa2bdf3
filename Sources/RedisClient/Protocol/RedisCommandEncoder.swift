import CHiredis
import NIOCore

/// Encodes commands through hiredis.
///
/// hiredis copies every argument into its own memory, which is right for short ones. For a command with an argument of
/// at least ``largeArgument`` bytes, the few framing bytes are written here instead, and the argument's own buffer is
/// passed to the socket.
final class RedisCommandEncoder {
    static let largeArgument = 16 * 1024

    private let formatter: OpaquePointer

    init() {
        guard let formatter = chiredis_formatter_create() else { fatalError("no memory for a Redis formatter") }
        self.formatter = formatter
    }

    deinit {
        chiredis_formatter_free(formatter)
    }

    /// Appends a command to `output`.
    ///
    /// At a large argument, the current content of `output` and then the argument are passed to `write`, and `output`
    /// begins anew.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - output: receives the bytes that were not passed to `write`.
    ///   - write: receives buffers in the order of the stream.
    func encode(_ command: RedisCommand, into output: inout ByteBuffer, write: (ByteBuffer) -> Void) {
        if command.arguments.contains(where: { $0.length >= Self.largeArgument }) {
            encodeAroundLargeArguments(command, into: &output, write: write)
        } else {
            encodeByHiredis(command, into: &output)
        }
    }

    private func encodeByHiredis(_ command: RedisCommand, into output: inout ByteBuffer) {
        chiredis_formatter_begin(formatter)
        add(UnsafeRawBufferPointer(start: command.name.utf8Start, count: command.name.utf8CodeUnitCount))
        for argument in command.arguments {
            switch argument {
            case .buffer(let buffer): buffer.withUnsafeReadableBytes(add)
            case .string(var string): string.withUTF8 { add(UnsafeRawBufferPointer($0)) }
            case .bytes(let bytes): bytes.withUnsafeBytes(add)
            case .integer(let value):
                var string = String(value)
                string.withUTF8 { add(UnsafeRawBufferPointer($0)) }
            }
        }
        var length = 0
        guard let bytes = chiredis_formatter_finish(formatter, &length) else {
            fatalError("no memory for a Redis command")
        }
        output.writeBytes(UnsafeRawBufferPointer(start: bytes, count: length))
    }

    /// The size of a command is checked before, so this fails only if memory is exhausted.
    private func add(_ bytes: UnsafeRawBufferPointer) {
        let added = chiredis_formatter_add(
            formatter,
            bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
            bytes.count
        )
        precondition(added == 1, "no memory for a Redis command")
    }

    private func encodeAroundLargeArguments(
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
            if length >= Self.largeArgument {
                write(output)
                output = ByteBuffer()
                write(argument.buffer)
            } else {
                output.writeImmutableBuffer(argument.buffer)
            }
            output.writeString("\r\n")
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
