import CachedRoutesHummingbird
import CachedRoutesTesting
import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Library

@Suite struct RowTests {
    private let key: TokenKey
    private let member = UUID()

    init() throws { key = try TokenKey("a secret of the tests, which is long enough") }

    /// Runs the app with a database that gives the same JSON for each statement.
    private func withApp(
        _ json: String,
        _ test: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let service = CachedRoutesService.testing(database: CannedDatabase(json: json))
        let router = try libraryRouter(service: service, key: key, librarian: nil)
        let app = Application(router: router, services: [service], logger: service.logger)
        try await app.test(.router, test)
    }

    @Test("The books of a response are rows, whose columns have the types of the lock")
    func books() async throws {
        let json = """
            [{"id":1,"title":"The Sea of Numbers","shelf":"science","price":24.90,"keywords":["numbers",null],\
            "details":{"weight":0.480},"added_at":"2024-01-01T00:00:00+00:00","author":null,"born":null}]
            """
        try await withApp(json) { client in
            let response = try await client.execute(uri: "/api/books?shelf=science", method: .get)
            let books = try RowDecoder().decode(Routes.ListBooksResponse.self, from: response.body.readableBytesView)
            let book = try #require(books.first)
            #expect(book.id == 1 && book.shelf == .science && book.author == nil)
            // The number that was sent, and not the binary one next to it.
            #expect(book.price == "24.9" && book.price.description == "24.90")
            #expect(book.details?["weight"] == .number("0.48"))
            #expect(book.keywords == ["numbers", nil])
            #expect(book.added_at.date == Date(timeIntervalSince1970: 1_704_067_200))
            #expect(try String(decoding: RowEncoder().encode(books), as: UTF8.self) == json)
        }
    }

    @Test("What a handler recommends are rows too")
    func recommendations() async throws {
        try await withApp("[]") { client in
            for (query, ids) in [
                ("", [1, 3]), ("?shelf=science", [1]), ("?budget=9.99", [3]), ("?budget=9.98", []),
                ("?shelf=history", []),
            ] {
                let response = try await client.execute(uri: "/api/recommendations\(query)", method: .get)
                let body = response.body.readableBytesView
                #expect(try RowDecoder().decode(Routes.ListBooksResponse.self, from: body).map(\.id) == ids, "\(query)")
            }
        }
    }

    @Test("A member sees loans with a token, and nobody with another one")
    func tokens() async throws {
        let json = """
            [{"id":7,"book_id":1,"title":"x","borrowed_at":"2024-01-01T00:00:00+00:00","due_on":"2024-01-29"}]
            """
        let good = key.token(of: member, until: Date(timeIntervalSinceNow: 60))
        let late = key.token(of: member, until: Date(timeIntervalSinceNow: -1))
        let other = try TokenKey("another secret, which is long enough too").token(
            of: member,
            until: Date(timeIntervalSinceNow: 60)
        )
        let stolen = UUID().uuidString.lowercased() + good.dropFirst(36)
        try await withApp(json) { client in
            for (field, status) in [
                ("Bearer \(good)", HTTPResponse.Status.ok), (nil, .unauthorized), ("Bearer \(late)", .unauthorized),
                ("Bearer \(other)", .unauthorized), ("Bearer \(stolen)", .unauthorized),
                ("Basic \(good)", .unauthorized),
                ("Bearer \(good)0", .unauthorized), ("Bearer", .unauthorized),
            ] {
                let headers: HTTPFields = field.map { [.authorization: $0] } ?? [:]
                let response = try await client.execute(uri: "/api/me/loans", method: .get, headers: headers)
                #expect(response.status == status, "\(field ?? "no field")")
                if status == .ok {
                    let loans: Routes.MyLoansResponse = try RowDecoder().decode(from: response.body.readableBytesView)
                    #expect(loans.map(\.id) == [7] && loans[0].due_on == "2024-01-29")
                }
            }
            let admin = try await client.execute(
                uri: "/admin/overdue",
                method: .get,
                headers: [.authorization: "Bearer \(good)"]
            )
            #expect(admin.status == .forbidden)
        }
    }
}
