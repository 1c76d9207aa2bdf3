import CPostgres
import TestServers
import Testing

@testable import PostgresClient

@Suite struct ConnectorTests {
    /// The options of a connection so opened.
    private func options(_ url: String) throws -> [String: String] {
        let handle = try Connector(PostgresConfiguration(url: url)).connect().get()
        defer { PQfinish(handle.pointer) }
        let list = try #require(PQconninfo(handle.pointer))
        defer { PQconninfoFree(list) }
        var options: [String: String] = [:]
        var option = list
        while let keyword = option.pointee.keyword {
            options[String(cString: keyword)] = option.pointee.val.map { String(cString: $0) }
            option += 1
        }
        return options
    }

    @Test func deadPeersAreNoticedUnlessTheConnectionStringSaysOtherwise() throws {
        let url = try PostgresServer.shared.get().url
        let usual = try options(url)
        #expect(usual["keepalives_idle"] == "30" && usual["tcp_user_timeout"] == "30000")
        let own = try options(url + "?keepalives_idle=7&tcp_user_timeout=0")
        #expect(own["keepalives_idle"] == "7" && own["tcp_user_timeout"] == "0")
    }
}
