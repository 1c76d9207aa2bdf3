import HTTPTypes
package import NIOCore
import RouteModel

/// The bytes of an entry: an ASCII header line, a newline, then the body as it is sent.
///
/// The line is `CR1` and then `name=value` pairs with percent-encoded values, so that a person who looks into Redis can read it.
package enum EntryCoding {
    /// The first word of an entry's header line.
    static let version = "CR1"
    /// A key is cut in the store but whole in the header, percent-encoded once more: five times a request's longest target.
    private static let longestHeader = 1 << 20

    /// The bytes of `entry` under `key`.
    package static func encode(_ entry: CacheEntry, key: CacheKey) -> ByteBuffer {
        var header: [UInt8] = Array(version.utf8)
        func append(_ name: StaticString, _ value: some Sequence<UInt8>) {
            header.append(0x20)
            name.withUTF8Buffer { header.append(contentsOf: $0) }
            header.append(0x3D)
            PercentEncoding.append(value, to: &header, spaceAsPlus: false)
        }
        append("status", String(entry.status).utf8)
        append("stored-at", String(entry.storedAt).utf8)
        append("ttl", String(entry.ttl).utf8)
        if entry.staleWhileRevalidate > 0 {
            append("stale-while-revalidate", String(entry.staleWhileRevalidate).utf8)
        }
        if entry.staleIfError > 0 { append("stale-if-error", String(entry.staleIfError).utf8) }
        append("etag", entry.entityTag.utf8)
        if let lastModified = entry.lastModified { append("last-modified", String(lastModified).utf8) }
        append("type", entry.contentType.utf8)
        if entry.coding != .identity { append("coding", entry.coding.rawValue.utf8) }
        if let identityTag = entry.identityTag { append("identity-etag", identityTag.utf8) }
        for field in entry.fields { append("field", "\(field.name.rawName): \(field.value)".utf8) }
        append("made-in", String(entry.madeIn).utf8)
        for token in entry.tokens { append("token", "\(token.value)@\(token.server)".utf8) }
        append("length", String(entry.body.readableBytes).utf8)
        if key.isCut { append("key", key.whole) }
        header.append(0x0A)
        var bytes = ByteBufferAllocator().buffer(capacity: header.count + entry.body.readableBytes)
        bytes.writeBytes(header)
        bytes.writeImmutableBuffer(entry.body)
        return bytes
    }

    /// Reads an entry. The body is a slice of `bytes`.
    ///
    /// - Returns: `nil` for anything that is not an entry of this version under `key`: another length, another key, an unknown
    ///   name, or a time of storing more than five seconds after `now`.
    package static func decode(_ bytes: ByteBuffer, key: CacheKey, now: Int64) -> CacheEntry? {
        let header = bytes.readableBytesView.prefix(longestHeader)
        guard let end = header.firstIndex(of: 0x0A), header[..<end].starts(with: version.utf8) else { return nil }
        var fields = Fields()
        var rest = header[..<end].dropFirst(version.utf8.count)
        while !rest.isEmpty {
            guard rest.first == 0x20, let equals = rest.firstIndex(of: 0x3D) else { return nil }
            let name = rest[(rest.startIndex + 1)..<equals]
            let value = rest[(equals + 1)...].prefix { $0 != 0x20 }
            guard fields.set(name, value) else { return nil }
            rest = rest[value.endIndex...]
        }
        let bodyStart = end + 1
        guard let status = fields.status, (200...599).contains(status), let storedAt = fields.storedAt,
            let ttl = fields.ttl, ttl >= 0, let entityTag = fields.entityTag, let contentType = fields.contentType,
            let madeIn = fields.madeIn, let length = fields.length,
            length == bytes.writerIndex - bodyStart,
            fields.key == (key.isCut ? key.whole : nil),
            storedAt >= 0, storedAt <= now + CacheEntry.clockTolerance,
            let body = bytes.getSlice(at: bodyStart, length: Int(length))
        else { return nil }
        return CacheEntry(
            status: Int(status),
            storedAt: storedAt,
            ttl: ttl,
            staleWhileRevalidate: fields.staleWhileRevalidate ?? 0,
            staleIfError: fields.staleIfError ?? 0,
            entityTag: entityTag,
            lastModified: fields.lastModified,
            contentType: contentType,
            coding: fields.coding ?? .identity,
            identityTag: fields.identityTag,
            fields: fields.replayed,
            madeIn: madeIn,
            tokens: fields.tokens,
            body: body
        )
    }

    private struct Fields {
        var status, storedAt, ttl, staleWhileRevalidate, staleIfError, lastModified, madeIn, length: Int64?
        var entityTag, contentType, identityTag: String?
        var coding: ContentCoding?
        var replayed: HTTPFields = [:]
        var tokens: [Token] = []
        var key: [UInt8]?

        mutating func set(_ name: ByteBufferView, _ value: ByteBufferView) -> Bool {
            if name.elementsEqual("status".utf8) { return Self.assign(number(value), to: &status) }
            if name.elementsEqual("stored-at".utf8) { return Self.assign(number(value), to: &storedAt) }
            if name.elementsEqual("ttl".utf8) { return Self.assign(number(value), to: &ttl) }
            if name.elementsEqual("etag".utf8) { return Self.assign(text(value), to: &entityTag) }
            if name.elementsEqual("type".utf8) { return Self.assign(text(value), to: &contentType) }
            if name.elementsEqual("made-in".utf8) { return Self.assign(number(value), to: &madeIn) }
            if name.elementsEqual("length".utf8) { return Self.assign(number(value), to: &length) }
            if name.elementsEqual("last-modified".utf8) { return Self.assign(number(value), to: &lastModified) }
            if name.elementsEqual("stale-while-revalidate".utf8) {
                return Self.assign(number(value), to: &staleWhileRevalidate)
            }
            if name.elementsEqual("stale-if-error".utf8) { return Self.assign(number(value), to: &staleIfError) }
            if name.elementsEqual("coding".utf8) {
                return Self.assign(text(value).flatMap(ContentCoding.init), to: &coding)
            }
            if name.elementsEqual("identity-etag".utf8) { return Self.assign(text(value), to: &identityTag) }
            if name.elementsEqual("field".utf8) { return addField(value) }
            if name.elementsEqual("key".utf8) { return Self.assign(decoded(value), to: &key) }
            if name.elementsEqual("token".utf8) {
                guard let text = text(value), let at = text.lastIndex(of: "@") else { return false }
                tokens.append(Token(value: String(text[..<at]), server: String(text[text.index(after: at)...])))
                return true
            }
            return false
        }

        /// A field stands once.
        private static func assign<Value>(_ value: Value?, to field: inout Value?) -> Bool {
            guard field == nil, let value else { return false }
            field = value
            return true
        }

        private mutating func addField(_ value: ByteBufferView) -> Bool {
            guard let bytes = decoded(value), let colon = bytes.firstIndex(of: 0x3A),
                let name = HTTPField.Name(String(decoding: bytes[..<colon], as: UTF8.self)),
                bytes[(colon + 1)...].first == 0x20
            else { return false }
            let text = String(decoding: bytes[(colon + 2)...], as: UTF8.self)
            guard HTTPField.isValidValue(text) else { return false }
            replayed.append(HTTPField(name: name, value: text))
            return true
        }

        private func number(_ value: ByteBufferView) -> Int64? {
            guard (1...18).contains(value.count) else { return nil }
            var number: Int64 = 0
            for byte in value {
                guard case 0x30...0x39 = byte else { return nil }
                number = number * 10 + Int64(byte - 0x30)
            }
            return number
        }

        private func decoded(_ value: ByteBufferView) -> [UInt8]? {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(value.count)
            return PercentEncoding.decode(value, into: &bytes, plusAsSpace: false) ? bytes : nil
        }

        private func text(_ value: ByteBufferView) -> String? {
            if value.elementsEqual("application%2Fjson".utf8) { return "application/json" }
            if value.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x25 }) {
                return String(decoding: value, as: UTF8.self)
            }
            guard let bytes = decoded(value), bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
