import CachedRoutes
import Foundation
import RouteCodegen
import RouteManifest
import Testing

@Suite struct RowTests {
    private static let orders = #"""
        [{"id":9007199254740993,"state":"partly paid","total":1.10,"doc":{"b":1.50,"a":[null,true]},
        "placed_at":"2024-02-03T04:05:06.7+00:00","sizes":[[1,2],[3,null]],"earlier":["draft",null],"thumb":"\\xdead",
        "code":"6f1f2c50-8a0e-4f0e-9c3f-0123456789ab","ratio":"NaN","score":-0.5,"isPaid":true,"note":"a\"ä","kind":1}]
        """#

    @Test("A response decodes into generated rows, each column as its type")
    func decoded() throws {
        let orders = try RowDecoder().decode(RowsRoutes.ListOrdersResponse.self, from: Self.orders.utf8)
        let order = try #require(orders.first)
        #expect(order.id == 9_007_199_254_740_993)
        #expect(order.state == .partlyPaid)
        #expect(order.total == "1.1" && order.total?.description == "1.10")
        #expect(order.doc?["b"] == .number("1.5") && order.doc?["a"]?[1] == true)
        #expect(order.placed_at.date == Date(timeIntervalSince1970: 1_706_933_106.7))
        #expect(order.sizes == JSONArray([1, 2, 3, nil], dimensions: [2, 2]))
        #expect(order.earlier == [.draft, nil])
        #expect(order.thumb?.bytes == [0xDE, 0xAD])
        #expect(order.code.uuid == UUID(uuidString: "6F1F2C50-8A0E-4F0E-9C3F-0123456789AB"))
        #expect(order.ratio.value.isNaN && order.score == -0.5)
        #expect(order.isPaid && order.note == "a\"ä" && order.kind == Int16(1))
        let total: RowsRoutes.TotalResponse = try RowDecoder().decode(from: "null".utf8)
        #expect(total == nil)
        let user: RowsRoutes.GetUserResponse = try RowDecoder().decode(from: #"{"name":"x","id":1}"#.utf8)
        #expect(user == RowsRoutes.GetUserRow(id: 1, name: "x"))
    }

    @Test("Rows are encoded with all columns in their order, and NULL as null, by both encoders")
    func encoded() throws {
        var orders = try RowDecoder().decode(RowsRoutes.ListOrdersResponse.self, from: Self.orders.utf8)
        let text = String(decoding: try RowEncoder().encode(orders), as: UTF8.self)
        #expect(text == Self.orders.filter { !$0.isNewline })
        orders[0].total = nil
        orders[0].doc = nil
        orders[0].note = nil
        let bytes = try RowEncoder().encode(orders)
        for word in [#""total":null"#, #""doc":null"#, #""note":null"#] {
            #expect(String(decoding: bytes, as: UTF8.self).contains(word))
        }
        let data = try JSONEncoder().encode(orders)
        #expect(try RowDecoder().decode(JSONFragment.self, from: data) == RowDecoder().decode(from: bytes))
        #expect(try JSONDecoder().decode(RowsRoutes.ListOrdersResponse.self, from: data) == orders)
    }

    @Test("A label that the lock doesn't have, a NULL that it excludes and another type are errors with their places")
    func others() {
        for (from, to, path) in [
            ("partly paid", "lost", "state"), ("9007199254740993", "null", "id"), ("9007199254740993", "1.5", "id"),
            ("\"kind\":1", "\"kind\":32768", "kind"), ("1.10", "\"1.10\"", "total"), ("[3,null]", "[3]", "sizes"),
            ("dead", "dea", "thumb"), ("6f1f", "6g1f", "code"), ("\"ratio\"", "\"ration\"", ""),
        ] {
            let text = Self.orders.replacing(from, with: to)
            do {
                _ = try RowDecoder().decode(RowsRoutes.ListOrdersResponse.self, from: text.utf8)
                Issue.record("\(to) was decoded")
            } catch DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
                DecodingError.valueNotFound(_, let context), DecodingError.keyNotFound(_, let context)
            {
                #expect(context.codingPath.map(\.stringValue).contains(path) || path.isEmpty, "\(context)")
            } catch {
                Issue.record(error)
            }
        }
    }

    @Test("Columns and labels that are no names in Swift have other names, and keep their own in JSON")
    func hostile() throws {
        typealias Row = HostileRowsRoutes.StateRow2
        var row = Row(types: .a)
        row.selfValue = 1
        row.in = 2
        row.row = 3
        row.column18 = 4
        row.aB2 = 5
        row._1st = 6
        row.hashValueValue = 7
        row.IntValue = 8
        row.State3Value = 9
        let object = try RowDecoder().decode(JSONFragment.self, from: RowEncoder().encode(row))
        for (name, value) in [
            ("self", 1), ("in", 2), ("row", 3), ("_", 4), ("a b", 5), ("1st", 6), ("hashValue", 7), ("Int", 8),
            ("State3", 9),
        ] {
            #expect(object[name] == .number(ExactDecimal(value)), "\(name)")
        }
        #expect(object["id"] == .null && object["types\u{202E}"] == "a")
        #expect(try RowDecoder().decode(Row.self, from: RowEncoder().encode(row)) == row)
        let labels = Manifests.hostileRows.enums["public.state"] ?? []
        #expect(HostileRowsRoutes.State3.allCases.map(\.rawValue) == labels)
    }

    @Test("Only the types that rows have are named, and nothing of them without a lock")
    func aliases() {
        let text = RoutesFile(Manifests.hostileRows, fileName: "r").text
        #expect(text.contains("public typealias JSONArray = CachedRoutes.JSONArray"))
        #expect(!text.contains("ExactDecimal = ") && !text.contains("unused"))
        #expect(!RoutesFile(Manifests.users, fileName: "r").text.contains("LockedColumns"))
        #expect(RowsRoutes().routes.map(\.name) == Manifests.rows.routes.map(\.name))
    }
}
