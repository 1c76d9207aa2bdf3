// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Library",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "Library", targets: ["Library"])
    ],
    dependencies: [
        // The name stands here because a clone's folder may be called anything.
        .package(name: "CachedRoutes", path: "../.."),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.0.0"),
    ],
    targets: [
        .executableTarget(
            name: "Library",
            dependencies: [
                .product(name: "CachedRoutesHummingbird", package: "CachedRoutes"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: [.copy("Resources/picks.json")],
            plugins: [
                .plugin(name: "CachedRoutesPlugin", package: "CachedRoutes")
            ]
        ),
        .testTarget(
            name: "LibraryTests",
            dependencies: [
                "Library",
                .product(name: "CachedRoutesTesting", package: "CachedRoutes"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]
        ),
    ]
)
