import CachedRoutes
import Foundation
import NIOCore
import Testing

@Suite struct RowValueTests {
    @Test("Decimals are equal if they are the same number, and sorted as PostgreSQL sorts them")
    func decimals() throws {
        let ascending: [[String]] = [
            ["-Infinity"], ["-123456789012345678901234567890.5"], ["-10", "-1e1", "-10.0"], ["-9.99"],
            ["-1E-3", "-0.001"],
            ["0", "-0", "0.00", "0e5", "-0.0E-9"], ["0.00000000000000000001", "1e-20"], ["0.5", "5e-1", "0.50"],
            ["1", "1.0"],
            ["1.1", "1.10", "11e-1"], ["1.11"], ["2"], ["10", "1e1", "10.000", "1E+1"], ["100"],
            [
                "123456789012345678901234567890.12345678901234567890",
                "123456789012345678901234567890.1234567890123456789",
            ],
            ["123456789012345678901234567890.12345678901234567891"], ["Infinity"], ["NaN"],
        ]
        let groups = try ascending.map { try $0.map { try #require(ExactDecimal($0)) } }
        for (index, group) in groups.enumerated() {
            for (other, others) in groups.enumerated() {
                for left in group {
                    for right in others {
                        #expect((left == right) == (index == other), "\(left) and \(right)")
                        #expect((left < right) == (index < other), "\(left) and \(right)")
                        if left == right { #expect(left.hashValue == right.hashValue) }
                    }
                }
            }
        }
        for text in ["", "-", "1.", ".5", "01", "-00", "+1", "1e", "0x1", " 1", "1 ", "nan", "inf", "-NaN", "1,5", "١"]
        {
            #expect(ExactDecimal(text) == nil, "\(text)")
        }
    }

    @Test("A decimal is one of Foundation's only where that is the same number")
    func views() throws {
        #expect(ExactDecimal("1.10").decimal == Decimal(string: "1.1"))
        #expect(ExactDecimal("12345678901234567890123456789012345678").decimal != nil)
        for text in ["123456789012345678901234567890.12345678901234567890", "1e200", "1e-200", "NaN", "Infinity"] {
            #expect(try #require(ExactDecimal(text)).decimal == nil, "\(text)")
        }
        let values: [ExactDecimal] = [5, "-9.90", ExactDecimal(Decimal(string: "0.5") ?? 0), ExactDecimal(Decimal.nan)]
        #expect(values.map(\.description) == ["5", "-9.90", "0.5", "NaN"])
        #expect(values.map(\.integer) == [5, nil, nil, nil])
        #expect(ExactDecimal("1e3").integer == 1000 && ExactDecimal("9223372036854775808").integer == nil)
        #expect(ExactDecimal("-9.90").double == -9.9 && ExactDecimal("Infinity").double == .infinity)
    }

    @Test("Numbers that JSON has no spelling for are strings")
    func floats() throws {
        let text = #"[1.5,"NaN","Infinity","-Infinity",-0.0,5e-324]"#
        let values = try RowDecoder().decode([JSONFloat<Double>].self, from: text.utf8)
        #expect(values == [1.5, JSONFloat(.nan), JSONFloat(.infinity), JSONFloat(-.infinity), 0, JSONFloat(5e-324)])
        #expect(Set([JSONFloat<Double>(.nan), JSONFloat(.nan), 0, JSONFloat(-0.0)]).count == 2)
        #expect(String(decoding: try RowEncoder().encode(values), as: UTF8.self) == text)
        let small = try RowDecoder().decode([JSONFloat<Float>].self, from: "[0.1,3.4028235e38]".utf8)
        #expect(String(decoding: try RowEncoder().encode(small), as: UTF8.self) == "[0.1,3.4028235e+38]")
        for text in [#"["nan"]"#, #"["1"]"#, "[true]", "[null]", "[1e400]"] {
            #expect(throws: DecodingError.self) { try RowDecoder().decode([JSONFloat<Double>].self, from: text.utf8) }
        }
        #expect(throws: EncodingError.self) { try RowEncoder().encode([Double.nan]) }
    }

    @Test("A time is a date where it is one, before Christ and behind year 9999 too")
    func timestamps() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00", 0), ("2024-02-03T04:05:06.7+00:00", 1_706_933_106.7),
            ("2024-02-03T04:05:06.000001-05:30", 1_706_952_906.000001), ("0001-01-01T00:00:00", -62_135_596_800),
            ("0001-12-31T00:00:00 BC", -62_135_683_200), ("0044-03-15T12:00:00+00:00 BC", -63_517_780_800),
            ("294276-12-31T23:59:59.999999", 9_224_318_015_999.999999),
        ] {
            #expect(TimestampText(text).date == Date(timeIntervalSince1970: seconds), "\(text)")
        }
        for text in ["infinity", "-infinity", "", "2024-02-03", "2024-13-03T04:05:06", "2024-02-03T04:05:06.", "now"] {
            #expect(TimestampText(text).date == nil, "\(text)")
        }
    }

    private struct Price: RouteRow {
        var total: ExactDecimal
        var id: Int
    }

    @Test("Rows that a handler returns are what a route with SQL sends")
    func handlersRows() throws {
        func json(_ value: some Encodable) throws -> String {
            String(buffer: try HandlerResponse(encoding: value).body)
        }
        let row = Price(total: "1.10", id: 1)
        #expect(try json(row) == #"{"total":1.10,"id":1}"#)
        #expect(try json([row]) == #"[{"total":1.10,"id":1}]"#)
        #expect(try json([Price]()) == "[]")
        // Other values have the form of Foundation's.
        #expect(try json(["price": row]) == #"{"price":{"id":1,"total":1.1}}"#)
    }

    @Test("A date is written as the server writes the time")
    func timestampsOfDates() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00+00:00"), (1_706_933_106.7, "2024-02-03T04:05:06.7+00:00"),
            (1_706_933_106.000001, "2024-02-03T04:05:06.000001+00:00"), (-0.25, "1969-12-31T23:59:59.75+00:00"),
            (86_399.9999999, "1970-01-02T00:00:00+00:00"), (-62_135_596_800, "0001-01-01T00:00:00+00:00"),
            (-62_135_683_200, "0001-12-31T00:00:00+00:00 BC"), (-210_866_803_200, "4714-11-24T00:00:00+00:00 BC"),
            (253_402_300_800, "10000-01-01T00:00:00+00:00"), (9_224_318_015_999.5, "294276-12-31T23:59:59.5+00:00"),
            (9_224_318_015_999.9999999, "infinity"), (.infinity, "infinity"), (-210_866_803_200.5, "-infinity"),
            (-.infinity, "-infinity"),
        ] {
            let date = Date(timeIntervalSince1970: seconds)
            let value = TimestampText(date)
            #expect(value.text == text)
            #expect(value.date == nil || abs((value.date ?? date).timeIntervalSince(date)) < 0.001)
        }
    }

    @Test("Bytes and identifiers have one text each")
    func texts() throws {
        let bytes = HexBytes([0, 1, 0xDE, 0xAD, 0xFF])
        #expect(bytes.description == #"\x0001deadff"# && HexBytes(bytes.description) == bytes)
        #expect(
            HexBytes(#"\x"#)?.bytes == [] && HexBytes("") == nil && HexBytes(#"\xd"#) == nil && HexBytes("dead") == nil
        )
        let id = try #require(LowercaseUUID("6F1F2C50-8A0E-4F0E-9C3F-0123456789AB"))
        #expect(id.description == "6f1f2c50-8a0e-4f0e-9c3f-0123456789ab" && LowercaseUUID("6f1f") == nil)
        #expect(
            String(decoding: try RowEncoder().encode([id]), as: UTF8.self)
                == #"["6f1f2c50-8a0e-4f0e-9c3f-0123456789ab"]"#
        )
    }

    @Test("Arrays keep their dimensions and NULLs, with both coders")
    func arrays() throws {
        for (text, dimensions) in [
            ("[]", []), ("[1,null,2]", [3]), ("[[1,2],[3,null]]", [2, 2]), ("[[[1],[2]],[[3],[null]]]", [2, 2, 1]),
            ("[[],[]]", [2, 0]),
        ] as [(String, [Int])] {
            let array = try RowDecoder().decode(JSONArray<Int>.self, from: text.utf8)
            #expect(array.dimensions == dimensions)
            #expect(String(decoding: try RowEncoder().encode(array), as: UTF8.self) == text)
            #expect(try JSONDecoder().decode(JSONArray<Int>.self, from: Data(text.utf8)) == array)
            #expect(String(decoding: try JSONEncoder().encode(array), as: UTF8.self) == text)
        }
        for text in ["[[1],[2,3]]", "[1,[2]]", "[[1],2]", "[[1],null]", "[[],[1]]", "[[1],[]]", "1", "null", "[true]"] {
            #expect(throws: DecodingError.self, "\(text)") {
                try RowDecoder().decode(JSONArray<Int>.self, from: text.utf8)
            }
        }
        let table = JSONArray([1, 2, 3, nil, 5, 6], dimensions: [2, 3])
        #expect(table[0, 2] == 3 && table[1, 0] == nil && table[1, 2] == 6)
        #expect(JSONArray<String>([]) == [] && JSONArray([]) == JSONArray<String>([], dimensions: []))
        let json = try RowDecoder().decode(JSONArray<JSONFragment>.self, from: "[[1],[[2]],null]".utf8)
        #expect(json == [[1], [[2]], nil])
    }

    @Test("Any JSON keeps its digits and its order, and is equal whatever the order is")
    func fragments() throws {
        let text = #"{"b":1.50,"a":[null,true,"x\"\\\u0001\n"],"e\u0301":1e400,"é":{},"":12345678901234567890123}"#
        let value = try RowDecoder().decode(JSONFragment.self, from: text.utf8)
        #expect(
            String(decoding: try RowEncoder().encode(value), as: UTF8.self)
                == text.replacing(#"\u0301"#, with: "\u{301}")
        )
        #expect(value["é"] == [:] && value["e\u{301}"] == .number("1e400") && value["c"] == nil && value[0] == nil)
        #expect(value["a"]?[2] == "x\"\\\u{1}\n" && value["a"]?[3] == nil)
        let other: JSONFragment = ["a": [true, 1], "b": ["c": .null]]
        #expect(
            other == ["b": ["c": .null], "a": [true, 1]] && other != ["a": [true, 1]]
                && other != ["a": [true, 1], "b": [:]]
        )
        #expect(Set([other, ["b": ["c": .null], "a": [true, .number("1.0")]]]).count == 1)
        struct Point: Codable, Equatable { var x: Int, y: Double? }
        #expect(try JSONFragment.object([.init("x", 1)]).decoded(as: Point.self) == Point(x: 1, y: nil))
        let foreign = try JSONDecoder().decode(JSONFragment.self, from: Data(#"{"a":[1.5,null,false,"x"]}"#.utf8))
        #expect(foreign == ["a": [.number("1.5"), .null, false, "x"]])
        #expect(try JSONDecoder().decode(JSONFragment.self, from: JSONEncoder().encode(other)) == other)
        let deep = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
        _ = try RowDecoder().decode(JSONFragment.self, from: deep.utf8)
        for text in ["[\(deep)]", #"{"a":1,"a":2}"#, #""\ud800""#, "[1,]", "1 2", "", "\"\u{9}\"", "01"] {
            #expect(throws: DecodingError.self, "\(text.prefix(20))") {
                try RowDecoder().decode(JSONFragment.self, from: text.utf8)
            }
        }
    }

    @Test("Foundation's encoder refuses a number that it would round")
    func rounding() throws {
        let long: ExactDecimal = "123456789012345678901234567890.12345678901234567890"
        #expect(throws: EncodingError.self) { try JSONEncoder().encode([long]) }
        #expect(String(decoding: try JSONEncoder().encode([ExactDecimal("1.10")]), as: UTF8.self) == "[1.1]")
        #expect(String(decoding: try RowEncoder().encode([long]), as: UTF8.self) == "[\(long)]")
        #expect(try JSONDecoder().decode([ExactDecimal].self, from: Data(#"[1.10,"NaN"]"#.utf8)) == ["1.1", "NaN"])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([ExactDecimal].self, from: Data(#"["1"]"#.utf8))
        }
    }

    /// A type with a superclass, dictionaries, nested containers and more members than are searched one by one.
    private class Base: Codable { var base = 1 }
    private final class Derived: Base {
        var values = Dictionary(uniqueKeysWithValues: (0..<40).map { ("k\($0)", Int8($0)) })
        var flags: [Bool?] = [true, nil]
        var unsigned: [UInt64] = [.max]

        private enum Keys: String, CodingKey { case values, inner, flags, unsigned }

        override init() { super.init() }

        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            values = try container.decode([String: Int8].self, forKey: .values)
            let inner = try container.nestedContainer(keyedBy: Keys.self, forKey: .inner)
            flags = try inner.decode([Bool?].self, forKey: .flags)
            var list = try inner.nestedUnkeyedContainer(forKey: .unsigned)
            unsigned = []
            while !list.isAtEnd { unsigned.append(try list.decode(UInt64.self)) }
            try super.init(from: container.superDecoder())
        }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(values, forKey: .values)
            var inner = container.nestedContainer(keyedBy: Keys.self, forKey: .inner)
            try inner.encode(flags, forKey: .flags)
            var list = inner.nestedUnkeyedContainer(forKey: .unsigned)
            for value in unsigned { try list.encode(value) }
            try super.encode(to: container.superEncoder())
        }
    }

    @Test("The coders do what Codable asks of them, as Foundation's do")
    func codable() throws {
        let value = Derived()
        value.base = 7
        let ours = try RowEncoder().encode(value)
        #expect(
            try JSONDecoder().decode(JSONFragment.self, from: Data(ours))
                == RowDecoder().decode(from: JSONEncoder().encode(value))
        )
        let copy = try RowDecoder().decode(Derived.self, from: ours)
        #expect(copy.base == 7 && copy.values == value.values && copy.flags == [true, nil] && copy.unsigned == [.max])
    }
}
