import NIOCore
import Testing

@testable import HTTPFrontend

@Suite("The addresses of clients behind proxies")
struct ClientAddressTests {
    private static func address(
        _ peer: String?,
        trusting proxies: [String],
        _ field: ClientAddressResolver.Field = .xForwardedFor,
        _ values: String...
    ) throws -> String? {
        let peer =
            try peer.map { try SocketAddress(ipAddress: $0, port: 1) } ?? SocketAddress(unixDomainSocketPath: "/x")
        let name = field == .forwarded ? "forwarded" : "x-forwarded-for"
        return try ClientAddressResolver(trusting: proxies, field: field).address(peer: peer) {
            $0 == name ? values : ["6.6.6.6", "for=6.6.6.6"]
        }
    }

    @Test("A field is believed from trusted proxies only, and up to the first address that is none")
    func trust() throws {
        func address(_ peer: String, _ proxies: [String], _ values: String) throws -> String? {
            try Self.address(peer, trusting: proxies, .xForwardedFor, values)
        }
        #expect(try address("10.0.0.1", [], "1.2.3.4") == "10.0.0.1")
        #expect(try address("11.0.0.1", ["10.0.0.0/8"], "1.2.3.4") == "11.0.0.1")
        #expect(try address("10.0.0.1", ["10.0.0.0/8"], "1.2.3.4") == "1.2.3.4")
        // The first entries are what the client has sent.
        #expect(try address("10.0.0.1", ["10.0.0.0/8"], "6.6.6.6, 1.2.3.4") == "1.2.3.4")
        #expect(try address("10.0.0.1", ["10.0.0.0/8"], "6.6.6.6, 1.2.3.4, 10.9.9.9") == "1.2.3.4")
        #expect(try address("10.0.0.1", ["10.0.0.0/8"], "10.1.1.1,10.2.2.2") == "10.1.1.1")
        #expect(try address("10.0.0.1", ["10.0.0.0/8"], "") == "10.0.0.1")
        #expect(try address("10.0.0.1", ["10.0.0.0/8"], "1.2.3.4, x, 10.9.9.9") == "10.9.9.9")
        #expect(try address("::ffff:10.0.0.1", ["10.0.0.0/8"], "::FFFF:1.2.3.4") == "1.2.3.4")
        #expect(try address("fd00::1", ["fd00::/8"], "[2001:DB8:0::1]:99") == "2001:db8::1")
    }

    @Test("Several fields are one list")
    func severalFields() throws {
        #expect(
            try Self.address("10.0.0.1", trusting: ["10.0.0.0/8"], .xForwardedFor, "6.6.6.6", "1.2.3.4", "10.0.0.2")
                == "1.2.3.4"
        )
    }

    @Test("Clients of a Unix domain socket are trusted if the list says so")
    func unixDomainSocket() throws {
        #expect(try Self.address(nil, trusting: ["10.0.0.1"], .xForwardedFor, "1.2.3.4") == nil)
        #expect(try Self.address(nil, trusting: ["unix:"], .xForwardedFor, "1.2.3.4") == "1.2.3.4")
        #expect(try Self.address("10.0.0.1", trusting: ["unix:"], .xForwardedFor, "1.2.3.4") == "10.0.0.1")
    }

    @Test(
        "Entries have ports, brackets and blanks",
        arguments: [
            ("1.2.3.4:80", "1.2.3.4"), (" 1.2.3.4\t", "1.2.3.4"), ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"), ("1.2.3.4:x", "10.0.0.1"),
            ("1.2.3.4:99999", "10.0.0.1"), ("[2001:db8::1", "10.0.0.1"), ("[2001:db8::1]x", "10.0.0.1"),
            ("1.2.3", "10.0.0.1"), ("01.2.3.4", "10.0.0.1"), ("unknown", "10.0.0.1"), ("_hidden", "10.0.0.1"),
            ("1.2.3.4 5", "10.0.0.1"), ("1.2.3.4\u{0}", "10.0.0.1"), ("\u{661}.2.3.4", "10.0.0.1"),
        ]
    )
    func entries(_ entry: (text: String, address: String)) throws {
        #expect(
            try Self.address("10.0.0.1", trusting: ["10.0.0.1"], .xForwardedFor, entry.text) == entry.address
        )
    }

    @Test(
        "RFC 7239, 4 and 6: the parameter of each element is its node",
        arguments: [
            ("for=1.2.3.4", "1.2.3.4"), ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=1.2.3.4;proto=http;by=10.0.0.1", "1.2.3.4"), ("proto=https; for=1.2.3.4", "1.2.3.4"),
            ("for=6.6.6.6, for=1.2.3.4", "1.2.3.4"), ("for=\"6.6.6.6, for=7.7.7.7\", for=1.2.3.4", "1.2.3.4"),
            ("for=1.2.3.4, for=10.0.0.1", "1.2.3.4"), ("for=\"1.2\\.3.4\"", "1.2.3.4"), ("for=_x", "10.0.0.1"),
            ("by=1.2.3.4", "10.0.0.1"), ("for=6.6.6.6, proto=http", "10.0.0.1"), ("for=\"\"", "10.0.0.1"),
            ("host=\"a;for=6.6.6.6\";for=1.2.3.4", "1.2.3.4"), ("for", "10.0.0.1"), ("", "10.0.0.1"),
        ]
    )
    func forwarded(_ field: (text: String, address: String)) throws {
        #expect(try Self.address("10.0.0.1", trusting: ["10.0.0.1"], .forwarded, field.text) == field.address)
    }

    @Test("A range has the addresses with its prefix, and no others")
    func ranges() throws {
        for (range, inside, outside) in [
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "::a00:1"]),
            ("192.168.4.0/22", ["192.168.4.0", "192.168.7.255"], ["192.168.3.255", "192.168.8.0"]),
            ("1.2.3.4", ["1.2.3.4"], ["1.2.3.5"]), ("1.2.3.4/32", ["1.2.3.4"], ["1.2.3.5"]),
            ("0.0.0.0/0", ["1.2.3.4", "255.1.1.1"], ["::1"]), ("fd00::/8", ["fd12::1"], ["fe00::1", "1.2.3.4"]),
            ("2001:db8::/33", ["2001:db8:7fff::1"], ["2001:db8:8000::1"]), ("::1", ["::1"], ["::2"]),
        ] {
            let parsed = try #require(IPAddressRange(range))
            for (texts, isInside) in [(inside, true), (outside, false)] {
                for text in texts {
                    let address = try #require(IPAddress(text))
                    #expect(parsed.contains(address) == isInside, "\(range) \(text)")
                }
            }
        }
    }

    @Test(
        "Other texts are no ranges",
        arguments: [
            "", "10", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129", "a.example",
            "*",
            "10.0.0.0/8 ", "/8", "10.0.0.0/ 8", "10.0.0.0-10.0.0.9",
        ]
    )
    func malformedRanges(text: String) {
        #expect(throws: MalformedAddressRangeError.self) {
            try ClientAddressResolver(trusting: ["::1", text], field: .xForwardedFor)
        }
    }
}
