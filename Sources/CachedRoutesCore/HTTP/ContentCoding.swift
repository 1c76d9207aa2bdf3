/// A content coding of a response's body (RFC 9110, 8.4.1).
package enum ContentCoding: String, Sendable, Hashable, CaseIterable {
    /// No coding.
    case identity
    /// The gzip coding (RFC 9110, 8.4.1.3).
    case gzip

    /// The number of members that are read: more than there are codings, and few enough that a hostile field costs
    /// nothing.
    private static let memberLimit = 64

    /// The coding for a client with this `Accept-Encoding` (RFC 9110, 12.5.3): gzip if the client accepts it and does
    /// not prefer identity.
    ///
    /// A client that accepts neither gets identity, which the RFC permits and every client understands. Of several
    /// weights for one coding the greatest counts. Malformed members and those after the first 64 are skipped.
    ///
    /// - Parameter acceptEncoding: the field's lines joined by commas; `nil` without the field.
    static func preferred(acceptEncoding: String?) -> ContentCoding {
        guard var acceptEncoding else { return .identity }
        return acceptEncoding.withUTF8 { preferred(among: $0[...]) }
    }

    private static func preferred(among value: Slice<UnsafeBufferPointer<UInt8>>) -> ContentCoding {
        var gzip: Int?
        var others: Int?
        var identity = 0
        var rest = value
        for _ in 0..<memberLimit {
            let member = rest.prefix { $0 != UInt8(ascii: ",") }
            if let (name, weight) = QualityValueParser.split(member) {
                if name.isLowercased("gzip".utf8) || name.isLowercased("x-gzip".utf8) {
                    // No later member can outweigh it.
                    if weight == 1000 { return .gzip }
                    gzip = max(gzip ?? 0, weight)
                } else if name.isLowercased("identity".utf8) {
                    identity = max(identity, weight)
                } else if name.elementsEqual("*".utf8) {
                    others = max(others ?? 0, weight)
                }
            }
            guard member.endIndex < rest.endIndex else { break }
            rest = rest[member.endIndex...].dropFirst()
        }
        let weight = gzip ?? others ?? 0
        return weight > 0 && weight >= identity ? .gzip : .identity
    }
}
