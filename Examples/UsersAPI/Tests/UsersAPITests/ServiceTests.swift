import CachedRoutesTesting
import Testing

@testable import UsersAPI

/// The routes without Postgres, Redis or a server: the rows are the test's, and so is the time.
@Suite struct ServiceTests {
    private static let ada = Routes.GetUser.Row(
        id: 7,
        email: "ada@example.com",
        full_name: "Ada Lovelace",
        is_active: true,
        created_at: "2024-01-01T00:07:07+00:00",
        bio: "Counts"
    )

    private let database = CannedDatabase()
    private let clock = ManualClock()
    private let service: CachedRoutesService

    init() {
        service = CachedRoutesService.testing(Routes(handlers: UsageHandlers()), database: database, clock: clock)
        // There is one user. `nil` is no row.
        database.answer(Routes.GetUser.self) { input in input.id == 7 ? Self.ada : nil }
    }

    @Test("A user is read once, and again when the ttl is over")
    func hitAfterMiss() async throws {
        let miss = try await service.response(to: Routes.getUser(id: 7))
        #expect(miss.status == .ok && !miss.isHit)
        #expect(try miss.decoded() == Self.ada)

        let hit = try await service.response(to: Routes.getUser(id: 7))
        #expect(hit.isHit && hit.text == miss.text)
        #expect(database.queryCount(of: Routes.GetUser.self) == 1)

        clock.advance(by: .seconds(5 * 60 + 1))
        #expect(try await !service.response(to: Routes.getUser(id: 7)).isHit)
        #expect(database.queryCount(of: Routes.GetUser.self) == 2)
    }

    @Test("A client that has a response already gets a 304")
    func notModified() async throws {
        let first = try await service.response(to: Routes.getUser(id: 7))
        let tag = try #require(first.headerFields[.eTag])
        let second = try await service.response(to: Routes.getUser(id: 7), headerFields: [.ifNoneMatch: tag])
        #expect(second.status == .notModified && second.text.isEmpty)
    }

    @Test("A change purges the user and the lists, so that the next request reads them")
    func writeThenPurge() async throws {
        database.answer(Routes.ListUsers.self) { _ in [] }
        database.answer(Routes.UpdateUser.self) { input in
            Routes.UpdateUser.Row(
                id: input.id,
                email: Self.ada.email,
                full_name: input.full_name ?? Self.ada.full_name,
                is_active: Self.ada.is_active,
                created_at: Self.ada.created_at,
                bio: input.bio ?? Self.ada.bio
            )
        }
        _ = try await service.response(to: Routes.getUser(id: 7))
        _ = try await service.response(to: Routes.listUsers())
        #expect(try await service.response(to: Routes.getUser(id: 7)).isHit)
        #expect(try await service.response(to: Routes.listUsers()).isHit)

        let changed = try await service.response(to: Routes.updateUser(id: 7, full_name: "Ada King"))
        #expect(try changed.decoded().full_name == "Ada King")

        #expect(try await !service.response(to: Routes.getUser(id: 7)).isHit)
        #expect(try await !service.response(to: Routes.listUsers()).isHit)
    }

    @Test("That there is no such user is remembered for ten seconds")
    func notFound() async throws {
        #expect(try await service.response(to: Routes.getUser(id: 8)).status == .notFound)
        let hit = try await service.response(to: Routes.getUser(id: 8))
        #expect(hit.status == .notFound && hit.isHit)
        #expect(database.queryCount == 1)

        clock.advance(by: .seconds(11))
        #expect(try await !service.response(to: Routes.getUser(id: 8)).isHit)
        #expect(database.queryCount == 2)
    }

    @Test("An e-mail address that is taken is a 409 with the manifest's sentence")
    func conflict() async throws {
        database.answer(Routes.CreateUser.self) { _ throws(RouteDatabaseError) in
            throw RouteDatabaseError(.conflict, "duplicate key", constraint: "users_email_key")
        }
        let response = try await service.response(to: Routes.createUser(email: "ada@example.com", full_name: "Ada"))
        #expect(response.status == .conflict)
        #expect(response.text.contains("That e-mail address is taken."))
    }

    @Test("What an input may not be is refused before any query")
    func invalid() async throws {
        #expect(try await service.response(to: Routes.listUsers(limit: 0)).status == .badRequest)
        #expect(database.queryCount == 0)
    }

    @Test("The handler counts the sign-ups, once an hour")
    func handler() async throws {
        let usage = try await service.response(to: Routes.usage(days: 2))
        #expect(try usage.decoded(as: Usage.self).signups == [1416, 1416])
        #expect(try await service.response(to: Routes.usage(days: 2)).isHit)

        clock.advance(by: .seconds(3601))
        #expect(try await !service.response(to: Routes.usage(days: 2)).isHit)
    }

    @Test("Each route has its URLs")
    func urls() {
        #expect(Routes.GetUser.url(for: Routes.getUser(id: 7)) == "/api/v1/users/7")
        #expect(Routes.ListUsers.url(for: Routes.listUsers(limit: 5)) == "/api/v1/users?skip=0&limit=5")
    }
}
