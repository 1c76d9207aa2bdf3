import CachedRoutesTesting
import Foundation
import Testing

@testable import Library

/// Routes that answer each member with something else, without servers and without tokens: the test says who asks.
@Suite struct MemberTests {
    private static let ada = UUID()
    private static let grace = UUID()

    private let database = CannedDatabase()
    private let service: CachedRoutesService

    init() throws {
        service = CachedRoutesService.testing(
            Routes(handlers: try Recommendations()),
            AdminRoutes(),
            database: database
        )
    }

    @Test("Two members never share a response")
    func members() async throws {
        database.answer(Routes.MyLoans.self) { input in
            guard input.memberID == Self.ada else { return [] }
            return [
                Routes.MyLoans.Row(
                    id: 1,
                    book_id: 3,
                    title: "The Sea of Numbers",
                    borrowed_at: "2024-01-01T00:00:00+00:00",
                    due_on: "2024-01-29"
                )
            ]
        }
        for isHit in [false, true] {
            let hers = try await service.response(to: Routes.myLoans(memberID: Self.ada))
            let others = try await service.response(to: Routes.myLoans(memberID: Self.grace))
            #expect(try hers.decoded().map(\.title) == ["The Sea of Numbers"])
            #expect(try others.decoded().isEmpty)
            #expect(hers.isHit == isHit && others.isHit == isHit)
            #expect(hers.headerFields[.cacheControl]?.contains("private") == true)
        }
        #expect(database.queryCount(of: Routes.MyLoans.self) == 2)
    }

    @Test("A loan is renewed only if it is the one that the member has seen")
    func renewal() async throws {
        let loan = Routes.GetLoan.Row(id: 7, book_id: 3, due_on: "2024-01-29", renewals: 0)
        database.answer(Routes.GetLoan.self) { input in input.memberID == Self.ada ? loan : nil }
        database.answer(Routes.Renew.self) { input in
            Routes.Renew.Row(id: input.id, book_id: 3, due_on: "2024-02-05", renewals: 1)
        }
        let seen = try await service.response(to: Routes.getLoan(id: 7, memberID: Self.ada))
        let tag = try #require(seen.headerFields[.eTag])
        let renewal = Routes.renew(id: 7, memberID: Self.ada, weeks: 1)

        let refused = try await service.response(to: renewal, headerFields: [.ifMatch: #""another""#])
        #expect(refused.status == .preconditionFailed)
        #expect(database.queryCount(of: Routes.Renew.self) == 0)

        let renewed = try await service.response(to: renewal, headerFields: [.ifMatch: tag])
        #expect(try renewed.decoded().due_on == "2024-02-05")

        // The loan is another member's, so the condition is compared with no loan at all.
        let others = Routes.renew(id: 7, memberID: Self.grace, weeks: 1)
        #expect(try await service.response(to: others, headerFields: [.ifMatch: tag]).status == .preconditionFailed)
        #expect(database.queryCount(of: Routes.Renew.self) == 1)
    }

    @Test("A column of an enum is an enum, and so are its labels in inputs and in JSON")
    func shelf() async throws {
        database.answer(Routes.SearchBooks.self) { _ in
            Routes.Shelf.allCases.enumerated().map { index, shelf in
                Routes.SearchBooks.Row(id: index, title: "On the shelf", shelf: shelf, price: "9.90")
            }
        }
        let found = try await service.response(to: Routes.searchBooks(q: "shelf"))
        #expect(try found.decoded().map(\.shelf) == [.fiction, .science, .history, .children])
        // The price has the digits that the database sends, and what may be NULL is there as null.
        let first = #"[{"id":0,"title":"On the shelf","shelf":"fiction","price":9.90,"in_title":null},"#
        #expect(found.text.hasPrefix(first))

        let unknown = try await service.response(to: Routes.listBooks(shelf: "poetry"))
        #expect(unknown.status == .badRequest && database.queryCount(of: Routes.ListBooks.self) == 0)
    }

    @Test("A sum of nothing is null, and a loan of nobody is not found")
    func nothing() async throws {
        // The only row has NULL, which is apart from no row.
        database.answer(AdminRoutes.Overdue.self) { _ in .some(nil) }
        let sum = try await service.response(to: AdminRoutes.overdue())
        #expect(try sum.decoded() == nil && sum.text == "null")

        database.answer(Routes.GetLoan.self) { _ in nil }
        #expect(try await service.response(to: Routes.getLoan(id: 1, memberID: Self.ada)).status == .notFound)
    }
}
