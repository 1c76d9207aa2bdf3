import RouteManifest
import Testing

@Suite struct GeneratedTypeNameTests {
    @Test(
        "A manifest's file names its type",
        arguments: [
            ("routes.yaml", "Routes"), ("admin.routes.yaml", "AdminRoutes"), ("routes.yml", "Routes"),
            ("order-items.routes.yaml", "OrderItemsRoutes"), ("order_items.v2.routes.yaml", "OrderItemsV2Routes"),
            ("myAPI.routes.yaml", "MyAPIRoutes"),
        ]
    )
    func names(file: String, expected: String) throws {
        #expect(try GeneratedTypeName.from(fileName: file) == expected)
    }

    @Test(
        "A file that names no type says so",
        arguments: [
            ("users.yaml", "a manifest is called 'routes.yaml' or '<name>.routes.yaml'; rename this file"),
            ("adminroutes.yaml", "a manifest is called 'routes.yaml' or '<name>.routes.yaml'; rename this file"),
            (
                "2.routes.yaml",
                "'2' cannot be made into the name of a Swift type; begin the file's name with a letter and use letters, digits, '-', '.' and '_', such as books.routes.yaml"
            ),
            (
                "é.routes.yaml",
                "'é' cannot be made into the name of a Swift type; begin the file's name with a letter and use letters, digits, '-', '.' and '_', such as books.routes.yaml"
            ),
            (
                "a+b.routes.yaml",
                "'a+b' cannot be made into the name of a Swift type; begin the file's name with a letter and use letters, digits, '-', '.' and '_', such as books.routes.yaml"
            ),
            (
                "..routes.yaml",
                "'.' cannot be made into the name of a Swift type; begin the file's name with a letter and use letters, digits, '-', '.' and '_', such as books.routes.yaml"
            ),
        ]
    )
    func refused(file: String, message: String) {
        let error = #expect(throws: GeneratedTypeNameError.self) { try GeneratedTypeName.from(fileName: file) }
        #expect(error?.description == "\(file):1:1: error: \(message)")
    }

    @Test("The library's own name is refused")
    func libraryName() {
        let error = #expect(throws: GeneratedTypeNameError.self) {
            try GeneratedTypeName.from(fileName: "cached.routes.yaml")
        }
        #expect(error?.description.contains("is the library's own name") == true)
    }
}
