import Fuzzing
import RouteModel
import Testing

@Suite struct KeyFuzzTests {
    private static let texts: [InputType.Scalar: [String]] = [
        .int: ["0", "-1", "9223372036854775807", "-9223372036854775808", "007", "1.0", "1e2"],
        .int32: ["2147483647", "-2147483648", "-0", "5"],
        .double: ["0", "-0.0", "1.5", "1e308", "4.9e-324", "1E+2", "123456789.125", "0.1"],
        .decimal: ["0", "-0.00", "1.50", "123456789012345678901234567890.5", "00.1", "1e3", "1.20e-2", "12e30"],
        .bool: ["true", "false"],
        .string: ["", "a", "a b", "é", "\u{1F600}", "%", "a&b=c", "\u{0}"],
        .uuid: ["00000000-0000-4000-8000-000000000000", "A987FBC9-4BED-3078-CF07-9141BA07C9F3"],
        .date: ["2024-02-29", "0001-01-01", "9999-12-31"],
        .timestamp: [
            "2024-02-29T12:30:00Z", "2024-02-29T12:30:00.125+02:00", "2024-02-29 12:30:00", "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999Z", "2016-12-31T23:59:60Z", "2024-02-29t12:30:00z",
        ],
        .json: ["{}", "[1, 2]", "null", "{\"a\": \"b\"}", " 1 "],
    ]

    private static let mutation = ByteMutation(pieces: [
        "0", "9", "-", "+", ".", "e", "E", ":", "T", "Z", " ", "\0", "00000000", "99999999999999999999",
        "e999999999999",
        "e-99999", "é", "%", "&", "=", ";", "2024", "-00", "{", "]", "\"",
    ])

    /// A value's bytes, most often nearly well formed.
    private static func raw(_ type: InputType.Scalar, _ random: inout SeededRandom) -> [UInt8] {
        var bytes = Array(random.pick(texts[type] ?? [""]).utf8)
        mutation.apply(random.pick([0, 0, 1, 1, 2, 3]), to: &bytes, &random)
        return bytes
    }

    @Test("A canonical value is its own canonical form, whatever was sent, and what is refused leaves nothing")
    func canonical() {
        let cases = FuzzCases(60_000)
        var taken = 0
        for seed in cases {
            var random = SeededRandom(seed: seed)
            let type = random.pick(InputType.Scalar.allCases)
            let input = RouteInput(type == .json || random.oneIn(2) ? .body : .query, "a", InputType(type))
            let raw = Self.raw(type, &random)
            let before = Array("before".utf8)
            var (once, twice) = (before, before)
            do throws(InputError) {
                try input.appendCanonical(raw[...], to: &once)
            } catch {
                #expect(once == before, "seed \(seed): \(type) \(escaped(raw))")
                continue
            }
            taken += 1
            do throws(InputError) {
                try input.appendCanonical(once[before.count...], to: &twice)
                #expect(once == twice, "seed \(seed): \(type) \(escaped(raw))")
            } catch {
                Issue.record("seed \(seed): \(type) \(escaped(raw)) is \(escaped(once)), which is refused: \(error)")
            }
            guard input.group == .query, let text = String(validating: raw, as: UTF8.self), type != .string else {
                continue
            }
            // Only strings have bytes that have to be encoded in keys.
            #expect(once.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "seed \(seed): \(type) \(text)")
        }
        if cases.count >= 1000 { #expect(taken > cases.count / 4, "\(taken)") }
    }

    @Test("Keys are the same exactly when the values are, whatever bytes were sent")
    func injectivity() {
        for seed in FuzzCases(40) {
            var random = SeededRandom(seed: seed)
            func type(_ random: inout SeededRandom) -> InputType.Scalar {
                random.pick(InputType.Scalar.allCases.filter { $0 != .json })
            }
            let inputs = [
                RouteInput(.path, "p", InputType(type(&random))),
                RouteInput(.query, "a", InputType(type(&random)), optional: true),
                RouteInput(.query, "b", InputType(type(&random), isList: true), optional: true),
                RouteInput(.query, "b&", InputType(.string, isList: true), optional: true),
                RouteInput(.header, "h", InputType(type(&random)), from: "X-H", optional: true),
                RouteInput(.context, "k", InputType(type(&random)), optional: true),
            ]
            let signature = RouteSignature(
                namespace: "ns",
                fingerprint: "00000000",
                method: .get,
                path: "/x/{p}",
                inputs: inputs
            )
            var meanings: [[UInt8]: [[[UInt8]]?]] = [:]
            var keys: [[[[UInt8]]?]: [UInt8]] = [:]
            var pool: [[[UInt8]]] = inputs.map { input in (0..<4).map { _ in Self.raw(input.type.scalar, &random) } }
            for index in pool.indices where pool[index].allSatisfy({ $0.isEmpty }) { pool[index].append([0x30]) }
            rounds: for _ in 0..<250 {
                var values = InputValues(count: inputs.count)
                for (index, input) in inputs.enumerated() {
                    let count = input.group == .path ? 1 : random.number(0...(input.type.isList ? 3 : 1))
                    for _ in 0..<count {
                        let raw = random.oneIn(3) ? Self.raw(input.type.scalar, &random) : random.pick(pool[index])
                        do throws(InputError) {
                            try values.add(raw[...], to: input, at: index)
                        } catch  where input.group == .path {
                            continue rounds
                        } catch {}
                    }
                }
                let meaning = inputs.indices.map {
                    values.isPresent(at: $0) ? values.allBytes(at: $0).map(Array.init) : nil
                }
                let key = signature.key(for: values).whole
                #expect(key.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3B }, "seed \(seed): \(escaped(key))")
                #expect(meanings[key, default: meaning] == meaning, "seed \(seed): \(escaped(key))")
                #expect(keys[meaning, default: key] == key, "seed \(seed): \(escaped(key))")
                meanings[key] = meaning
                keys[meaning] = key
            }
        }
    }
}
