import Testing

/// The rules, applied to this very tree.
@Suite struct `the house` {
    private func expectKept(_ rule: Rule, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let violations = try rule.violations(try Checkout.current.get())
        let excess = Allowance.excess(violations, rule: rule.name, allowances: Allowance.all)
        let list = excess.map(\.description).joined(separator: "\n")
        #expect(excess.isEmpty, "\(rule.name): \(excess.count) places\n\(list)", sourceLocation: sourceLocation)
    }

    @Test func `is found, with all that is in it`() throws {
        let tree = try Checkout.current.get()
        #expect(tree.contains("Tests/RepositoryTests/HouseTests.swift"))
        for room in Room.all {
            #expect(tree.swiftFiles(in: "Sources").contains { $0.target == room.name }, "\(room.name)")
        }
    }

    @Test func `rooms import only what stands below them`() throws { try expectKept(.imports) }
    @Test func `files are short`() throws { try expectKept(.fileLength) }
    @Test func `functions are short`() throws { try expectKept(.functionLength) }
    @Test func `comments are as narrow as code`() throws { try expectKept(.commentWidth) }
    @Test func `nothing crashes on purpose, runs loose or reads a hidden clock`() throws { try expectKept(.bannedCode) }
    @Test func `what is unsafe says why it is right`() throws { try expectKept(.safety) }
    @Test func `what others can see says what it is`() throws { try expectKept(.documentation) }
    @Test func `tests neither wait nor draw without a seed`() throws { try expectKept(.testCode) }
    @Test func `manifest and directories agree`() throws { try expectKept(.manifest) }
    @Test func `documents lead to places that exist`() throws { try expectKept(.documents) }
    @Test func `decisions are numbered, whole and listed`() throws { try expectKept(.records) }
    @Test func `the changelog begins with what comes next`() throws { try expectKept(.changelog) }
    @Test func `nothing points to one machine or to private notes`() throws { try expectKept(.wording) }
    /// Envoy copies the longest pause between the attempts of a gRPC service's call into the time of each attempt.
    @Test func `in the examples an attempt has the time of its call`() throws {
        let tree = try Checkout.current.get()
        let configurations = ["envoy-grpc", "envoy-ratelimit"].map { "Examples/signing-platform/\($0).yaml" }
        for path in configurations {
            let text = try #require(tree.text(of: path))
            let pauses = text.matches(of: #/max_interval: ([0-9.]+)s/#).compactMap { Double($0.1) }
            let times = text.matches(of: #/ timeout: ([0-9.]+)s/#).compactMap { Double($0.1) }
            #expect(!pauses.isEmpty && !times.isEmpty, "\(path)")
            for pause in pauses { #expect(pause >= times.max() ?? .infinity, "\(path)") }
        }
    }

    @Test func `nothing that tools make is tracked`() throws { try expectKept(.madeFiles) }

    @Test(arguments: Allowance.all) func `what is allowed for now has a reason`(allowance: Allowance) {
        #expect(allowance.reason.count > 20 && allowance.count > 0, "\(allowance.rule) in \(allowance.path)")
    }
}
