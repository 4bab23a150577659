/// One room of the house and what it may import: the table of docs/decisions/0002-rooms.md, made executable.
struct Room: Sendable {
    /// The target.
    let name: String
    /// The rooms below it that it may import.
    let rooms: Set<String>
    /// The modules from elsewhere that it may import.
    let modules: Set<String>
    /// Whether it gets time and chance from its caller, so that the same input gives the same output.
    let isPure: Bool
    /// Whether it is a library that is promised to others, so that its imports may be public.
    let isPublic: Bool

    private init(
        _ name: String, rooms: Set<String> = [], modules: Set<String> = [], isPure: Bool = false,
        isPublic: Bool = false
    ) {
        self.name = name
        self.rooms = rooms
        self.modules = modules
        self.isPure = isPure
        self.isPublic = isPublic
    }

    /// The C library, by its name on each platform.
    static let cLibrary: Set = ["Darwin", "Glibc", "Musl"]

    /// All rooms, lowest first.
    static let all = [
        Room("Vocabulary", isPure: true),
        Room("Policy", rooms: ["Vocabulary"], modules: ["Crypto", "Yams"], isPure: true),
        Room("Admission", rooms: ["Policy", "Vocabulary"], modules: ["Glibc", "Synchronization"], isPure: true),
        Room(
            "Directory", rooms: ["Policy", "Vocabulary"],
            modules: cLibrary.union(["Crypto", "Foundation", "Synchronization"])),
        Room(
            "Access", rooms: ["Vocabulary"], modules: ["Crypto", "CryptoExtras", "Synchronization"], isPure: true),
        Room(
            "Tokens", rooms: ["Directory", "Policy", "Vocabulary"],
            modules: ["Crypto", "CryptoExtras", "Foundation", "JWTKit", "Synchronization"]),
        Room(
            "Journal", rooms: ["Vocabulary"],
            modules: cLibrary.union(["CScheduler", "Dispatch", "Foundation", "GRDB", "Synchronization"])),
        Room(
            "Ledger", rooms: ["Vocabulary"],
            modules: cLibrary.union(["Crypto", "Dispatch", "Foundation", "GRDB", "Synchronization"])),
        Room(
            "PostgresLedger", rooms: ["Ledger", "Vocabulary"],
            modules: cLibrary.union(["CPostgreSQL", "Dispatch", "Foundation", "Synchronization"])),
        Room(
            "Governance", rooms: ["Access", "Directory", "Ledger", "Policy", "Vocabulary"],
            modules: ["Dispatch", "Foundation", "Synchronization"]),
        Room(
            "Gateway", rooms: ["Admission", "Directory", "Journal", "Policy", "Tokens", "Vocabulary"],
            modules: cLibrary.union([
                "Logging", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "Synchronization",
            ])),
        Room(
            "Console", rooms: ["Access", "Directory", "Governance", "Journal", "Ledger", "Policy", "Vocabulary"],
            modules: [
                "Foundation", "HTTPTypes", "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "Logging", "NIOCore",
                "NIOPosix", "NIOSSL", "ServiceLifecycle", "Synchronization",
            ]),
        Room(
            "headgate",
            rooms: [
                "Access", "Admission", "Console", "Directory", "Gateway", "Governance", "Journal", "Ledger",
                "Policy", "PostgresLedger", "Tokens", "Vocabulary",
            ],
            modules: cLibrary.union([
                "ArgumentParser", "Dispatch", "Foundation", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL",
                "Synchronization",
            ])),
        Room(
            "HeadgateClient",
            modules: [
                "Foundation", "HTTPTypes", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "Synchronization",
            ], isPublic: true),
        Room(
            "HeadgateEmbedded",
            rooms: ["Directory", "Gateway", "HeadgateClient", "Journal", "Policy", "Vocabulary"],
            modules: ["Dispatch", "Foundation", "NIOCore", "NIOPosix", "Synchronization"], isPublic: true),
        Room(
            "HeadgateMiddleware", rooms: ["HeadgateClient"],
            modules: ["HTTPTypes", "Hummingbird", "NIOCore", "Synchronization"], isPublic: true),
    ]

    /// The room with a name.
    static func named(_ name: Substring) -> Room? { all.first { $0.name == name } }
}
