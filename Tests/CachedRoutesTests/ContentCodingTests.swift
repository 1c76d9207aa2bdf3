import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("A content coding (RFC 9110, 12.5.3)")
struct ContentCodingTests {
    @Test(
        "is gzip where the client names it, in any case and by its old name (8.4.1.3)",
        arguments: [
            "gzip", "GZIP", "GZip", "x-gzip", "X-GZIP", "gzip, deflate, br, zstd", "deflate, gzip, br, zstd", "br,gzip",
            " gzip ", "\tgzip\t,", ",,gzip", "gzip;q=1", "gzip;q=0.001", "gzip ; Q=0.5 ", "gzip;q=0.5, br;q=1",
            "br;q=1.0, gzip;q=0.8, *;q=0.1",
        ]
    )
    func named(value: String) {
        #expect(ContentCoding.preferred(acceptEncoding: value) == .gzip)
    }

    @Test(
        "is gzip where a star stands for it",
        arguments: ["*", " * ", "*;q=0.1", "br, *", "identity;q=0.5, *", "*, br;q=0"]
    )
    func star(value: String) {
        #expect(ContentCoding.preferred(acceptEncoding: value) == .gzip)
    }

    @Test(
        "is identity where the client asks for nothing that gzip is",
        arguments: [
            nil, "", " ", ",", "identity", "br, zstd", "deflate", "gzi", "gzipp", "gzip2", "xgzip", "x_gzip", "x-gzi",
            "gz ip", "pack200-gzip", "gz\u{301}ip", "'zip", "g*", "**", "gzip\u{0}",
        ]
    )
    func notNamed(value: String?) {
        #expect(ContentCoding.preferred(acceptEncoding: value) == .identity)
    }

    @Test(
        "is identity where gzip has the weight zero, whatever else is refused",
        arguments: [
            "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "*, gzip;q=0", "x-gzip;q=0, *;q=1",
            "gzip;q=0, identity;q=0",
            "identity;q=0, *;q=0", "identity;q=0", "br, *;q=0",
        ]
    )
    func refused(value: String) {
        #expect(ContentCoding.preferred(acceptEncoding: value) == .identity)
    }

    @Test(
        "is identity only where that is named with a greater weight",
        arguments: [
            ("identity, gzip;q=0.5", ContentCoding.identity), ("gzip;q=0.5, IDENTITY", .identity),
            ("identity;q=0.501, gzip;q=0.5", .identity), ("identity, *;q=0.9", .identity),
            ("identity;q=0.6, x-gzip;q=0.5, *", .identity),
            ("identity, gzip", .gzip), ("gzip, identity", .gzip), ("identity;q=0.5, gzip;q=0.5", .gzip),
            ("identity;q=0.4, gzip;q=0.5", .gzip), ("gzip;q=0.1", .gzip), ("gzip;q=0.5, *;q=1", .gzip),
        ]
    )
    func weighed(value: String, coding: ContentCoding) {
        #expect(ContentCoding.preferred(acceptEncoding: value) == coding)
    }

    @Test(
        "has its greatest weight where it is named twice",
        arguments: [
            ("gzip;q=0, gzip", ContentCoding.gzip), ("gzip, gzip;q=0", .gzip), ("x-gzip;q=0.5, gzip;q=0", .gzip),
            ("gzip;q=0.2, x-gzip;q=0.8, identity;q=0.5", .gzip), ("x-gzip;q=0.8, gzip;q=0.2, identity;q=0.5", .gzip),
            ("*;q=0, *;q=0.5", .gzip), ("*;q=0.5, *;q=0", .gzip),
            ("identity;q=0.8, identity;q=0.2, gzip;q=0.5", .identity),
            ("identity;q=0.2, identity;q=0.8, gzip;q=0.5", .identity),
        ]
    )
    func repeated(value: String, coding: ContentCoding) {
        #expect(ContentCoding.preferred(acceptEncoding: value) == coding)
    }

    @Test(
        "is not looked for in what is malformed",
        arguments: [
            ("gzip;q=2", ContentCoding.identity), ("gzip;", .identity), ("gzip;level=1", .identity),
            ("gzip;q=1;q=1", .identity), ("gzip q=1", .identity), (";q=1", .identity), ("\"gzip\"", .identity),
            ("*;q=x", .identity), ("gzip;q=2, *", .gzip), ("identity;q=2, gzip;q=0.5", .gzip), ("@@;;, gzip", .gzip),
        ]
    )
    func malformed(value: String, coding: ContentCoding) {
        #expect(ContentCoding.preferred(acceptEncoding: value) == coding)
    }

    @Test(
        "is looked for in 64 members",
        arguments: [("br,", 63, ContentCoding.gzip), ("br,", 64, .identity), (",", 64, .identity)]
    )
    func most(member: String, count: Int, coding: ContentCoding) {
        #expect(ContentCoding.preferred(acceptEncoding: String(repeating: member, count: count) + "gzip") == coding)
    }

    @Test("has the name of the RFC")
    func names() {
        #expect(ContentCoding.gzip.rawValue == "gzip")
        #expect(ContentCoding.identity.rawValue == "identity")
    }
}
