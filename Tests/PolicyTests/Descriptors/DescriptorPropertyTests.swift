import Policy
import Testing

/// Configurations at random, matched by a slow walk through the tree as the reference service's documents describe it.
struct DescriptorPropertyTests {
    /// One descriptor of a configuration.
    private struct Entry {
        var key: String
        var value: String?
        var requests: Int?
        var entries: [Entry] = []
    }

    private static let keys = ["a", "b", "a_b"]
    private static let values: [String?] = [nil, "x", "y", "b_x", "x*", "xx*", "*y", "x*y", "*"]

    private static func draw(depth: Int, _ next: inout Int, _ random: inout MatchingRandom) -> [Entry] {
        let steps = keys.flatMap { key in values.map { (key, $0) } }.shuffled(using: &random)
        return steps.prefix(Int.random(in: 1...6, using: &random)).map { key, value in
            var entry = Entry(key: key, value: value)
            if depth == 3 || random.chance(60) {
                next += 1
                entry.requests = next
            }
            if depth < 3, random.chance(40) || entry.requests == nil {
                entry.entries = draw(depth: depth + 1, &next, &random)
            }
            return entry
        }
    }

    private static func yaml(_ entries: [Entry], indent: String) -> String {
        entries.map { entry in
            var text = "\(indent)- key: \(entry.key)\n"
            if let value = entry.value { text += "\(indent)  value: '\(value)'\n" }
            if let requests = entry.requests {
                text += "\(indent)  rate_limit: { unit: second, requests_per_unit: \(requests) }\n"
            }
            if !entry.entries.isEmpty {
                text += "\(indent)  descriptors:\n" + yaml(entry.entries, indent: indent + "    ")
            }
            return text
        }.joined()
    }

    private static func fits(_ value: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return value.isEmpty }
        guard first == "*" else { return value.first == first && fits(value.dropFirst(), pattern.dropFirst()) }
        return (0...value.count).contains { fits(value.dropFirst($0), pattern.dropFirst()) }
    }

    /// The limit by the documents: exact, then the pattern with most before its star, then the key alone.
    private static func limit(_ entries: [Entry], _ descriptor: ArraySlice<(String, String)>) -> Int? {
        guard let (key, value) = descriptor.first else { return nil }
        let same = entries.filter { $0.key == key }
        let patterns = same.filter { $0.value?.contains("*") ?? false && fits(value[...], ($0.value ?? "")[...]) }
        let best = patterns.max { first, second in
            let rank = { (entry: Entry) -> (Int, Int) in
                let value = entry.value ?? ""
                return (value.prefix { $0 != "*" }.count, value.count { $0 != "*" })
            }
            return rank(first) < rank(second)
        }
        let exact = same.first { $0.value == value && !value.contains("*") }
        guard let entry = exact ?? best ?? same.first(where: { $0.value == nil }) else { return nil }
        return descriptor.count == 1 ? entry.requests : limit(entry.entries, descriptor.dropFirst())
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `an imported configuration limits what its own documents say`(seed: UInt64) throws {
        var random = MatchingRandom(seed: seed)
        var next = 0
        let entries = DescriptorPropertyTests.draw(depth: 1, &next, &random)
        let text = "domain: d\ndescriptors:\n" + DescriptorPropertyTests.yaml(entries, indent: "  ")
        let result = RateLimitImport([SourceFile(name: "config.yaml", text: text)])
        let snapshot = try ImportedPolicy(try #require(result.text, "seed \(seed): \(result.diagnostics)")).snapshot()
        #expect(Set(snapshot.limitPlans.map(\.name)).count == next, "seed \(seed)")
        var found = 0
        for _ in 0..<400 {
            let descriptor = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (
                    random.pick(DescriptorPropertyTests.keys),
                    random.pick(["", "x", "y", "xx", "xy", "xxy", "z", "b_x", "zy", "x*"])
                )
            }
            let expected = DescriptorPropertyTests.limit(entries, descriptor[...])
            let node = snapshot.descriptors.node("d", descriptor)
            let limit = node < 0 ? nil : snapshot.descriptors.limit(at: node)
            #expect(limit?.amount.map { Int($0.requests) } == expected, "seed \(seed): \(descriptor)\n\(text)")
            found += expected == nil ? 0 : 1
        }
        #expect(found > 0, "seed \(seed)")
    }
}
