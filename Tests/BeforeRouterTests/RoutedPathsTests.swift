import RouteModel
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesHummingbird

private func planned(_ name: String) -> CompiledRoute {
    let signature = RouteSignature(namespace: "n", fingerprint: "f", method: .get, path: "/", inputs: [])
    return CompiledRoute(
        RouteDefinition(
            RouteDeclaration(name, signature, .read(CachePolicy(beforeRouter: .hits)), returns: .many, isPublic: true),
            .sql("SELECT 1")
        )
    )
}

extension RoutedPaths {
    fileprivate func name(_ path: String, isHead: Bool = false) -> String? {
        Array(path.utf8).withUnsafeBytes { route(of: $0, isHead: isHead)?.route.name }
    }

    fileprivate func add(_ path: String, isHead: Bool = false, _ route: CompiledRoute) {
        add(Array(path.utf8), isHead: isHead, route: route)
    }
}

@Suite("Paths that a router has given to routes")
struct RoutedPathsTests {
    @Test("A path is known byte for byte, for its method")
    func exact() {
        let paths = RoutedPaths()
        paths.add("/users/me", planned("a"))
        paths.add("/users/me", isHead: true, planned("b"))
        #expect(paths.name("/users/me") == "a")
        #expect(paths.name("/users/me", isHead: true) == "b")
        for path in ["/users/%6De", "/users/ME", "/users/me/", "//users/me", "/users/m", "/users", ""] {
            #expect(paths.name(path) == nil)
        }
        paths.add("/users/me", planned("c"))
        #expect(paths.name("/users/me") == "c")
    }

    @Test("Long paths are not known")
    func long() {
        let paths = RoutedPaths()
        for (count, isKnown) in [(RoutedPaths.longestPath, true), (RoutedPaths.longestPath + 1, false)] {
            let path = "/" + String(repeating: "a", count: count - 1)
            paths.add(path, planned("a"))
            #expect((paths.name(path) != nil) == isKnown)
        }
    }

    @Test("The paths known are bounded, and those that are asked for stay")
    func bounded() {
        let paths = RoutedPaths(limit: 1024)
        let route = planned("a")
        paths.add("/popular", route)
        for number in 0..<20_000 {
            paths.add("/p/\(number)", route)
            #expect(paths.name("/popular") == "a")
        }
        #expect(paths.count <= 1024)
        #expect(paths.name("/p/19999") == "a")
        #expect(paths.name("/p/0") == nil)
    }
}
