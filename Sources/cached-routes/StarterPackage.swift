import RouteManifest

/// The files of a package that `init` writes: notes in a table, read and written by three routes.
struct StarterPackage {
    /// A file.
    struct File {
        /// The path in the package's folder.
        var path: String
        /// The text.
        var text: String
    }

    /// The name of the package, of its target, and so of a module.
    var name: String
    /// The path of CachedRoutes as the package names it.
    var dependency: String
    /// The JSON Schema of manifests.
    var schema: String

    /// The files.
    var files: [File] {
        [
            File(path: "Package.swift", text: package),
            File(path: "Sources/\(name)/routes.yaml", text: manifest),
            File(path: "Sources/\(name)/main.swift", text: Self.program),
            File(path: "Sources/\(name)/.routes.schema.json", text: schema),
            File(path: "Tests/\(name)Tests/RouteTests.swift", text: test),
            File(path: "database/schema.sql", text: Self.table),
            File(path: ".gitignore", text: ".build/\n"),
        ]
    }

    /// Indicates that a text can be the name of the package's module.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20) else {
            return false
        }
        return !modules.contains(text) && !SwiftIdentifierRules.keywords.contains(text)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Names of modules that the package imports.
    private static let modules: Set<String> = [
        "CachedRoutes", "CachedRoutesCore", "CachedRoutesServer", "CachedRoutesTesting", "RouteModel", "Swift",
        "Testing",
    ]

    private var package: String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(
            name: "\(name)",
            platforms: [.macOS(.v15)],
            dependencies: [.package(name: "CachedRoutes", path: "\(escaped(dependency))")],
            targets: [
                .executableTarget(
                    name: "\(name)",
                    dependencies: [.product(name: "CachedRoutesServer", package: "CachedRoutes")],
                    plugins: [.plugin(name: "CachedRoutesPlugin", package: "CachedRoutes")]
                ),
                .testTarget(
                    name: "\(name)Tests",
                    dependencies: ["\(name)", .product(name: "CachedRoutesTesting", package: "CachedRoutes")]
                ),
            ]
        )

        """
    }

    private func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    /// A namespace with blanks behind it, so that the comment stands below others.
    private func padded(_ namespace: String) -> String {
        namespace + String(repeating: " ", count: max(22 - namespace.count, 0))
    }

    private var manifest: String {
        """
        # yaml-language-server: $schema=.routes.schema.json
        version: 1
        namespace: \(padded(name.lowercased().replacing("_", with: "-"))) # the first part of every key in Redis
        routes:
          listNotes:
            get: /notes
            query:
              limit: { type: int, default: 20, min: 1, max: 100 }
            sql: SELECT id, text FROM notes ORDER BY id DESC LIMIT :limit
            public: true                  # anyone may have the response
            cache:
              ttl: 60s
              stale-if-error: 10m         # while Postgres is unavailable, the last response will do
              tags: [ notes ]             # purged by name; clients ask each time (no-cache)
          getNote:
            get: /notes/{id}
            path: { id: int }
            sql: SELECT id, text FROM notes WHERE id = :id
            returns: one                  # no row: 404
            cache: 5m                     # short for { ttl: 5m }
          addNote:
            post: /notes
            body: { text: { type: string, min-length: 1, max-length: 200 } }
            sql: INSERT INTO notes (text) VALUES (:text) RETURNING id, text
            returns: one
            status: 201
            invalidates: [ notes ]        # after COMMIT, before the response

        """
    }

    private static let program = """
        import CachedRoutesServer

        do {
            let service = try CachedRoutesService(environment: .process)
            try await CachedRoutesServer(Routes(), on: service).run()
        } catch {
            CachedRoutesService.exit(withError: error) // a line a problem; status 78 for a configuration that can't be used
        }

        """

    private static let table = """
        CREATE TABLE notes (
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            text text NOT NULL
        );

        """

    private var test: String {
        """
        import CachedRoutesTesting
        import Testing

        @testable import \(name)

        @Test("A note is read from the database once within its ttl")
        func oneNote() async throws {
            let (database, clock) = (CannedDatabase(), ManualClock())
            let service = CachedRoutesService.testing(Routes(), database: database, clock: clock)
            database.answer(Routes.GetNote.self) { input in input.id == 7 ? ["id": 7, "text": "Milk"] : nil }

            _ = try await service.response(to: Routes.getNote(id: 7))
            let hit = try await service.response(to: Routes.getNote(id: 7))
            #expect(hit.status == .ok && hit.isHit)
            #expect(database.queryCount(of: Routes.GetNote.self) == 1)

            clock.advance(by: .seconds(301))
            #expect(try await !service.response(to: Routes.getNote(id: 7)).isHit)
        }

        @Test("A new note is in the list at once")
        func newNote() async throws {
            let database = CannedDatabase()
            let service = CachedRoutesService.testing(Routes(), database: database)
            database.answer(Routes.ListNotes.self) { _ in [] }
            database.answer(Routes.AddNote.self) { _ in ["id": 1, "text": "Milk"] }

            _ = try await service.response(to: Routes.listNotes())
            #expect(try await service.response(to: Routes.listNotes()).isHit)
            #expect(try await service.response(to: Routes.addNote(text: "Milk")).status == .created)
            #expect(try await !service.response(to: Routes.listNotes()).isHit)
        }

        """
    }
}
