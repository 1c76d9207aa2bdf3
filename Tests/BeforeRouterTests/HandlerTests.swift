import CachedRoutes
import CachedRoutesTesting
import HTTPConnections
import HummingbirdCore
import NIOCore
import NIOEmbedded
import Testing

@testable import CachedRoutesHummingbird
@testable import HTTPFrontend

@Suite("The handler before the router")
struct HandlerTests {
    @Test("What has been passed on leaves no memory behind, wherever reads end")
    func memory() throws {
        let service = CachedRoutesService.testing(database: CannedDatabase(json: "[1]"))
        let handler = EarlyResponseHandler(
            EarlyResponseHandler.Shared(service, paths: RoutedPaths(), configuration: .init(), beforeRouter: .init()),
            on: ConnectionHandler(service.connections, limits: service.connectionLimits)
        )
        let channel = EmbeddedChannel(handler: handler)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let request = "GET /x HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 1000))\r\n\r\n"
        try channel.writeInbound(ByteBuffer(string: "G"))
        var passed = 0
        for _ in 0..<1000 {
            try channel.writeInbound(ByteBuffer(string: String(request.dropFirst()) + "G"))
            while let bytes = try channel.readInbound(as: ByteBuffer.self) { passed += bytes.readableBytes }
            handler.forwardedIsAnswered()
            channel.embeddedEventLoop.run()
        }
        #expect(passed == 1000 * request.utf8.count)
        #expect(handler.inputCapacity < 64 * 1024)
        _ = try channel.finish()
    }
}
