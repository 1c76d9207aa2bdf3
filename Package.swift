// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// Homebrew keeps both libraries outside the default search paths; on Linux the headers and libraries are found without
// pkg-config, whose flags SwiftPM partly refuses.
#if os(macOS)
let hiredisPkgConfig: String? = "hiredis"
let libpqPkgConfig: String? = "libpq"
#else
let hiredisPkgConfig: String? = nil
let libpqPkgConfig: String? = nil
#endif
