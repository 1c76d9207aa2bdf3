import Foundation
import Fuzzing
import RouteModel
import Testing

/// The reader of JSON beside Foundation's.
@Suite struct JSONFuzzTests {
    private static let mutation = ByteMutation(pieces: [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "\\u0041", "\\n", "\\x", "0", "-", "+",
        ".",
        "e", "E9", "1e5", "true", "false", "null", "nul", " ", "\t", "\r\n", "\u{B}", "\u{1F}", "\"a\":1", ",\"a\":1",
        "\u{E9}",
        "\u{1F600}", "//", "/*", "'", "NaN", "[[[[[[[[", "]]]]]]]]", "{\"a\":",
    ])

    private static func text(_ depth: Int, _ random: inout SeededRandom) -> String {
        func blank(_ random: inout SeededRandom) -> String {
            random.oneIn(6) ? random.pick([" ", "\n", "\t", "\r\n  "]) : ""
        }
        func string(_ random: inout SeededRandom) -> String {
            let pieces = [
                "a", "b", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "é", "\u{1F600}", " ", "\\u0001",
                "]", "{",
            ]
            return "\"" + (0..<random.below(5)).map { _ in random.pick(pieces) }.joined() + "\""
        }
        let value: String
        switch random.below(depth > 0 ? 9 : 5) {
        case 0: value = string(&random)
        case 1: value = random.pick(["0", "-0", "1.5", "-12e3", "1E-2", "123456789", "0.25e+1"])
        case 2: value = random.pick(["true", "false"])
        case 3: value = "null"
        case 4: value = random.pick(["[]", "{}", "[ ]", "{ }"])
        case 5, 6:
            value = "[" + (0..<random.number(1...4)).map { _ in text(depth - 1, &random) }.joined(separator: ",") + "]"
        default:
            let members = (0..<random.number(1...4)).map { index in
                blank(&random) + (random.oneIn(6) ? string(&random) : "\"k\(index)\"") + blank(&random) + ":"
                    + text(depth - 1, &random)
            }
            value = "{" + members.joined(separator: ",") + "}"
        }
        return blank(&random) + value + blank(&random)
    }

    @Test("What is JSON to Foundation is JSON with the same values, and nothing else is")
    func oracle() {
        let cases = FuzzCases(20_000)
        var readOnes = 0
        for seed in cases {
            var random = SeededRandom(seed: seed)
            var bytes = Array(Self.text(4, &random).utf8)
            Self.mutation.apply(random.pick([0, 1, 1, 2, 3]), to: &bytes, &random)
            let value: JSONValue
            let oracle = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
            do throws(JSONError) {
                value = try JSONValue(bytes)
            } catch {
                #expect((0...bytes.count).contains(error.offset), "seed \(seed): \(escaped(bytes))")
                // Refused on purpose, and read by Foundation: UTF-16, UTF-32 and a byte order mark too.
                let isOtherEncoding =
                    bytes.contains(0) || bytes.starts(with: [0xEF]) || bytes.starts(with: [0xFE])
                    || bytes.starts(with: [0xFF])
                if [.duplicateName, .loneSurrogate, .tooDeep].contains(error.reason) || isOtherEncoding { continue }
                // Foundation takes a comma before the end of an array or object, which RFC 8259 does not have.
                let isCommaBeforeEnd =
                    error.offset < bytes.count && [0x5D, 0x7D].contains(bytes[error.offset])
                    && bytes[..<error.offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == 0x2C
                if isCommaBeforeEnd { continue }
                #expect(oracle == nil, "seed \(seed): \(error) at \(error.offset): \(escaped(bytes))")
                continue
            }
            readOnes += 1
            guard let oracle else {
                // Foundation has bounds for numbers.
                if !Self.hasLargeNumber(value) {
                    Issue.record("seed \(seed): no JSON to Foundation: \(escaped(bytes))")
                }
                continue
            }
            #expect(Self.isSame(value, oracle), "seed \(seed): \(escaped(bytes))")
        }
        if cases.count >= 1000 { #expect(readOnes > cases.count / 5, "\(readOnes)") }
    }

    private static func hasLargeNumber(_ value: JSONValue) -> Bool {
        switch value.kind {
        case .number:
            value.bytes.count > 15
                || (Double(String(decoding: value.bytes, as: UTF8.self)).map { !$0.isFinite || $0 == 0 } ?? true)
        case .array: value.elements.contains(where: hasLargeNumber)
        case .object: value.members.contains { hasLargeNumber($0.value) }
        default: false
        }
    }

    private static func isSame(_ value: JSONValue, _ oracle: Any) -> Bool {
        switch value.kind {
        case .null: return oracle is NSNull
        case .true: return oracle as? Bool == true
        case .false: return oracle as? Bool == false
        case .string: return (oracle as? String).map { value.text.elementsEqual($0.utf8) } ?? false
        case .number:
            return (oracle as? NSNumber)?.doubleValue == Double(String(decoding: value.bytes, as: UTF8.self))
        case .array:
            let elements = Array(value.elements)
            guard let oracle = oracle as? [Any], oracle.count == elements.count else { return false }
            return zip(elements, oracle).allSatisfy { isSame($0, $1) }
        case .object:
            let members = Array(value.members)
            guard let oracle = oracle as? [String: Any], oracle.count == members.count else { return false }
            return members.allSatisfy { member in
                oracle[String(decoding: member.name, as: UTF8.self)].map { isSame(member.value, $0) } ?? false
            }
        }
    }

    @Test("Bytes of any kind are JSON or a fault, and so are brackets in each other of any number")
    func noise() {
        for seed in FuzzCases(20_000) {
            var random = SeededRandom(seed: seed)
            let alphabet = Array("{}[],:\"\\u0d8 1e-.tfn".utf8) + [0xC3, 0xA9, 0xFF, 0x00]
            let bytes = (0..<random.number(0...60)).map { _ in random.pick(alphabet) }
            do throws(JSONError) {
                let value = try JSONValue(bytes)
                #expect(!value.bytes.isEmpty, "seed \(seed)")
            } catch {
                #expect((0...bytes.count).contains(error.offset), "seed \(seed): \(escaped(bytes))")
            }
        }
        for opener in ["[", "{\"a\":", "[{\"a\":["] {
            let deep = Array(String(repeating: opener, count: 200_000).utf8)
            #expect(throws: JSONError.self) { try JSONValue(deep) }
            #expect(throws: JSONError.self) { try JSONValue(deep, depthLimit: .max) }
        }
    }
}
