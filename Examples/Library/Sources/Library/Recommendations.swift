import CachedRoutesHummingbird
import Foundation

/// The method behind the route that says `handler: swift`: books that the librarians have chosen, in the form of the rows of
/// `listBooks`.
struct Recommendations: Routes.Handlers {
    private let books: [Routes.ListBooksRow]

    /// Reads the books from the file beside the program.
    init() throws {
        guard let file = Bundle.module.url(forResource: "picks", withExtension: "json") else {
            throw CocoaError(.fileNoSuchFile)
        }
        books = try RowDecoder().decode(Routes.ListBooksResponse.self, from: Data(contentsOf: file))
    }

    func recommendations(_ input: Routes.RecommendationsInput) async throws -> [Routes.ListBooksRow] {
        books.filter { book in
            let isOnShelf = input.shelf.map { $0 == book.shelf.rawValue } ?? true
            // Both are exact: a price of 9.99 is within a budget of 9.99.
            let isWithinBudget = input.budget.flatMap(ExactDecimal.init).map { book.price <= $0 } ?? true
            return isOnShelf && isWithinBudget
        }
    }
}
