// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "UsersAPI",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "UsersAPI", targets: ["UsersAPI"])
    ],
    dependencies: [
        // The name stands here because a clone's folder may be called anything.
        .package(name: "CachedRoutes", path: "../..")
    ],
    targets: [
        .executableTarget(
            name: "UsersAPI",
            dependencies: [
                .product(name: "CachedRoutes", package: "CachedRoutes"),
                .product(name: "CachedRoutesServer", package: "CachedRoutes"),
            ],
            plugins: [
                .plugin(name: "CachedRoutesPlugin", package: "CachedRoutes")
            ]
        ),
        .testTarget(
            name: "UsersAPITests",
            dependencies: [
                "UsersAPI",
                .product(name: "CachedRoutes", package: "CachedRoutes"),
                .product(name: "CachedRoutesTesting", package: "CachedRoutes"),
            ]
        ),
    ]
)
