import Testing

@testable import Directory

struct ConcurrentUpdateTests {
    private let fixture: DirectoryFixture

    init() throws { fixture = try DirectoryFixture() }

    @Test func `keys that are added at once are all there afterwards`() async throws {
        let directory = fixture.directory
        let count = 24
        let credentials = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<count {
                group.addTask {
                    var generator = SeededGenerator(seed: UInt64(number))
                    let owner: Principal.Owner = number % 2 == 0 ? .tenant("acme") : .tenant("small-co")
                    let request = KeyRequest(
                        owner: owner, principal: number % 2 == 0 ? "web" : "worker-\(number % 5)",
                        classesOfNewPrincipal: number % 2 == 0 ? nil : ["repair"])
                    return try directory.addKey(request, at: Samples.now, using: &generator).credential.text
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let snapshot = try fixture.directory.load()
        #expect(snapshot.keyCount == count)
        let refusals = credentials.map { snapshot.match($0.utf8.span, at: Samples.now).refusal }
        #expect(refusals.allSatisfy { $0 == nil })
        #expect(try fixture.folder.names() == ["directory.yaml", "directory.yaml.secret"])
        #expect(try fixture.folder.text().contains("# worker comes in spring"))
    }

    @Test func `readers always see a whole file while keys are added`() async throws {
        let directory = fixture.directory
        _ = try fixture.add(seed: 100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<20 {
                    var generator = SeededGenerator(seed: UInt64(number))
                    _ = try directory.addKey(
                        KeyRequest(owner: .tenant("acme"), principal: "web"), at: Samples.now, using: &generator)
                }
            }
            group.addTask {
                var last = 0
                while last < 21 {
                    let count = try directory.load().keyCount
                    #expect(count >= last)
                    last = count
                }
            }
            try await group.waitForAll()
        }
    }
}
