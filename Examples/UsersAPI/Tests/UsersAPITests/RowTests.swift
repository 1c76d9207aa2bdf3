import CachedRoutes
import Testing

@testable import UsersAPI

@Suite struct RowTests {
    @Test("A response decodes into rows, and they encode to the same JSON")
    func users() throws {
        let json = """
            [{"id":7,"email":"user7@example.com","full_name":"First7 Last7","is_active":false,\
            "created_at":"2024-01-01T00:07:07+00:00","bio":"Bio"}]
            """
        let users = try RowDecoder().decode(Routes.ListUsersResponse.self, from: json.utf8)
        #expect(users.first?.id == 7 && users.first?.is_active == false)
        #expect(try String(decoding: RowEncoder().encode(users), as: UTF8.self) == json)
    }

    @Test("The handler's last user is a row")
    func usage() async throws {
        let usage = try await UsageHandlers().usage(Routes.UsageInput(days: 2))
        #expect(usage.signups == [1416, 1416])
        #expect(usage.last.id == 2832 && usage.last.full_name == "First838 Last814")
        #expect(usage.last.created_at == "2024-01-02T23:59:12+00:00")
    }
}
