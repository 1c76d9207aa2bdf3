import RouteModel
import Testing

@Suite("A choice that may get more values")
struct ExtensibleEnumTests {
    private static func spellings<Choice: ExtensibleEnum & CustomStringConvertible>(of _: Choice.Type) -> [String] {
        for choice in Choice.allCases {
            #expect(Choice(rawValue: choice.rawValue) == choice)
            #expect(choice.description == choice.rawValue)
        }
        #expect(Choice(rawValue: "") == nil)
        return Choice.allCases.map(\.rawValue)
    }

    @Test("has the spellings of a manifest, in the order of diagnostics")
    func spellings() {
        let expected: [([String], [String])] = [
            (Self.spellings(of: RouteInput.Group.self), ["path", "query", "header", "context", "body"]),
            (Self.spellings(of: RouteSignature.Method.self), ["get", "post", "put", "patch", "delete"]),
            (
                Self.spellings(of: InputType.Scalar.self),
                ["int", "int32", "double", "decimal", "bool", "string", "uuid", "date", "timestamp", "json"]
            ),
            (Self.spellings(of: RouteDeclaration.Returns.self), ["many", "one", "value", "none"]),
            (Self.spellings(of: RouteDeclaration.UnknownQuery.self), ["ignore", "reject"]),
            (Self.spellings(of: RouteDeclaration.RequestDirectives.self), ["honor", "ignore"]),
            (Self.spellings(of: RouteDeclaration.ReadPreference.self), ["primary", "replica"]),
            (Self.spellings(of: CachePolicy.Coalescing.self), ["process", "fleet", "off"]),
            (
                Self.spellings(of: WritePolicy.Isolation.self),
                ["read-committed", "repeatable-read", "serializable"]
            ),
        ]
        for (spellings, names) in expected { #expect(spellings == names) }
    }

    @Test("has its constants as values, each under its own name")
    func constants() {
        let isolations: [WritePolicy.Isolation] = [.readCommitted, .repeatableRead, .serializable]
        #expect(WritePolicy.Isolation.allCases == isolations)
        #expect(isolations.map(\.swiftName) == ["readCommitted", "repeatableRead", "serializable"])
        #expect(RouteDeclaration.Returns.allCases == [.many, .one, .value, RouteDeclaration.Returns.none])
        #expect(RouteDeclaration.UnknownQuery.allCases == [.ignore, .reject])
        #expect(RouteDeclaration.RequestDirectives.allCases == [.honor, .ignore])
        #expect(RouteDeclaration.ReadPreference.allCases == [.primary, .replica])
        #expect(CachePolicy.Coalescing.allCases == [.process, .fleet, .off])
        #expect(RouteInput.Group.allCases == [.path, .query, .header, .context, .body])
        #expect(RouteSignature.Method.allCases == [.get, .post, .put, .patch, .delete])
        let scalars: [InputType.Scalar] = [
            .int, .int32, .double, .decimal, .bool, .string, .uuid, .date, .timestamp, .json,
        ]
        #expect(InputType.Scalar.allCases == scalars)
    }

    @Test("may carry a value")
    func values() {
        let near: [CachePolicy.Near] = [.off, .life, .atMost(.seconds(1)), .atMost(.seconds(2))]
        #expect(Set(near).count == near.count)
        #expect(near[2] == .atMost(.seconds(1)))
        let parameters: [ParameterBinding] = [.value(1), .presence(1), 2]
        #expect(Set(parameters).count == parameters.count)
        #expect(parameters.map(\.index) == [1, 1, 2])
        #expect(parameters.map(\.isPresence) == [false, true, false])
    }
}
