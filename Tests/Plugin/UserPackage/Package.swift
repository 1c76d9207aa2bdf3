// swift-tools-version: 6.2
import PackageDescription

let cachedRoutes: Target.Dependency = .product(name: "CachedRoutes", package: "CachedRoutes")
let plugin: Target.PluginUsage = .plugin(name: "CachedRoutesPlugin", package: "CachedRoutes")

let package = Package(
    name: "UserPackage",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "CachedRoutes", path: Context.environment["CACHED_ROUTES"] ?? "../../..")
    ],
    targets: [
        // As a package begins: without upcoming features.
        .executableTarget(
            name: "App",
            dependencies: [cachedRoutes],
            swiftSettings: [.treatAllWarnings(as: .error)],
            plugins: [plugin]
        ),
        // With the features that change what imports mean.
        .target(
            name: "Other",
            dependencies: [cachedRoutes],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ],
            plugins: [plugin]
        ),
    ]
)
