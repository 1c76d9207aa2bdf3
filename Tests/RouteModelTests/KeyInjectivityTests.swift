import RouteModel
import Testing

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct KeyInjectivityTests {
    /// Few letters, most of them with a meaning in keys, so that clashes are likely where they are possible.
    private static let alphabet = ["a", "=", "&", ":", "/", "%", "+", " ", "#", "é", "%26", "2"]

    private static func text(_ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? "" }
            .joined()
    }

    private static func value(_ type: InputType.Scalar, _ generator: inout SeededGenerator) -> String {
        switch type.kind {
        case .int, .int32: "\(Int.random(in: -12...12, using: &generator))"
        case .double: "\(Double(Int.random(in: -40...40, using: &generator)) / 8)"
        case .decimal: "\(Int.random(in: -9...9, using: &generator)).\(Int.random(in: 0...99, using: &generator))"
        case .bool: Bool.random(using: &generator) ? "true" : "false"
        case .uuid: "00000000-0000-4000-8000-00000000000\(Int.random(in: 0...9, using: &generator))"
        case .date: "2024-02-2\(Int.random(in: 0...9, using: &generator))"
        case .timestamp: "2024-02-29T12:30:00.\(Int.random(in: 1...99, using: &generator))Z"
        case .string, .json: text(&generator)
        }
    }

    @Test("Different values never share a key, and equal values always do", arguments: [1, 2, 3, 4] as [UInt64])
    func injectivity(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<20 {
            let scalars = InputType.Scalar.allCases.filter { $0 != .json }
            func type(list: Bool) -> InputType {
                InputType(round % 2 == 0 ? .string : scalars.randomElement(using: &generator) ?? .string, isList: list)
            }
            let inputs = [
                RouteInput(.path, "p", .string), RouteInput(.path, "r", .string),
                RouteInput(.query, "a", type(list: false), optional: true),
                RouteInput(.query, "b", type(list: true), optional: true),
                RouteInput(.query, "c=", type(list: true), optional: true),
                RouteInput(.header, "h", type(list: false), from: "X-H", optional: true),
                RouteInput(.context, "k", type(list: false), optional: true),
            ]
            let signature = RouteSignature(
                namespace: "ns",
                fingerprint: "00000000",
                method: .get,
                path: "/x/{p}/{r}",
                inputs: inputs
            )
            var meanings: [[UInt8]: [[String]]] = [:]
            var keys: [[[String]]: [UInt8]] = [:]
            for _ in 0..<200 {
                var values = InputValues(count: inputs.count)
                for (index, input) in inputs.enumerated() {
                    let count =
                        input.group == .path
                        ? 1
                        : input.type.isList
                            ? Int.random(in: 0...3, using: &generator) : Int.random(in: 0...1, using: &generator)
                    for _ in 0..<count {
                        try values.add(Self.value(input.type.scalar, &generator).utf8, to: input, at: index)
                    }
                }
                let meaning = inputs.indices.map { values.isPresent(at: $0) ? ["present"] + values.texts(at: $0) : [] }
                let key = signature.key(for: values).whole
                #expect(key.allSatisfy { $0 > 0x20 && $0 < 0x7F })
                #expect(meanings[key, default: meaning] == meaning)
                #expect(keys[meaning, default: key] == key)
                meanings[key] = meaning
                keys[meaning] = key
            }
            #expect(keys.count > 50)
        }
    }
}
