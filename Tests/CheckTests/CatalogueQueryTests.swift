import RouteCheckPostgres
import RouteManifest
import Testing

@Suite struct CatalogueQueryTests {
    @Test("A query about the catalogue is one statement and has no inputs")
    func statements() {
        let scanner = SQLInputScanner(CatalogueQueries.constraints)
        #expect(scanner.faults.isEmpty)
        #expect(scanner.inputs.isEmpty)
    }
}
