import RouteModel
import Testing

@Suite("Keys for people")
struct KeyPatternTests {
    @Test("A pattern with values in place of names is the key")
    func pattern() throws {
        let inputs = [
            RouteInput(.query, "skip", .int), RouteInput(.path, "id", .int), RouteInput(.context, "tenant", .string),
            RouteInput(.query, "limit", .int), RouteInput(.header, "language", .string, from: "Accept-Language"),
            RouteInput(.path, "part", .string),
        ]
        for used in [inputs, inputs.filter { $0.group == .path }, inputs.filter { $0.group != .query }] {
            let signature = RouteSignature(
                namespace: "shop",
                fingerprint: "0badcafe",
                method: .get,
                path: "/users/{id}/{part}",
                inputs: used
            )
            var values = InputValues(count: used.count)
            for (index, input) in used.enumerated() { try values.add("\(index + 7)".utf8, to: input, at: index) }
            let pattern = used.enumerated().reduce(signature.keyPattern) {
                $0.replacing("{\($1.element.name)}", with: "\($1.offset + 7)")
            }
            #expect(pattern == "\(signature.key(for: values))")
        }
    }

    @Test(
        "Quantities are written as they are read",
        arguments: [
            ("0s", "0s"), ("1ms", "1ms"), ("1500ms", "1500ms"), ("90s", "90s"), ("60s", "1m"), ("36h", "36h"),
            ("48h", "2d"),
        ]
    )
    func durations(read: String, written: String) throws {
        let duration = try #require(QuantityNotation.duration(read))
        #expect(QuantityNotation.text(of: duration) == written)
        #expect(QuantityNotation.duration(written) == duration)
    }

    @Test("Sizes are written as they are read", arguments: ["0", "1B", "1023B", "1KiB", "1025B", "16MiB", "3GiB"])
    func sizes(text: String) throws {
        let bytes = try #require(QuantityNotation.bytes(text))
        #expect(QuantityNotation.text(ofBytes: bytes) == text)
    }
}
