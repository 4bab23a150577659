extension Compilation {
    /// Checks that the names in tests exist.
    mutating func checkTests() {
        for test in document.tests {
            let request = test.request
            if let plan = request.plan { _ = resolve(plan, in: planNames) }
            if let claim = request.claim { _ = resolve(claim, in: classNames) }
            if let operation = request.operation { _ = resolve(operation, in: operationNames) }
            for name in request.principalClasses { _ = resolve(name, in: classNames) }
            for expectation in test.expectations { check(expectation) }
        }
    }

    private mutating func check(_ expectation: PolicyTest.Expectation) {
        let word = expectation.word
        switch expectation.member {
        case .operation where word.value != "none": _ = resolve(word, in: operationNames)
        case .trafficClass: _ = resolve(word, in: classNames)
        case .tier where word.value != Compilation.quarantine: _ = resolve(word, in: tierNames)
        case .operation, .tier, .cost, .reason, .stage: break
        }
    }
}
