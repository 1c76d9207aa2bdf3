import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesHummingbird

private func planned(_ name: String) -> PlannedRoute {
    let signature = RouteSignature(namespace: "n", fingerprint: "f", method: .get, path: "/", inputs: [])
    return PlannedRoute(
        Route(name, signature, cache: CachePolicy(beforeRouter: true), isPublic: true, returns: .many, sql: "SELECT 1")
    )
}

@Suite("Where routers have put routes")
struct MountTests {
    private func places(_ paths: String...) -> [RoutePlace] {
        let mounts = RouteMounts()
        for path in paths {
            if let template = MountNote.template(path) { mounts.add(planned(path), at: template) }
        }
        var places: [RoutePlace] = []
        mounts.update(&places)
        return places
    }

    private func match(_ path: String, _ places: [RoutePlace]) -> String? {
        Array(path.utf8).withUnsafeBytes { bytes in places.first { $0.matches(bytes) }?.route.route.name }
    }

    @Test("A path leads to the place with its segments, empty ones left out")
    func matching() {
        let places = places("/users", "/users/{id}", "/users/{id}/orders", "/")
        for path in ["/users", "/users/", "//users//"] { #expect(match(path, places) == "/users") }
        for path in ["/users/1", "/users/me/", "//users//x%2Fy"] { #expect(match(path, places) == "/users/{id}") }
        #expect(match("/users/1/orders", places) == "/users/{id}/orders")
        #expect(match("/", places) == "/")
        #expect(match("", places) == "/")
        for path in ["/user", "/userss", "/Users", "/users/1/order", "/users/1/orders/2", "/x/users"] {
            #expect(match(path, places) == nil)
        }
    }

    @Test("What is given comes before what is not, as in a router")
    func precedence() {
        for order in [["/a/{x}/c", "/a/b/{y}", "/{z}/b/c"], ["/{z}/b/c", "/a/b/{y}", "/a/{x}/c"]] {
            let places = places(order[0], order[1], order[2])
            #expect(match("/a/b/c", places) == "/a/b/{y}")
            #expect(match("/a/d/c", places) == "/a/{x}/c")
            #expect(match("/d/b/c", places) == "/{z}/b/c")
        }
        #expect(match("/users/me", places("/users/{id}", "/users/me")) == "/users/me")
    }

    @Test("A router's own forms of segments are understood, or left to the router")
    func forms() {
        #expect(MountNote.template("/v1/:id/{name}/x") == "/v1/{id}/{name}/x")
        for path in ["/a/*", "/a/**", "/a/{x}.jpg", "/a/x{y}", "/a/*.jpg", "/a/{x}{y}"] {
            #expect(MountNote.template(path) == nil)
        }
        #expect(MountNote.template("") == "/")
    }

    @Test("A place is known once, to those that ask")
    func once() {
        let mounts = RouteMounts()
        let route = planned("a")
        var places: [RoutePlace] = []
        mounts.update(&places)
        #expect(places.isEmpty)
        for _ in 0..<2 { mounts.add(route, at: "/a") }
        mounts.update(&places)
        #expect(places.count == 1)
        mounts.add(route, at: "/b/a")
        mounts.update(&places)
        #expect(places.count == 2)
    }
}
