import Testing

@testable import RedisClient

@Suite struct RedisErrorTests {
    @Test(
        arguments: [
            ("redis://a:x", .invalidURL), ("rediss+unix:///s", .unsupported), ("redis+sentinel://a", .invalidURL),
            ("redis+cluster://a/1", .invalidValue), ("http://a", .invalidURL), ("redis+unix:///s?dbb=1", .invalidURL),
        ] as [(String, RedisConfigurationError.Code)]
    )
    func `A refused URL has a code`(url: String, code: RedisConfigurationError.Code) {
        let error = #expect(throws: RedisConfigurationError.self) { try RedisConfiguration(url: url) }
        #expect(error?.code == code)
        #expect(error.map { $0.description == "\(code): \($0.message)" } == true)
    }

    @Test func `A refused value has a code`() {
        var configuration = RedisConfiguration(endpoint: .tcp(host: "a", port: 1))
        configuration.commandTimeout = .zero
        let error = #expect(throws: RedisConfigurationError.self) { try configuration.validate() }
        #expect(error?.code == .invalidValue)
        #expect(error?.description == "invalidValue: commandTimeout must be at least 1 ms")
    }

    @Test(
        arguments: [
            ("OOM command not allowed", "OOM"), ("ERR", "ERR"), ("", ""), ("-X  y", "-X"),
        ] as [(String, RedisServerError.Code)]
    )
    func `The code of a reply is its first word`(message: String, code: RedisServerError.Code) {
        let error = RedisServerError(message: message)
        #expect(error.code == code)
        #expect(error.description == message)
        #expect(message.hasPrefix(error.code.description))
    }

    @Test func `A failed command has a code, a message and a cause`() {
        let error = RedisError(.unavailable, "no connection", underlying: RedisServerError(message: "LOADING"))
        #expect(error.description == "unavailable: no connection")
        #expect(error.underlying as? RedisServerError == RedisServerError(message: "LOADING"))
    }
}
