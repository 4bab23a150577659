// swift-tools-version: 6.2
import PackageDescription

// The language settings of every target; the reasons stand in docs/decisions/0001-language-settings.md.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let package = Package(
    name: "headgate",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "headgate", targets: ["headgate"]),
        // Libraries for Swift services, with promises: docs/middleware.md.
        .library(name: "HeadgateClient", targets: ["HeadgateClient"]),
        .library(name: "HeadgateEmbedded", targets: ["HeadgateEmbedded"]),
        .library(name: "HeadgateMiddleware", targets: ["HeadgateMiddleware"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.0.0"),
    ],
    targets: [
        // Rooms, lowest first. A target imports only what stands above it in this list.
        .target(name: "Vocabulary", swiftSettings: settings),
        .target(
            name: "Policy",
            dependencies: [
                "Vocabulary",
                .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(name: "Admission", dependencies: ["Policy", "Vocabulary"], swiftSettings: settings),
        .target(
            name: "Directory",
            dependencies: ["Policy", "Vocabulary", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .target(
            name: "Access",
            dependencies: [
                "Vocabulary",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Tokens",
            dependencies: [
                "Directory", "Policy", "Vocabulary",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Journal",
            dependencies: ["CScheduler", "Vocabulary", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings
        ),
        .target(
            name: "Ledger",
            dependencies: [
                "Vocabulary",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        // A call of Linux that its C library has no function for.
        .systemLibrary(name: "CScheduler"),
        // PostgreSQL's client library, as the system has it.
        .systemLibrary(
            name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .target(
            name: "PostgresLedger", dependencies: ["CPostgreSQL", "Ledger", "Vocabulary"], swiftSettings: settings),
        .target(
            name: "Governance",
            dependencies: ["Access", "Directory", "Ledger", "Policy", "Vocabulary"],
            swiftSettings: settings
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "Admission", "Directory", "Journal", "Policy", "Tokens", "Vocabulary",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // The control plane's HTTP, on Hummingbird; the data plane has a server of its own.
        .target(
            name: "Console",
            dependencies: [
                "Access", "Directory", "Governance", "Journal", "Ledger", "Policy", "Vocabulary",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "headgate",
            dependencies: [
                "Access", "Admission", "Console", "Directory", "Gateway", "Governance", "Journal", "Ledger", "Policy",
                "PostgresLedger", "Tokens", "Vocabulary",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        // For Swift services. The client knows only the wire; nothing of the server imports these.
        .target(
            name: "HeadgateClient",
            dependencies: [
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "HeadgateEmbedded",
            dependencies: [
                "Directory", "Gateway", "HeadgateClient", "Journal", "Policy", "Vocabulary",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "HeadgateMiddleware",
            dependencies: [
                "HeadgateClient",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // What docs/middleware.md shows, whole.
        .executableTarget(
            name: "envelope-service",
            dependencies: [
                "HeadgateClient", "HeadgateEmbedded", "HeadgateMiddleware",
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            path: "Examples/envelope-service",
            swiftSettings: settings
        ),
        .target(name: "AllocationCounter", path: "Benchmarks/AllocationCounter"),
        .executableTarget(
            name: "admission-benchmark",
            dependencies: ["Admission", "AllocationCounter", "Policy", "Vocabulary"],
            path: "Benchmarks/Admission",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "usage-benchmark",
            dependencies: ["Admission", "Journal", "Policy", "Vocabulary"],
            path: "Benchmarks/Usage",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ledger-benchmark",
            dependencies: ["Access", "Directory", "Governance", "Ledger", "PostgresLedger", "Vocabulary"],
            path: "Benchmarks/Ledger",
            swiftSettings: settings
        ),
        // One request from bytes to bytes, without a socket: what Benchmarks/gates counts.
        .executableTarget(
            name: "request-benchmark",
            dependencies: [
                "Admission", "AllocationCounter", "Directory", "Gateway", "Journal", "Policy", "Tokens", "Vocabulary",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Benchmarks/Requests",
            swiftSettings: settings
        ),
        // What Benchmarks/Peers measures us against, and measures with.
        .executableTarget(
            name: "bare-server",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Benchmarks/Bare",
            swiftSettings: settings
        ),
        // An upstream with few workers, and clients that want more of it than there is.
        .executableTarget(
            name: "overload-benchmark",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Benchmarks/Overload",
            swiftSettings: settings
        ),
        .executableTarget(name: "pacer", path: "Benchmarks/Pacer", cSettings: [.define("_GNU_SOURCE")]),
        .target(
            name: "AdmissionTestSupport",
            dependencies: ["Admission", "Policy", "Vocabulary"],
            path: "Tests/AdmissionTestSupport",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "admission-storm",
            dependencies: ["AdmissionTestSupport"],
            path: "Tests/AdmissionStorm",
            swiftSettings: settings
        ),
        .testTarget(
            name: "AdmissionTests",
            dependencies: ["Admission", "AdmissionTestSupport", "Policy", "Vocabulary"],
            swiftSettings: settings
        ),
        .testTarget(name: "AccessTests", dependencies: ["Access", "Vocabulary"], swiftSettings: settings),
        .target(name: "CertificateTestSupport", path: "Tests/CertificateTestSupport", swiftSettings: settings),
        .target(name: "PostgresTestSupport", path: "Tests/PostgresTestSupport", swiftSettings: settings),
        .testTarget(name: "RepositoryTests", dependencies: ["Vocabulary"], swiftSettings: settings),
        .testTarget(
            name: "PolicyTests",
            dependencies: ["Policy", "Vocabulary"],
            exclude: ["Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DirectoryTests", dependencies: ["Directory", "Policy", "Vocabulary"], swiftSettings: settings),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Admission",
                "CertificateTestSupport",
                "Directory",
                "Gateway",
                "Journal",
                "Policy",
                "Tokens",
                "Vocabulary",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HeadgateClientTests",
            dependencies: [
                "AdmissionTestSupport", "HeadgateClient",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HeadgateMiddlewareTests",
            dependencies: [
                "HeadgateClient", "HeadgateEmbedded", "HeadgateMiddleware",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GovernanceTests",
            dependencies: [
                "Access", "Directory", "Governance", "Ledger", "Policy", "Vocabulary",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        // Over real HTTP; scripts/setup installs schemathesis, which one of them runs.
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Access", "Console", "Directory", "Governance", "Journal", "Ledger", "Policy", "Vocabulary",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "JournalTests",
            dependencies: ["Journal", "Vocabulary", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["Snapshots"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TokensTests",
            dependencies: ["Directory", "Policy", "Tokens", "Vocabulary"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Ledger", "PostgresLedger", "PostgresTestSupport", "Vocabulary",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Verifier"],
            swiftSettings: settings
        ),
        // Drives the built server, alone and behind real proxies; scripts/setup installs those.
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Access",
                "CertificateTestSupport",
                "Console",
                "Directory",
                "Governance",
                "headgate",
                "HeadgateClient",
                "Ledger",
                "Policy",
                "PostgresLedger",
                "PostgresTestSupport",
                "Tokens",
                "Vocabulary",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/Integration",
            exclude: ["Client", "Server/Snapshots"],
            swiftSettings: settings
        ),
    ]
)

// Needs the internals of rooms in a release build (`-enable-testing`), which no other build should have: scripts/fuzz.
if Context.environment["HEADGATE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "AdmissionTestSupport", "Gateway", "Policy", "Vocabulary",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Tests/Fuzz",
            swiftSettings: settings
        ))
}
