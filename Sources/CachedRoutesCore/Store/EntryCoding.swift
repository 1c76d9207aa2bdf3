import HTTPTypes
package import NIOCore
import RouteModel

/// The encoding of an entry: an ASCII header line, a newline, then the body.
///
/// The line is `CR2` followed by `name=value` pairs with percent-encoded values, so that a person can read it in Redis.
/// The first pair is a checksum of everything after it and of the whole key, so that an entry under another key, or in
/// the reply to another command, is rejected.
package enum EntryCoding {
    /// The start of an entry: the version, and the name of the checksum.
    static let beginning: StaticString = "CR2 sum="
    /// The number of digits of the checksum.
    private static let sumLength = 16
    /// The largest number of bytes that the checksum covers, which takes about 1.5 ms on an event loop. Longer
    /// responses exist only if their route allows them.
    private static let longestSummed = 16 << 20
    /// The longest header line. A key is shortened in the store but complete in the header, percent-encoded once more:
    /// five times the longest target of a request.
    private static let longestHeader = 1 << 20

    /// Encodes an entry.
    ///
    /// - Parameters:
    ///   - entry: the entry.
    ///   - key: the key under which it is stored.
    package static func encode(_ entry: CacheEntry, key: CacheKey) -> ByteBuffer {
        // The header is written to an array, because each write to a buffer has a cost of its own.
        var header: [UInt8] = []
        header.reserveCapacity(usualHeader + entry.tokens.count * 64 + (key.isCut ? key.whole.count * 2 : 0))
        header.append(literal: beginning)
        header.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: sumLength))
        header.append("status", number: Int64(entry.status))
        header.append("stored-at", number: entry.storedAt)
        header.append("ttl", number: entry.ttl)
        if entry.staleWhileRevalidate > 0 {
            header.append("stale-while-revalidate", number: entry.staleWhileRevalidate)
        }
        if entry.staleIfError > 0 { header.append("stale-if-error", number: entry.staleIfError) }
        switch entry.tagOrigin {
        case .body: header.append("etag", entry.entityTag)
        case .handler(let isWeak):
            header.append("given-etag", EntityTag.Value(opaque: entry.entityTag, isWeak: isWeak).fieldValue)
        }
        if let lastModified = entry.lastModified {
            header.append(entry.givesLastModified ? "given-last-modified" : "last-modified", number: lastModified)
        }
        if let initialAge = entry.initialAge { header.append("age", number: initialAge) }
        if entry.contentType == "application/json" {
            header.append("type", encoded: json)
        } else {
            header.append("type", entry.contentType)
        }
        if entry.coding != .identity || entry.isOnlyForm { header.append("coding", entry.coding.rawValue) }
        for field in entry.fields { header.append("field", "\(field.name.rawName): \(field.value)") }
        header.append("made-in", number: entry.madeIn)
        for token in entry.tokens {
            header.append("token", token.value)
            header.append(literal: encodedAt)
            header.appendPercentEncoded(token.server)
        }
        header.append("length", number: Int64(entry.body.readableBytes))
        if key.isCut { header.append("key", String(decoding: key.whole, as: UTF8.self)) }
        header.append(0x0A)
        var bytes = ByteBufferAllocator().buffer(capacity: header.count + entry.body.readableBytes)
        bytes.writeBytes(header)
        bytes.writeImmutableBuffer(entry.body)
        seal(&bytes, key: key)
        return bytes
    }

    /// Writes the checksum into an encoded entry.
    ///
    /// - Parameters:
    ///   - bytes: the encoded entry.
    ///   - key: the key under which it is stored.
    package static func seal(_ bytes: inout ByteBuffer, key: CacheKey) {
        let start = beginning.utf8CodeUnitCount
        guard let sum = sum(of: bytes, under: key) else { return }
        bytes.withUnsafeMutableReadableBytes { bytes in
            for index in 0..<sumLength {
                let digit = UInt8(truncatingIfNeeded: sum >> (60 - index * 4)) & 15
                bytes[start + index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
        }
    }

    /// The checksum of the key and of the bytes after the place of the checksum; `nil` if the bytes are too short.
    private static func sum(of bytes: ByteBuffer, under key: CacheKey) -> UInt64? {
        bytes.withUnsafeReadableBytes { bytes in
            let start = beginning.utf8CodeUnitCount + sumLength
            guard bytes.count >= start else { return nil }
            let end = min(bytes.count, start + longestSummed)
            return Checksum.sum(of: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                ^ key.whole.withUnsafeBytes { Checksum.sum(of: $0) }
        }
    }

    /// Indicates that the bytes are an entry as it was written under `key`.
    private static func isIntact(_ bytes: ByteBuffer, _ key: CacheKey) -> Bool {
        guard let sum = sum(of: bytes, under: key) else { return false }
        return bytes.withUnsafeReadableBytes { bytes in
            let start = beginning.utf8CodeUnitCount
            guard bytes[..<start].elementsEqual(beginning.bytes) else { return false }
            var written: UInt64 = 0
            for byte in bytes[start..<(start + sumLength)] {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): written = written << 4 | UInt64(byte - UInt8(ascii: "0"))
                case UInt8(ascii: "a")...UInt8(ascii: "f"):
                    written = written << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
                default: return false
                }
            }
            return written == sum
        }
    }

    /// The room reserved for the header line of an ordinary entry, without its tag versions.
    private static let usualHeader = 256

    /// Decodes an entry. The body is a slice of `bytes`.
    ///
    /// An entry is checked as strictly as the response of a handler, and as what this service would store, so that
    /// write access to Redis does not allow responses that the service could not have made.
    ///
    /// - Parameters:
    ///   - bytes: the value of the key.
    ///   - key: the key that the bytes were read from.
    ///   - now: the current time in milliseconds.
    /// - Returns: `nil` for anything that is not an entry of this version under `key`: a changed byte, another length,
    ///   another key, an unknown name, a response that is never stored, or a time more than five seconds after `now`.
    package static func decode(_ bytes: ByteBuffer, key: CacheKey, now: Int64) -> CacheEntry? {
        guard isIntact(bytes, key) else { return nil }
        var fields = Fields()
        let headerLength = bytes.withUnsafeReadableBytes { fields.read($0) }
        guard let headerLength else { return nil }
        let bodyStart = bytes.readerIndex + headerLength
        let coding = fields.coding ?? .identity
        guard let status = fields.status, let storedAt = fields.storedAt, let ttl = fields.ttl,
            let tag = fields.tag, let contentType = fields.contentType,
            let madeIn = fields.madeIn, let length = fields.length,
            length == bytes.writerIndex - bodyStart,
            fields.key == (key.isCut ? key.whole : nil),
            storedAt <= now + CacheEntry.clockTolerance,
            EntityTag.isWellFormed(tag.opaque, coding: coding, origin: tag.origin),
            let date = fields.date(storedAt: storedAt, hasEntityTag: tag.origin != .body || !tag.opaque.isEmpty),
            // A response that is stale when it is made is not stored.
            fields.age.map({ $0 < ttl }) ?? true,
            HTTPResponse.Status.isCacheable(Int(status)) || HTTPResponse.Status.isNegative(Int(status)),
            !fields.replayed.contains(.setCookie),
            coding == .identity || !fields.replayed.contains(.contentEncoding) && !contentType.isEmpty,
            ResponseRules.problem(
                status: Int(status),
                contentType: contentType,
                bodyLength: Int(length),
                fields: fields.replayed
            ) == nil,
            let body = bytes.getSlice(at: bodyStart, length: Int(length))
        else { return nil }
        return CacheEntry(
            CacheEntry.Parts(
                status: Int(status),
                storedAt: storedAt,
                ttl: ttl,
                staleWhileRevalidate: fields.staleWhileRevalidate ?? 0,
                staleIfError: fields.staleIfError ?? 0,
                entityTag: tag.opaque,
                tagOrigin: tag.origin,
                lastModified: date.lastModified,
                givesLastModified: date.isGiven,
                initialAge: fields.age,
                contentType: contentType,
                coding: coding,
                isOnlyForm: fields.coding == .identity,
                fields: fields.replayed,
                madeIn: madeIn,
                tokens: fields.tokens,
                body: body
            )
        )
    }

    private struct Fields {
        var status, storedAt, ttl, staleWhileRevalidate, staleIfError, lastModified, madeIn, length: Int64?
        var givenLastModified, age: Int64?
        var entityTag, contentType: String?
        var givenTag: EntityTag.Value?
        var coding: ContentCoding?
        var replayed: HTTPFields = [:]
        var tokens: [TagVersion] = []
        var key: [UInt8]?

        /// The entity tag, either this service's own or the handler's; `nil` if the entry has both or neither.
        var tag: (opaque: String, origin: EntityTag.Origin)? {
            switch (entityTag, givenTag) {
            case (let opaque?, nil): (opaque, .body)
            case (nil, let tag?): (tag.opaque, .handler(isWeak: tag.isWeak))
            default: nil
            }
        }

        /// The date, either this service's own or the handler's; `nil` if it is invalid for a response made at that
        /// time.
        func date(storedAt: Int64, hasEntityTag: Bool) -> (lastModified: Int64?, isGiven: Bool)? {
            guard let date = lastModified ?? givenLastModified else { return (nil, false) }
            let isGiven = givenLastModified != nil
            guard lastModified == nil || !isGiven, date <= storedAt, date >= HTTPDate.earliest, date % 1000 == 0,
                isGiven || hasEntityTag
            else { return nil }
            return (date, isGiven)
        }

        /// Reads the header line.
        ///
        /// - Returns: its length including the newline; `nil` if it is malformed.
        mutating func read(_ bytes: UnsafeRawBufferPointer) -> Int? {
            let header = bytes.prefix(EntryCoding.longestHeader)
            guard let end = header.firstIndex(of: 0x0A) else { return nil }
            let line = UnsafeRawBufferPointer(rebasing: header[..<end])
            var position = EntryCoding.beginning.utf8CodeUnitCount + EntryCoding.sumLength
            guard line.count > position else { return nil }
            while position < line.count {
                guard line[position] == UInt8(ascii: " ") else { return nil }
                let name = position + 1
                guard let equals = line[name...].firstIndex(of: UInt8(ascii: "=")) else { return nil }
                position = line[(equals + 1)...].firstIndex(of: UInt8(ascii: " ")) ?? line.count
                guard
                    set(
                        UnsafeRawBufferPointer(rebasing: line[name..<equals]),
                        UnsafeRawBufferPointer(rebasing: line[(equals + 1)..<position])
                    )
                else { return nil }
            }
            return end + 1
        }

        private mutating func set(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
            func isName(_ text: StaticString) -> Bool { name.elementsEqual(text.bytes) }
            switch name.count {
            case 3 where isName("ttl"): return Self.assign(number(value), to: &ttl)
            case 3 where isName("key"): return Self.assign(decoded(value), to: &key)
            case 3 where isName("age"): return Self.assign(number(value), to: &age)
            case 4 where isName("etag"): return Self.assign(text(value), to: &entityTag)
            case 4 where isName("type"): return Self.assign(text(value), to: &contentType)
            case 5 where isName("token"): return addToken(value)
            case 5 where isName("field"): return addField(value)
            case 6 where isName("status"): return Self.assign(number(value), to: &status)
            case 6 where isName("length"): return Self.assign(number(value), to: &length)
            case 6 where isName("coding"):
                return Self.assign(text(value).flatMap(ContentCoding.init), to: &coding)
            case 7 where isName("made-in"): return Self.assign(number(value), to: &madeIn)
            case 9 where isName("stored-at"): return Self.assign(number(value), to: &storedAt)
            case 10 where isName("given-etag"): return Self.assign(entityTag(value), to: &givenTag)
            case 13 where isName("last-modified"): return Self.assign(number(value), to: &lastModified)
            case 14 where isName("stale-if-error"): return Self.assign(number(value), to: &staleIfError)
            case 19 where isName("given-last-modified"):
                return Self.assign(signedNumber(value), to: &givenLastModified)
            case 22 where isName("stale-while-revalidate"):
                return Self.assign(number(value), to: &staleWhileRevalidate)
            default: return false
            }
        }

        /// Sets a field, which may occur only once.
        private static func assign<Value>(_ value: Value?, to field: inout Value?) -> Bool {
            guard field == nil, let value else { return false }
            field = value
            return true
        }

        /// Reads a value, a percent-encoded `@`, and a server.
        private mutating func addToken(_ value: UnsafeRawBufferPointer) -> Bool {
            if tokens.isEmpty { tokens.reserveCapacity(4) }
            if let mark = value.firstIndex(of: UInt8(ascii: "%")),
                value[mark...].starts(with: EntryCoding.encodedAt.bytes)
            {
                let parts = (value[..<mark], value[(mark + 3)...])
                if Self.isPlain(parts.0), Self.isPlain(parts.1) {
                    tokens.append(TagVersion(value: Self.string(parts.0), server: Self.string(parts.1)))
                    return true
                }
            }
            guard let text = text(value), let at = text.lastIndex(of: "@") else { return false }
            tokens.append(TagVersion(value: String(text[..<at]), server: String(text[text.index(after: at)...])))
            return true
        }

        private mutating func addField(_ value: UnsafeRawBufferPointer) -> Bool {
            guard let bytes = decoded(value), let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
                let name = HTTPField.Name(String(decoding: bytes[..<colon], as: UTF8.self)),
                bytes[(colon + 1)...].first == UInt8(ascii: " ")
            else { return false }
            let written = bytes[(colon + 2)...]
            let text = String(decoding: written, as: UTF8.self)
            // Bytes that are not UTF-8 were not written by this service.
            guard HTTPField.isValidValue(written), text.utf8.elementsEqual(written) else { return false }
            replayed.append(HTTPField(name: name, value: text))
            return true
        }

        private func number(_ value: UnsafeRawBufferPointer) -> Int64? {
            guard (1...18).contains(value.count) else { return nil }
            var number: Int64 = 0
            for byte in value {
                guard case UInt8(ascii: "0")...UInt8(ascii: "9") = byte else { return nil }
                number = number * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return number
        }

        private func signedNumber(_ value: UnsafeRawBufferPointer) -> Int64? {
            guard value.first == UInt8(ascii: "-") else { return number(value) }
            return number(UnsafeRawBufferPointer(rebasing: value[1...])).map { -$0 }
        }

        private func entityTag(_ value: UnsafeRawBufferPointer) -> EntityTag.Value? {
            guard let bytes = decoded(value) else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            // Bytes that are not UTF-8 would become another tag.
            guard text.utf8.elementsEqual(bytes) else { return nil }
            return try? EntityTag.Value(reading: text)
        }

        private func decoded(_ value: UnsafeRawBufferPointer) -> [UInt8]? {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(value.count)
            return PercentEncoding.decode(value, into: &bytes, plusAsSpace: false) ? bytes : nil
        }

        private func text(_ value: UnsafeRawBufferPointer) -> String? {
            // The most frequent value, taken without an allocation.
            if value.elementsEqual(EntryCoding.json.bytes) { return "application/json" }
            if Self.isPlain(value[...]) { return Self.string(value[...]) }
            guard let bytes = decoded(value), bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Indicates that the value is printable ASCII without an encoded byte.
        private static func isPlain(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
            value.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "%") }
        }

        private static func string(_ value: Slice<UnsafeRawBufferPointer>) -> String {
            String(decoding: UnsafeRawBufferPointer(rebasing: value), as: UTF8.self)
        }
    }

    private static let json: StaticString = "application%2Fjson"
    private static let encodedAt: StaticString = "%40"
}

extension [UInt8] {
    /// Appends a pair whose value is a number in decimal digits.
    fileprivate mutating func append(_ name: StaticString, number: Int64) {
        append(name: name)
        appendDecimal(number)
    }

    /// Appends a pair whose value is percent-encoded.
    fileprivate mutating func append(_ name: StaticString, _ value: String) {
        append(name: name)
        appendPercentEncoded(value)
    }

    /// Appends a pair whose value is percent-encoded already.
    fileprivate mutating func append(_ name: StaticString, encoded value: StaticString) {
        append(name: name)
        append(literal: value)
    }

    private mutating func append(name: StaticString) {
        append(UInt8(ascii: " "))
        append(literal: name)
        append(UInt8(ascii: "="))
    }

    fileprivate mutating func appendPercentEncoded(_ text: String) {
        // Tags and tag versions need no encoding.
        if text.utf8.allSatisfy(PercentEncoding.isUnreserved) {
            append(contentsOf: text.utf8)
        } else {
            PercentEncoding.append(text.utf8, to: &self, spaceAsPlus: false)
        }
    }
}
