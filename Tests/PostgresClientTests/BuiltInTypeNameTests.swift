import Foundation
import PostgresClient
import TestServers
import Testing

/// The names of types beside those of the server.
@Suite struct BuiltInTypeNameTests {
    private struct Named: Decodable {
        let oid: UInt32
        let name: String
    }

    @Test func allTypesOfAllServersHaveTheServersNames() async throws {
        let list = try await blocking {
            // Rows of the catalog are no types of their own. What has a number from 10000 on, each server numbers itself.
            try Oracle(try PostgresServer.shared.get().url).value(
                """
                BEGIN; SET LOCAL search_path = ''; SELECT json_agg(json_build_object('oid', oid::int8, 'name', format_type(oid, NULL)))
                FROM pg_type WHERE oid < 10000 AND typtype <> 'c'
                    AND NOT EXISTS (SELECT FROM pg_type AS e WHERE e.oid = pg_type.typelem AND e.typtype = 'c')
                """
            )
        }
        let types = try JSONDecoder().decode([Named].self, from: Data(try #require(list).utf8))
        #expect(types.count > 150)
        for type in types {
            #expect(BuiltInTypeName.name(ofOID: type.oid) == type.name)
            #expect(BuiltInTypeName.oid(ofName: type.name) == type.oid)
        }
        #expect(BuiltInTypeName.oid(ofName: "public.mood") == nil)
        #expect(BuiltInTypeName.name(ofOID: 16_384) == nil)
    }
}
