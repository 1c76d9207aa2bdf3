import RouteModel

/// The unreserved characters of a path, which mean the same with and without percent-encoding (RFC 3986, 2.3).
package enum PathNormalization {
    /// Splits a path into segments and decodes their unreserved characters. Empty segments are left out, as routers do.
    package static func segments(of path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map(decoded)
    }

    /// Decodes the unreserved characters of a segment. All other characters keep their encoding: `%2F` is not `/`, and
    /// nothing is decoded twice.
    static func decoded(_ segment: some Collection<UInt8>) -> String {
        guard segment.contains(UInt8(ascii: "%")) else { return String(decoding: segment, as: UTF8.self) }
        var decoded: [UInt8] = []
        var rest = segment[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "%"), let character = PercentEncoding.unreserved(rest.dropFirst().prefix(2)) {
                decoded.append(character)
                rest = rest.dropFirst(3)
            } else {
                decoded.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
