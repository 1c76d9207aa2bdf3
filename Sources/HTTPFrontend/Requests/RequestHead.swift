import CachedRoutes
package import NIOCore
import RouteModel

/// The head of a request (RFC 9112, 2 to 6). Positions are counted from the request's first byte.
package struct RequestHead: Sendable, Equatable {
    /// The methods of requests that may be answered early.
    enum Method: Sendable {
        case get, head, other
    }

    /// A header field.
    struct Field: Sendable, Equatable {
        let name: Range<Int>
        /// The value without the blanks around it.
        let value: Range<Int>
    }

    var method = Method.other
    /// The request target.
    var target = 0..<0
    /// The part of the target before its query.
    var path = 0..<0
    /// The length of the head in bytes, including the empty line at its end.
    var length = 0
    /// The length of the body in bytes.
    var bodyLength = 0
    /// Indicates that only the method, the target and plain fields matter: there is no body, no expectation and no
    /// other protocol.
    var isOrdinary = true
    /// Indicates that no further request can follow on the connection.
    var endsConnection = false
    /// Indicates that the request has an `Origin` (RFC 6454, 7).
    var hasOrigin = false
    var fields: [Field] = []

    /// Indicates that the request may be answered early, as far as its head tells.
    var mayBeAnswered: Bool { isOrdinary && method != .other }

    /// Returns the values of a field, each as it was sent.
    ///
    /// - Parameters:
    ///   - name: the name in lowercase.
    ///   - bytes: the bytes that begin with the head.
    func values(of name: String, in bytes: UnsafeRawBufferPointer) -> [String] {
        fields.filter {
            $0.name.count == name.utf8.count
                && UnsafeRawBufferPointer(rebasing: bytes[$0.name]).isLowercased(name.utf8)
        }.map { String(decoding: bytes[$0.value], as: UTF8.self) }
    }
}

/// Reads the heads of HTTP/1.1 requests, strictly: a head with two readings is not read here.
package struct RequestHeadReader {
    /// The content at the beginning of some bytes.
    package enum Result: Equatable {
        /// The beginning of a head.
        case incomplete
        /// A head.
        case head
        /// Something else, or a request whose end is not known from its head.
        case foreign
    }

    /// The longest head that is read, in bytes.
    let longestHead: Int
    /// The largest number of fields that are read.
    let mostFields: Int
    /// The head that was read last. It is reused for its memory.
    private(set) var head = RequestHead()
    /// The number of bytes that have been searched without finding the end of the head.
    private var searched = 0

    /// Creates a reader with limits.
    package init(longestHead: Int, mostFields: Int) {
        self.longestHead = longestHead
        self.mostFields = mostFields
    }

    /// Reads the head at the beginning of `buffer`. After ``Result/incomplete``, the same bytes with more behind them
    /// are expected.
    package mutating func read(_ buffer: ByteBuffer) -> Result {
        buffer.withUnsafeReadableBytes { bytes in
            guard let length = length(of: bytes) else {
                return bytes.count > longestHead ? .foreign : .incomplete
            }
            searched = 0
            guard length <= longestHead else { return .foreign }
            return parse(UnsafeRawBufferPointer(rebasing: bytes[..<length])) ? .head : .foreign
        }
    }

    /// Returns the length of the head, up to the empty line at its end; `nil` if that is not there yet.
    private mutating func length(of bytes: UnsafeRawBufferPointer) -> Int? {
        var position = max(0, searched - 3)
        while let lineFeed = bytes[position...].firstIndex(of: 0x0A) {
            if lineFeed >= 3, bytes[lineFeed - 1] == 0x0D, bytes[lineFeed - 2] == 0x0A, bytes[lineFeed - 3] == 0x0D {
                return lineFeed + 1
            }
            position = lineFeed + 1
        }
        searched = bytes.count
        return nil
    }

    private mutating func parse(_ bytes: UnsafeRawBufferPointer) -> Bool {
        head.fields.removeAll(keepingCapacity: true)
        head = RequestHead(length: bytes.count, fields: head.fields)
        var position = 0
        guard readRequestLine(bytes, &position) else { return false }
        var hasHost = false
        var hasLength = false
        while position < bytes.count - 2 {
            guard let field = readField(bytes, &position), head.fields.count < mostFields else { return false }
            head.fields.append(field)
            let name = UnsafeRawBufferPointer(rebasing: bytes[field.name])
            let value = UnsafeRawBufferPointer(rebasing: bytes[field.value])
            switch name.count {
            case 4 where name.isLowercased("host"):
                // The server behind refuses it.
                if hasHost || !HostFieldSyntax.isValid(value) { head.isOrdinary = false }
                hasHost = true
            case 6 where name.isLowercased("origin"): head.hasOrigin = true
            case 6 where name.isLowercased("expect"): head.isOrdinary = false
            case 7 where name.isLowercased("trailer"): head.isOrdinary = false
            case 7 where name.isLowercased("upgrade"): head.isOrdinary = false
            case 10 where name.isLowercased("connection"), 16 where name.isLowercased("proxy-connection"):
                // `Proxy-Connection` is not a standard field, but the parser of the server behind reads it like
                // `Connection`.
                if !value.isLowercased("keep-alive") {
                    head.isOrdinary = false
                    head.endsConnection = head.endsConnection || !Self.goesOn(value)
                }
            case 14 where name.isLowercased("content-length"):
                guard !hasLength, let length = Self.number(value) else { return false }
                hasLength = true
                head.bodyLength = length
                head.isOrdinary = false
            case 17 where name.isLowercased("transfer-encoding"): return false
            default: break
            }
        }
        if !hasHost { head.isOrdinary = false }
        return true
    }

    private mutating func readRequestLine(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Bool {
        guard let methodEnd = bytes.firstIndex(of: 0x20), methodEnd > 0, methodEnd <= 32 else { return false }
        let method = UnsafeRawBufferPointer(rebasing: bytes[..<methodEnd])
        guard method.allSatisfy({ (0x41...0x5A).contains($0) || $0 == 0x2D }), !method.elementsEqual("CONNECT".utf8)
        else { return false }
        head.method = method.elementsEqual("GET".utf8) ? .get : method.elementsEqual("HEAD".utf8) ? .head : .other
        let targetStart = methodEnd + 1
        guard let targetEnd = bytes[targetStart...].firstIndex(where: { $0 <= 0x20 }), targetEnd > targetStart else {
            return false
        }
        head.target = targetStart..<targetEnd
        head.path = targetStart..<(bytes[targetStart..<targetEnd].firstIndex(of: 0x3F) ?? targetEnd)
        for byte in bytes[targetStart..<targetEnd] where byte > 0x7E || byte == 0x23 { head.isOrdinary = false }
        // Some implementations read a path that begins with two slashes as an authority (RFC 3986, 3.3).
        if bytes[targetStart] != 0x2F || bytes[targetStart + 1] == 0x2F { head.isOrdinary = false }
        let end = targetEnd + Self.version.utf8CodeUnitCount
        guard end <= bytes.count, bytes[targetEnd..<end].elementsEqual(Self.version.bytes) else { return false }
        position = end
        return true
    }

    private static let version: StaticString = " HTTP/1.1\r\n"

    private mutating func readField(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> RequestHead.Field? {
        let start = position
        var end = start
        while bytes[end].isTokenCharacter { end += 1 }
        guard end > start, bytes[end] == 0x3A else { return nil }
        let name = start..<end
        var valueStart = end + 1
        while bytes[valueStart] == 0x20 || bytes[valueStart] == 0x09 { valueStart += 1 }
        end = valueStart
        while true {
            let byte = bytes[end]
            if byte >= 0x20 && byte <= 0x7E || byte == 0x09 {
                end += 1
            } else if byte >= 0x80 {
                // Implementations differ in their reading of such bytes.
                head.isOrdinary = false
                end += 1
            } else if byte == 0x0D, bytes[end + 1] == 0x0A {
                break
            } else {
                return nil
            }
        }
        position = end + 2
        while end > valueStart, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return RequestHead.Field(name: name, value: valueStart..<end)
    }

    /// Indicates that the connection is certain to go on after a request with these options.
    private static func goesOn(_ options: UnsafeRawBufferPointer) -> Bool {
        options.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).allSatisfy { option in
            var option = UnsafeRawBufferPointer(rebasing: option)
            while option.first == 0x20 { option = UnsafeRawBufferPointer(rebasing: option.dropFirst()) }
            while option.last == 0x20 { option = UnsafeRawBufferPointer(rebasing: option.dropLast()) }
            return option.isLowercased("keep-alive") || option.isLowercased("upgrade")
                || option.isLowercased("http2-settings") || option.isLowercased("te")
        }
    }

    private static func number(_ digits: UnsafeRawBufferPointer) -> Int? {
        guard (1...15).contains(digits.count) else { return nil }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }
}

extension UnsafeRawBufferPointer {
    /// Indicates that the bytes, in lowercase, are this text.
    fileprivate func isLowercased(_ text: StaticString) -> Bool { isLowercased(text.bytes) }
}
