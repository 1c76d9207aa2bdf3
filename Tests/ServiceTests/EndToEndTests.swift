import CachedRoutes
import CachedRoutesHummingbird
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import TestApp
import TestServers
import Testing

@Suite("The whole way over real sockets", .serialized)
struct EndToEndTests {
    private let postgres: PostgresServer

    private func get(_ target: String, _ port: Int) async throws -> HTTPClient.Response {
        try await HTTPClient.request(.GET, target, port: port)
    }

    init() throws { postgres = try PostgresServer.shared.get() }

    @Test("a miss is stored in the background and the next request is a hit with the same bytes, tag and date")
    func missAndHit() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withApp(redis: redis.url, postgres: postgres.url) { port in
            let miss = try await HTTPClient.request(.GET, "/api/v1/users", port: port)
            #expect(miss.status == 200)
            #expect(miss.cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
            #expect(miss["Age"] == nil)
            var hit = miss
            try await poll("a hit") {
                hit = try await HTTPClient.request(.GET, "/api/v1/users/?skip=0&limit=20&utm_source=x", port: port)
                return hit.cacheStatus?.hasPrefix("CachedRoutes; hit; ttl=") == true
            }
            #expect(hit.text == miss.text)
            for name in ["ETag", "Date", "Content-Type", "Content-Length", "Cache-Control"] {
                #expect(hit[name] != nil)
                #expect(hit[name] == miss[name])
            }
            #expect(hit["Age"] != nil)
            #expect(hit["Cached-Routes-Date"] == nil)
            let tag = try #require(miss["ETag"])
            let same = try await HTTPClient.request(.GET, "/api/v1/users", port: port, fields: [("If-None-Match", tag)])
            #expect(same.status == 304)
            #expect(same.body.readableBytes == 0)
            let head = try await HTTPClient.request(.HEAD, "/api/v1/users", port: port)
            #expect(head.status == 200)
            #expect(head["Content-Length"] == miss["Content-Length"])

            let key = "test:0badcafe:get:/api/v1/users:limit=20&skip=0"
            #expect(
                Set(try redis.cli("KEYS", "*").split(separator: "\n")) == [
                    key[...], "test;route;listUsers",
                ]
            )
            let life = try #require(Int(try redis.cli("PTTL", key)))
            // Ten seconds more than the ttl, so that whoever makes it anew knows since when the bytes are the same.
            #expect((60_000...70_000).contains(life))
            let lines = try redis.cli("GET", key).split(separator: "\n", maxSplits: 1)
            #expect(lines[0].contains(/^CR2 sum=[0-9a-f]{16} status=200 stored-at=/))
            #expect(lines[1] == miss.text)
        }
    }

    @Test("a wrong method is 405 with Allow, and the app's own routes on the path stay its own")
    func methods() async throws {
        try await withApp(redis: nil, postgres: postgres.url) { port in
            let delete = try await HTTPClient.request(.DELETE, "/api/v1/users/", port: port)
            #expect(delete.status == 405)
            #expect(delete["Allow"] == "GET, HEAD, PUT")
            #expect(delete["Content-Type"] == "application/problem+json")
            #expect(try await HTTPClient.request(.PUT, "/api/v1/users", port: port).text == "mine")
            #expect(try await HTTPClient.request(.POST, "/api/v1/users", port: port).text == "also mine")
            #expect(try await HTTPClient.request(.POST, "/api/v1/users/1", port: port)["Allow"] == "GET, HEAD")
            #expect(try await HTTPClient.request(.POST, "/api/v1/nothing", port: port).status == 404)
        }
    }

    @Test("inputs of every group reach the statement as the key prints them")
    func inputs() async throws {
        try await withApp(redis: nil, postgres: postgres.url) { try await checkInputs($0) }
    }

    private func checkInputs(_ port: Int) async throws {
        #expect(try await get("/api/v1/users/007", port).text == #"{"id":7,"name":"user7"}"#)
        #expect(try await get("/api/v1/users/7", port).cacheStatus?.contains("hit") == true)
        #expect(try await get("/api/v1/users/20001", port).status == 404)
        #expect(try await get("/api/v1/users/2147483648", port).status == 400)
        let search =
            "/api/v1/search?ids=3&ids=1&ids=3&name=%C3%A9%22%5C%2C%7B+x&since=2024-02-03T06%3A05%3A06.70%2B02%3A00"
        #expect(
            try await get(search, port).text
                == #"{"ids": [3, 1, 3], "name": "é\"\\,{ x", "since": "2024-02-03T04:05:06.7+00:00"}"#
        )
        #expect(
            try await get("/api/v1/search?ids=1", port).text
                == #"{"ids": [1], "name": null, "since": "2024-01-01T00:00:00+00:00"}"#
        )
        #expect(try await get("/api/v1/search", port).status == 400)
        #expect(try await get("/api/v1/search?ids=1&name=%FF", port).status == 400)
        #expect(try await get("/api/v1/search?ids=1&name=%00", port).status == 400)
    }

    @Test("a context input comes from the app, and a request without one is 401")
    func context() async throws {
        let logger = Logger(label: "service-tests") { _ in SwiftLogNoOpLogHandler() }
        let service = try CachedRoutesService(environment: ["DATABASE_URL": postgres.url], logger: logger)
        let router = Router()
        router.addRoutes(MyTable(), on: service) { request, _ in
            MyTable.Context(userID: request.headers[.authorization].flatMap(UUID.init(uuidString:)))
        }
        try await withServer(router, service) { port in
            let anna = UUID()
            let bert = UUID()
            for user in [anna, bert, anna] {
                let response = try await HTTPClient.request(
                    .GET,
                    "/me",
                    port: port,
                    fields: [("Authorization", user.uuidString)]
                )
                #expect(response.text == "\"\(user.uuidString.lowercased())\"")
                #expect(response["Cache-Control"] == "private, no-cache")
            }
            let nobody = try await HTTPClient.request(.GET, "/me", port: port)
            #expect(nobody.status == 401)
            #expect(nobody["WWW-Authenticate"] != nil)
        }
    }

    @Test("a shutdown lets the answers that were made reach the store")
    func shutdown() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withApp(redis: redis.url, postgres: postgres.url) { port in
            for skip in 0..<20 {
                _ = try await HTTPClient.request(.GET, "/api/v1/users?limit=20000&skip=\(skip)", port: port)
            }
        }
        let keys = try redis.cli("KEYS", "*").split(separator: "\n")
        let plain = keys.filter { !$0.contains(";") }
        #expect(plain.count == 20)
        let ttls = try plain.map { key in
            let words = try redis.cli("GETRANGE", String(key), "0", "200").split(separator: " ")
            return try #require(words.first { $0.hasPrefix("ttl=") }.flatMap { Int($0.dropFirst(4)) })
        }
        #expect(ttls.allSatisfy { (54_000...60_000).contains($0) })
        #expect(Set(ttls).count > 1, "jitter")
    }

    @Test("health and readiness say what is away")
    func health() async throws {
        let redis = try RedisServer()
        defer { redis.stop() }
        try await withApp(redis: redis.url, postgres: postgres.url) { port in
            #expect(try await HTTPClient.request(.GET, "/health", port: port).text == #"{"status":"ok"}"#)
            try await poll("ready") {
                try await HTTPClient.request(.GET, "/ready", port: port).text == #"{"status":"ok"}"#
            }
            redis.kill()
            try await poll("degraded") {
                let ready = try await HTTPClient.request(.GET, "/ready", port: port)
                return ready.status == 200 && ready.text == #"{"status":"degraded","redis":"unavailable"}"#
            }
        }
    }
}
