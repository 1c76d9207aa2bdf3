// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        // The name stands here because a clone's folder may be called anything.
        .package(name: "CachedRoutes", path: "../.."),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
    ],
    targets: [
        // This project's server, as a user would write it.
        .executableTarget(
            name: "benchmark-server",
            dependencies: [
                .product(name: "CachedRoutes", package: "CachedRoutes"),
                .product(name: "CachedRoutesHummingbird", package: "CachedRoutes"),
                .product(name: "CachedRoutesServer", package: "CachedRoutes"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            path: "Sources/Server",
            swiftSettings: settings,
            plugins: [.plugin(name: "CachedRoutesPlugin", package: "CachedRoutes")]
        ),
        // Hummingbird with constant bodies: what its HTTP stack can do.
        .executableTarget(
            name: "benchmark-constant",
            dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            path: "Sources/Constant",
            swiftSettings: settings
        ),
    ]
)
