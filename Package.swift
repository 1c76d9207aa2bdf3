// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// Homebrew keeps these libraries outside the default search paths; on Linux their headers and libraries are found
// without pkg-config, whose flags SwiftPM partly refuses.
#if os(macOS)
    let hiredisPkgConfig: String? = "hiredis"
    let libpqPkgConfig: String? = "libpq"
    let libdeflatePkgConfig: String? = "libdeflate"
    let libcryptoPkgConfig: String? = "libcrypto"
#else
    let hiredisPkgConfig: String? = nil
    let libpqPkgConfig: String? = nil
    let libdeflatePkgConfig: String? = nil
    let libcryptoPkgConfig: String? = nil
#endif

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

// The plugin runs the generator that is built from source here, or that of an artifact bundle, which spares each clean build the
// generator's own: the one that a release names here, or the one whose absolute path `CACHED_ROUTES_GENERATOR` is. `source` in that
// variable sets aside a release's bundle. Release/generator-bundle.sh makes bundles.
let releasedGenerator: (url: String, checksum: String)? = nil
let generatorBundle: Target? =
    switch Context.environment["CACHED_ROUTES_GENERATOR"] {
    case "source": nil
    case .some(let path) where !path.isEmpty:
        .binaryTarget(name: "cached-routes-generator-bundle", path: pathFromPackage(to: path))
    default:
        releasedGenerator.map {
            .binaryTarget(name: "cached-routes-generator-bundle", url: $0.url, checksum: $0.checksum)
        }
    }

/// A path relative to this package's folder, because SwiftPM refuses absolute ones.
func pathFromPackage(to path: String) -> String {
    guard path.hasPrefix("/") else { return path }
    let depth = Context.packageDirectory.split(separator: "/").count
    return Array(repeating: "..", count: depth).joined(separator: "/") + path
}

let package = Package(
    name: "CachedRoutes",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "CachedRoutes", targets: ["CachedRoutes"]),
        .library(name: "CachedRoutesServer", targets: ["CachedRoutesServer"]),
        .library(name: "CachedRoutesHummingbird", targets: ["CachedRoutesHummingbird"]),
        .library(name: "CachedRoutesTesting", targets: ["CachedRoutesTesting"]),
        .plugin(name: "CachedRoutesPlugin", targets: ["CachedRoutesPlugin"]),
        .executable(name: "cached-routes", targets: ["cached-routes"]),
    ],
    // Without `Redis` a service keeps its responses in memory, without `Postgres` its routes have handlers only; neither then needs
    // the C library of the other side. `TLS` and `HTTP2` are for the server without a framework, which needs neither package
    // without them; `RedisTLS` is for the connections to Redis.
    traits: [
        .trait(name: "Redis", description: "Stores responses in Redis, by libhiredis."),
        .trait(
            name: "RedisTLS",
            description: "TLS for connections to Redis, by swift-nio-ssl.",
            enabledTraits: ["Redis"]
        ),
        .trait(name: "Postgres", description: "Answers routes with SQL from PostgreSQL, by libpq."),
        .trait(name: "TLS", description: "TLS for CachedRoutesServer, by swift-nio-ssl."),
        .trait(
            name: "HTTP2",
            description: "HTTP/2 for CachedRoutesServer, by swift-nio-http2.",
            enabledTraits: ["TLS"]
        ),
        .default(enabledTraits: ["Redis", "RedisTLS", "Postgres"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.9.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.9.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.0"),
        // For the traits `RedisTLS`, `TLS` and `HTTP2`, and for tests; Hummingbird depends on both anyway.
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.34.0"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.45.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
    ],
    targets: [
        // C libraries.
        .systemLibrary(
            name: "CHiredisSystem",
            pkgConfig: hiredisPkgConfig,
            providers: [.apt(["libhiredis-dev"]), .brew(["hiredis"])]
        ),
        .target(name: "CHiredis", dependencies: ["CHiredisSystem"], linkerSettings: [.linkedLibrary("hiredis")]),
        .systemLibrary(
            name: "CPostgres",
            pkgConfig: libpqPkgConfig,
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .systemLibrary(
            name: "CLibdeflate",
            pkgConfig: libdeflatePkgConfig,
            providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]
        ),
        .systemLibrary(
            name: "CLibcrypto",
            pkgConfig: libcryptoPkgConfig,
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        // For tests only. On macOS it belongs to the SDK.
        .systemLibrary(name: "CZlib", path: "Tests/CZlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "CMemory"),

        // What clients of servers share.
        .target(name: "ClientSupport", dependencies: [nioCore], swiftSettings: settings),

        // What users link.
        .target(
            name: "RedisClient",
            dependencies: [
                "CHiredis", "ClientSupport", nioCore, nioPosix, logging, metrics, lifecycle,
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["RedisTLS"])),
                .product(name: "NIOTLS", package: "swift-nio", condition: .when(traits: ["RedisTLS"])),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "PostgresClient",
            dependencies: ["ClientSupport", "CPostgres", "SQLSyntax", nioCore, nioPosix, logging, metrics, lifecycle],
            swiftSettings: settings
        ),
        .target(name: "RouteModel", swiftSettings: settings),
        // PostgreSQL's lexical rules. It imports nothing: the generator and the client share it.
        .target(name: "SQLSyntax", swiftSettings: settings),
        // Limits of clients' connections. It knows no HTTP framework.
        .target(name: "HTTPConnections", dependencies: [nioCore], swiftSettings: settings),
        .target(
            name: "CachedRoutesCore",
            dependencies: [
                "ClientSupport", "RouteModel", "CLibcrypto", "CLibdeflate", nioCore, nioPosix,
                .product(name: "NIOHTTP1", package: "swift-nio"), httpTypes, logging, metrics, lifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "CachedRoutesRedis",
            dependencies: [
                "CachedRoutesCore", "ClientSupport", "RedisClient", "RouteModel", nioCore, logging, metrics, lifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "CachedRoutesPostgres",
            dependencies: [
                "CachedRoutesCore", "ClientSupport", "PostgresClient", "RouteModel", nioCore, logging, lifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "CachedRoutes",
            dependencies: [
                "CachedRoutesCore", "ClientSupport", "HTTPConnections", "RouteModel", "CMemory",
                .target(name: "CachedRoutesRedis", condition: .when(traits: ["Redis"])),
                .target(name: "RedisClient", condition: .when(traits: ["Redis"])),
                .target(name: "CachedRoutesPostgres", condition: .when(traits: ["Postgres"])),
                .target(name: "PostgresClient", condition: .when(traits: ["Postgres"])),
                nioCore, nioPosix, httpTypes, logging, metrics, lifecycle,
            ],
            swiftSettings: settings
        ),
        // What both servers do in front of routes. It knows no HTTP framework.
        .target(
            name: "HTTPFrontend",
            dependencies: ["CachedRoutes", "HTTPConnections", "RouteModel", nioCore, nioHTTP1, httpTypes],
            swiftSettings: settings
        ),
        .target(
            name: "CachedRoutesServer",
            dependencies: [
                "CachedRoutes", "HTTPConnections", "HTTPFrontend", "RouteModel", nioCore, nioPosix, nioHTTP1, httpTypes,
                logging, lifecycle, .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["TLS"])),
                .product(name: "NIOTLS", package: "swift-nio", condition: .when(traits: ["HTTP2"])),
                .product(name: "NIOHTTP2", package: "swift-nio-http2", condition: .when(traits: ["HTTP2"])),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "CachedRoutesHummingbird",
            dependencies: [
                "CachedRoutes", "ClientSupport", "HTTPConnections", "HTTPFrontend", hummingbird,
                .product(name: "HummingbirdCore", package: "hummingbird"), nioCore, nioHTTP1,
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"), httpTypes, logging,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "CachedRoutesTesting",
            dependencies: ["CachedRoutes", "CachedRoutesCore", "RouteModel", nioCore, nioPosix, httpTypes, logging],
            swiftSettings: settings
        ),

        // What the plugin runs.
        .target(
            name: "RouteManifest",
            dependencies: ["RouteModel", "SQLSyntax", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings
        ),
        .target(name: "RouteCodegen", dependencies: ["RouteManifest", "RouteModel"], swiftSettings: settings),
        .executableTarget(
            name: "cached-routes-generator",
            dependencies: ["RouteCodegen", "RouteManifest"],
            swiftSettings: settings
        ),
        // Serves manifests without generated code. It does no I/O and has no clock.
        .target(
            name: "RouteServing",
            dependencies: ["CachedRoutesCore", "RouteManifest", "RouteModel", nioCore, httpTypes],
            swiftSettings: settings
        ),
        // Descriptions of routes for others: OpenAPI, JSON Schema, lists. Pure.
        .target(name: "RouteDocuments", dependencies: ["RouteManifest", "RouteModel"], swiftSettings: settings),
        // What `cached-routes check` finds; it knows no database. Below it, what asks one.
        .target(
            name: "RouteCheck",
            dependencies: ["RouteManifest", "RouteModel", "SQLSyntax"],
            swiftSettings: settings
        ),
        .target(
            name: "RouteCheckPostgres",
            dependencies: [
                "RouteCheck", "RouteManifest", "RouteModel", "PostgresClient", "CachedRoutesPostgres", "SQLSyntax",
            ],
            swiftSettings: settings
        ),
        // The command line.
        .executableTarget(
            name: "cached-routes",
            dependencies: [
                "CachedRoutes", "CachedRoutesCore", "CachedRoutesRedis", "CachedRoutesServer", "HTTPFrontend",
                "PostgresClient", "RedisClient", "RouteCheck", "RouteCheckPostgres", "RouteDocuments", "RouteManifest",
                "RouteModel", "RouteServing", "SQLSyntax", argumentParser, httpTypes, logging, nioCore, nioPosix,
                lifecycle,
            ],
            swiftSettings: settings
        ),
        .plugin(
            name: "CachedRoutesPlugin",
            capability: .buildTool(),
            dependencies: [generatorBundle == nil ? "cached-routes-generator" : "cached-routes-generator-bundle"]
        ),

        // Tests.
        .target(
            name: "TestServers",
            dependencies: ["CMemory", nioCore, nioPosix, metrics],
            path: "Tests/TestServers",
            swiftSettings: settings
        ),
        .target(name: "SQLCorpus", path: "Tests/SQLCorpus", swiftSettings: settings),
        .target(name: "Fuzzing", path: "Tests/Fuzzing", swiftSettings: settings),
        .target(
            name: "TestApp",
            dependencies: [
                "CachedRoutes", "CachedRoutesHummingbird", "CachedRoutesServer", hummingbird,
                .product(name: "HummingbirdCore", package: "hummingbird"), nioCore, nioEmbedded, nioPosix,
                .product(name: "NIOHTTP1", package: "swift-nio"), logging, lifecycle,
            ],
            path: "Tests/TestApp",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "micro-benchmarks",
            dependencies: [
                "CachedRoutes", "CachedRoutesHummingbird", "CachedRoutesTesting", "CPostgres", "HTTPFrontend",
                "PostgresClient", "RedisClient", "RouteCodegen", "RouteManifest", "RouteModel", "TestServers",
                hummingbird,
                nioCore, nioPosix, logging,
            ],
            path: "Tests/MicroBenchmarks",
            swiftSettings: settings
        ),
        .target(name: "ConsistencyChecker", path: "Tests/Consistency/Checker", swiftSettings: settings),
        .executableTarget(
            name: "consistency",
            dependencies: [
                "CachedRoutes", "CachedRoutesHummingbird", "CachedRoutesTesting", "ConsistencyChecker",
                "PostgresClient", "TestServers", hummingbird, nioCore, nioPosix,
                .product(name: "NIOHTTP1", package: "swift-nio"), logging,
            ],
            path: "Tests/Consistency/Program",
            swiftSettings: settings
        ),
        .testTarget(name: "ConsistencyTests", dependencies: ["ConsistencyChecker"], swiftSettings: settings),
        // Build the program with `-c release`, too: Tests/simulate.sh.
        .target(
            name: "Simulation",
            dependencies: ["CachedRoutesCore", "ConsistencyChecker", "RouteModel", nioCore, httpTypes],
            path: "Tests/Simulation/Library",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "simulate",
            dependencies: ["Simulation"],
            path: "Tests/Simulation/Program",
            swiftSettings: settings
        ),
        // Build the program with `-c release`: Tests/fleet.sh.
        .target(
            name: "FleetSimulation",
            dependencies: ["CachedRoutesCore", "RouteModel", nioCore],
            path: "Tests/FleetSimulation/Library",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "simulate-fleet",
            dependencies: ["FleetSimulation"],
            path: "Tests/FleetSimulation/Program",
            swiftSettings: settings
        ),
        .testTarget(name: "FleetSimulationTests", dependencies: ["FleetSimulation"], swiftSettings: settings),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"], swiftSettings: settings),
        .testTarget(name: "RouteModelTests", dependencies: ["Fuzzing", "RouteModel"], swiftSettings: settings),
        .testTarget(
            name: "RouteManifestTests",
            dependencies: [
                "cached-routes-generator", "Fuzzing", "RouteManifest", "RouteModel", "SQLCorpus", "SQLSyntax",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RouteCodegenTests",
            dependencies: [
                "RouteCodegen", "RouteManifest", "RouteModel", "RouteServing", "CachedRoutes", "CachedRoutesCore",
                "CachedRoutesTesting", "Fuzzing", "SQLCorpus", httpTypes,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RedisClientTests",
            dependencies: [
                "ClientSupport", "RedisClient", "CHiredis", "Fuzzing", "TestServers", nioCore, nioPosix, nioEmbedded,
                logging, lifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PostgresClientTests",
            dependencies: [
                "ClientSupport", "PostgresClient", "CPostgres", "CachedRoutes", "CachedRoutesCore",
                "CachedRoutesPostgres",
                "RouteCodegen", "RouteManifest", "RouteModel", "SQLCorpus", "SQLSyntax",
                "TestServers",
                nioCore, nioEmbedded, logging, lifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CachedRoutesTests",
            dependencies: [
                "CachedRoutes", "CachedRoutesCore", "CachedRoutesPostgres", "CachedRoutesTesting",
                "ClientSupport", "Fuzzing", "HTTPConnections", "PostgresClient", "RouteModel", "TestApp", "TestServers",
                "CZlib", nioCore, nioPosix,
                nioEmbedded, httpTypes, logging, metrics, .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPConnectionsTests",
            dependencies: ["Fuzzing", "HTTPConnections", nioCore, nioEmbedded],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BeforeRouterTests",
            dependencies: [
                "CachedRoutes", "CachedRoutesCore", "CachedRoutesHummingbird", "CachedRoutesTesting", "Fuzzing",
                "HTTPConnections", "HTTPFrontend", "RouteModel",
                .product(name: "HummingbirdCore", package: "hummingbird"), nioCore,
                nioEmbedded, .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"), httpTypes,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CachedRoutesServerTests",
            dependencies: [
                "CachedRoutes", "CachedRoutesServer", "CachedRoutesTesting", "HTTPConnections", "HTTPFrontend",
                "RouteModel",
                "TestApp", "TestServers", nioCore, nioPosix, nioHTTP1, httpTypes, logging, lifecycle,
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["TLS"])),
                .product(name: "NIOHTTP2", package: "swift-nio-http2", condition: .when(traits: ["HTTP2"])),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ToolTests",
            dependencies: [
                "cached-routes", "CachedRoutes", "CachedRoutesCore", "CachedRoutesRedis", "CachedRoutesServer",
                "CachedRoutesTesting", "Fuzzing", "PostgresClient", "RedisClient", "RouteDocuments", "RouteManifest",
                "RouteModel", "RouteServing", "TestApp", "TestServers", argumentParser, httpTypes, logging, nioCore,
                nioHTTP1, nioPosix,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CheckTests",
            dependencies: [
                "RouteCheck", "RouteCheckPostgres", "PostgresClient", "RouteCodegen", "RouteManifest", "RouteModel",
                "CachedRoutes", "SQLCorpus", "SQLSyntax", "TestServers",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServingTests",
            dependencies: ["CachedRoutesCore", "RouteManifest", "RouteModel", "RouteServing", nioCore, httpTypes],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DocumentTests",
            dependencies: ["Fuzzing", "RouteDocuments", "RouteManifest", "RouteModel"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "CachedRoutes", "CachedRoutesCore", "CachedRoutesRedis", "CachedRoutesHummingbird", "RedisClient",
                "PostgresClient", "RouteModel", "TestApp",
                "TestServers",
                hummingbird, .product(name: "HummingbirdCore", package: "hummingbird"), nioCore, nioPosix,
                .product(name: "NIOHTTP1", package: "swift-nio"), httpTypes, logging, lifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "CachedRoutes", "CachedRoutesCore", "CachedRoutesRedis", "CachedRoutesHummingbird",
                "CachedRoutesServer",
                "CachedRoutesTesting", "CZlib", "HTTPConnections",
                "RedisClient", "RouteModel", "TestApp", "TestServers", hummingbird,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                nioCore,
                nioPosix, .product(name: "NIOHTTP1", package: "swift-nio"), httpTypes, logging, lifecycle,
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
    ] + [generatorBundle].compactMap { $0 }
)
