extension Compilation {
    /// Checks that the names in tests exist.
    mutating func checkTests() {
        for test in document.tests {
            let request = test.request
            if let plan = request.plan { _ = resolve(plan, in: planNames) }
            if let claim = request.claim { _ = resolve(claim, in: classNames) }
            if let operation = request.operation { _ = resolve(operation, in: operationNames) }
            for name in request.principalClasses { _ = resolve(name, in: classNames) }
            if let descriptor = request.descriptor { check(descriptor, test) }
            for expectation in test.expectations { check(expectation, of: test) }
        }
    }

    private mutating func check(_ expectation: PolicyTest.Expectation, of test: PolicyTest) {
        let word = expectation.word
        switch expectation.member {
        case .operation where word.value != "none": _ = resolve(word, in: operationNames)
        case .trafficClass: _ = resolve(word, in: classNames)
        case .tier where word.value != Compilation.quarantine: _ = resolve(word, in: tierNames)
        case .limit where test.request.descriptor == nil:
            log.error(
                .invalidValue, "a limit by name is that of a descriptor, and this request has none", at: word.span,
                suggestion: "ask with `descriptor: { domain: …, entries: [ [ key, value ] ] }`, or remove `limit`")
        case .operation, .tier, .cost, .reason, .stage, .limit: break
        }
    }

    /// A descriptor of a domain with limits of its own has neither caller nor operation; the others need a caller.
    private mutating func check(_ descriptor: PolicyTest.Descriptor, _ test: PolicyTest) {
        let domain = document.domains.first { $0.name.value == descriptor.domain.value }
        guard let domain else {
            log.unknownName(descriptor.domain, noun: "domain", known: document.domains.map(\.name.value).sorted())
            return
        }
        if domain.keys.isEmpty {
            if let caller = descriptor.caller {
                log.error(
                    .invalidValue, "a domain with limits of its own looks at no caller", at: caller,
                    suggestion: "remove it")
            }
        } else if descriptor.caller == nil {
            log.error(
                .missingKey, "this request says nothing about its caller", at: descriptor.domain.span,
                suggestion: "add `plan: …`, or `credential: unknown` for a caller whom nobody knows")
        }
        for expectation in test.expectations
        where expectation.member != .stage && (expectation.member == .limit) != domain.keys.isEmpty {
            log.error(
                .invalidValue,
                "a descriptor of the domain \(domain.name.value.quoted) has no \(expectation.member.rawValue)",
                at: expectation.word.span,
                suggestion: domain.keys.isEmpty
                    ? "expect a `limit`, by its name or as `key=value, key`" : "expect `operation`, `class` or `tier`")
        }
    }
}
