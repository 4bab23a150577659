extension Compilation {
    /// Warns of what is stated and never used, and of what is used and easily overlooked.
    mutating func checkUse(of classes: [TrafficClass?], _ operations: [Operation?]) {
        checkTiers(classes, operations)
        let offered = Set(plans.flatMap { $0.features.map(\.value) })
        for operation in self.operations {
            if let feature = operation.feature, !offered.contains(feature.value) {
                let nearest = Spelling.nearest(to: feature.value, among: offered.sorted())
                log.warning(
                    .featureInNoPlan,
                    "the operation \(operation.name.value.quoted) needs the feature \(feature.value.quoted), which no plan "
                        + "has, so nobody can call it", at: feature.span,
                    suggestion: nearest.map { "did you mean \($0.quoted)?" } ?? "add it to the features of a plan")
            }
        }
    }

    private mutating func checkTiers(_ classes: [TrafficClass?], _ operations: [Operation?]) {
        guard !log.containsErrors else { return }
        var used = Set(classes.compactMap { $0?.tier })
        for operation in operations {
            if let tier = operation?.tier { used.insert(tier) }
            for rule in operation?.rules ?? [] {
                if let tier = rule.tier { used.insert(tier) }
            }
        }
        for (index, tier) in document.tiers.enumerated() where !used.contains(index) {
            log.warning(
                .unusedTier, "no class or operation uses the tier \(tier.name.value.quoted)", at: tier.name.span,
                suggestion: "use it, or remove it; what it reserves is kept from everybody else")
        }
    }
}
