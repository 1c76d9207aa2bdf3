import PostgresClient
import RouteModel
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesPostgres

/// Which PostgreSQL types a value of an input may be read as. The oracle is the server, which is given samples of each type.
@Suite struct ReadableTypeTests {
    static let samples: [InputType.Scalar: [String]] = [
        .int: ["0", "1", "-1", "42", "20240229", "9223372036854775807", "101"],
        .int32: ["0", "1", "-1", "42", "20240229", "2147483647", "101"],
        .double: ["0", "1", "-0.5", "2.25", "1e+300", "5e-324", "20240229"],
        .decimal: ["0", "1", "-0.5", "2.25", "12345678901234567890.5", "20240229"],
        .bool: ["true", "false"],
        .uuid: [
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000",
            "11111111-1111-1111-1111-111111111111",
        ],
        .date: ["2024-02-29", "0001-01-01", "9999-12-31"],
        .timestamp: ["2024-02-29T12:30:00Z", "2024-02-29T23:59:59.999999Z", "0001-01-01T00:00:00Z"],
    ]

    @Test("A type that no value of an input can be read as is known, and no other is taken for one")
    func types() throws {
        let oracle = try Oracle(try PostgresServer.shared.get().url)
        let listed =
            try oracle.value(
                """
                SELECT string_agg(oid || ' ' || format_type(oid, NULL), E'\\n') FROM pg_type
                WHERE typtype IN ('b', 'r', 'm') AND typnamespace = 'pg_catalog'::regnamespace AND oid < 10000
                    AND typcategory IN ('N', 'B', 'D', 'T', 'S', 'G', 'I', 'R', 'V', 'A', 'U')
                    AND typinput NOT IN ('pg_node_tree_in'::regproc, 'pg_ndistinct_in'::regproc, 'pg_dependencies_in'::regproc,
                        'pg_mcv_list_in'::regproc, 'aclitemin'::regproc)
                """
            ) ?? ""
        let types = listed.split(separator: "\n").map { line -> (UInt32, String) in
            let parts = line.split(separator: " ", maxSplits: 1)
            return (UInt32(parts[0]) ?? 0, String(parts[1]))
        }
        #expect(types.count > 100)
        for (scalar, samples) in Self.samples {
            for (oid, type) in types {
                guard !InputType(scalar).mayBeRead(as: oid) else { continue }
                for sample in samples {
                    #expect(
                        try oracle.failure("SELECT '\(sample)'::\(type)") != nil,
                        "\(scalar) '\(sample)' as \(type)"
                    )
                }
            }
            for own in [ParameterTypeCandidates(InputType(scalar))].flatMap(\.candidates).compactMap(\.self) {
                #expect(InputType(scalar).mayBeRead(as: own.oid), "\(scalar) as its own type \(own.oid)")
            }
        }
        // The examples: ranges, arrays and the like for what is no text.
        for oid: UInt32 in [3912, 3910, 1007, 600, 4535] {
            #expect(!InputType.date.mayBeRead(as: oid))
            #expect(!InputType.int.mayBeRead(as: oid))
            #expect(InputType.string.mayBeRead(as: oid))
        }
        #expect(!InputType.list(.int).mayBeRead(as: 3912))
        #expect(!InputType.timestamp.mayBeRead(as: 1083))
        #expect(!InputType.timestamp.mayBeRead(as: 1266))
        #expect(InputType.list(.int).mayBeRead(as: 1007))
        #expect(InputType.int.mayBeRead(as: 70_000))
    }
}
