import RouteManifest
import SQLSyntax
import Testing

@Suite("Errors of files and names")
struct ErrorTests {
    @Test("A file that can't be read")
    func files() {
        #expect(SQLFileError.notFound.code == .notFound)
        #expect(SQLFileError.notFound.description == "notFound: the file does not exist")
        let unreadable = SQLFileError.unreadable("permission denied")
        #expect(unreadable.code == .unreadable)
        #expect(unreadable.message == "permission denied")
        #expect(unreadable.description == "unreadable: permission denied")
    }

    @Test(
        "A file's name without a type",
        arguments: [
            ("routes.json", .notAManifest), ("1.routes.yaml", .notAnIdentifier), ("cached.routes.yaml", .reserved),
        ] as [(String, GeneratedTypeNameError.Code)]
    )
    func typeNames(file: String, code: GeneratedTypeNameError.Code) {
        let error = #expect(throws: GeneratedTypeNameError.self) { try GeneratedTypeName.from(fileName: file) }
        #expect(error?.code == code)
        #expect(error.map { $0.description == "\(file):1:1: error: \($0.message)" } == true)
    }

    @Test(
        "A text that is not a qualified name",
        arguments: [
            ("a b", .malformed, "malformed: the text is not a qualified name"),
            ("a.", .malformed, "malformed: the text is not a qualified name"),
            ("\"a", .unterminated, "unterminated: a double quote is not closed"),
            ("\"\"", .empty, "empty: a name in double quotes is empty"),
        ] as [(String, SQLIdentifierError.Code, String)]
    )
    func identifiers(text: String, code: SQLIdentifierError.Code, description: String) {
        let error = #expect(throws: SQLIdentifierError.self) { try SQLIdentifierSyntax.parts(of: text) }
        #expect(error?.code == code)
        #expect(error?.description == description)
    }
}
