import Policy
import Testing
import Vocabulary

/// No spelling of a request is treated better than the plain one.
///
/// The policy's catch-all is the cheapest and best protected operation and open to everybody, so whoever dodges a
/// pattern is found out. The others are of classes in all stages, some of them governed, and some need a feature that
/// the caller has not.
struct RespellingTests {
    private static let bait = "ANY /**"

    private func randomSnapshot(_ random: inout MatchingRandom, withBait: Bool) throws -> Snapshot {
        let words = ["v1", "exports", "keys", "status", "files", "access"]
        var texts: Set<String> = withBait ? [Self.bait] : []
        for _ in 0..<30 {
            var path = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                random.chance(30) ? "/*" : "/" + random.pick(words)
            }
            if random.chance(15) { path.append("/**") }
            texts.insert("\(random.pick(["GET", "POST", "ANY"])) \(path.joined())")
        }
        let operations = texts.sorted().enumerated().map { number, text in
            let isBait = text == Self.bait
            return Operation(
                name: "o\(number)", patterns: [text], cost: isBait ? 1 : Int64.random(in: 2...20, using: &random),
                tier: isBait ? SampleSnapshot.critical : Int.random(in: 1...2, using: &random),
                trafficClass: isBait ? nil : random.pick([nil, 0, 1, 2, 3, 4]),
                feature: isBait ? nil : random.pick([nil, nil, "webhooks", "beta"]))
        }
        let stages = (0..<5).map { _ in random.pick(Stage.allCases) }
        return try SampleSnapshot.make(
            operations: operations, operation: random.pick([.block, .quarantine]), unknownCost: 1, stages: stages)
    }

    /// A plain path that one of the policy's patterns matches.
    private func plainPath(of snapshot: Snapshot, _ random: inout MatchingRandom) throws -> (String, String) {
        let operation = random.pick(snapshot.operations.filter { $0.patterns != [Self.bait] })
        let pattern = try OperationPattern(parsing: operation.patterns[0])
        let path = pattern.segments.map { segment in
            switch segment {
            case .literal(let text): "/" + text
            case .parameter: "/" + random.pick(["7", "abc", "report-2", "k9.x"])
            case .rest: random.pick(["", "/deep", "/deep/er"])
            }
        }
        return (pattern.method ?? random.pick(["GET", "PUT"]), path.joined())
    }

    /// A way to write the same path, or what a server could take for it: each character spelled in some way, then
    /// something behind it, then something before it.
    private func respelled(_ path: String, _ random: inout MatchingRandom) -> String {
        let oddness = random.pick([0, 0, 5, 30])
        let slashes = [
            "//", "///", "/./", "/x/../", "/%2e/", "/.%2E/", "/x/..;/", "/(S(x))/", "%2F", "\\", "%5c", "/%2F",
        ]
        let disguises: [Character: String] = ["k": "%E2%84%AA", "s": "%C5%BF", "i": "%C4%B0"]
        let suffixes = [
            "/", "//", "?x=1", "?", "?/../", ";x", ";", "%3Bx=1", ";/", ".json", ".", ".xml/", "%2Ejson", ".tar.gz",
            ".%C3%A9",
            "%20", "%00", "%0A", " ", "#x", "%3Fx", "%23x", "/..", "/.", "/%2e%2e", "/...", "/.%00", "%", "%C0%AF",
        ]
        let prefixes = ["/", "//x", "/\\", "http://host", "HTTPS://host:80", "http://a@host", "ftp://host", "x"]
        let spelled = path.enumerated().map { index, character in
            guard random.chance(30) else { return String(character) }
            if character == "/" { return index > 0 && random.chance(oddness) ? random.pick(slashes) : "/" }
            let escape = "%" + character.utf8.map { String($0, radix: 16, uppercase: random.chance(50)) }.joined()
            if random.chance(oddness) { return random.chance(50) ? escape : "%25" + escape.dropFirst() }
            return random.pick([character.uppercased(), escape, disguises[character] ?? escape])
        }
        let suffix = random.chance(40) ? random.pick(suffixes) : ""
        let prefix = random.chance(20) ? random.pick(prefixes) : ""
        return prefix + spelled.joined().replacing("ss", with: random.pick(["ss", "%C3%9F"])) + suffix
    }

    private func classify(_ snapshot: Snapshot, _ method: String, _ path: String) -> Classification {
        snapshot.classify(
            ClassificationRequest(
                target: .call(method: method, path: path), caller: Caller(plan: SampleSnapshot.growth)))
    }

    /// What is better about an odd request than about the plain one; empty if nothing is.
    private func advantages(_ odd: Classification, over plain: Classification, in snapshot: Snapshot) -> [String] {
        var advantages: [String] = []
        if odd.cost < plain.cost { advantages.append("cheaper") }
        if odd.tier < plain.tier { advantages.append("better protected") }
        let plainStage =
            plain.refusal == nil ? snapshot.classes[plain.trafficClass].stage : plain.stageOfRefusal
        if odd.refusal == nil {
            if plain.refusal != nil { advantages.append("let through") }
            // Each operation has a budget of its own, if a plan gives it one.
            if odd.operation != plain.operation { advantages.append("another budget of an operation") }
            let stage = snapshot.classes[odd.trafficClass].stage
            if stage < plainStage { advantages.append("\(stage.name) instead of \(plainStage.name)") }
        } else if odd.stageOfRefusal < plainStage {
            advantages.append("refused in \(odd.stageOfRefusal.name) instead of \(plainStage.name)")
        }
        return advantages
    }

    @Test(arguments: [true, false]) func `no spelling is treated better than the plain one`(withBait: Bool) throws {
        var (refused, respelled) = (0, 0)
        for seed in UInt64(0)..<40 {
            var random = MatchingRandom(seed: seed)
            let snapshot = try randomSnapshot(&random, withBait: withBait)
            for _ in 0..<200 {
                let (method, path) = try plainPath(of: snapshot, &random)
                let plain = classify(snapshot, method, path)
                let spelling = self.respelled(path, &random)
                let odd = classify(snapshot, method, spelling)
                let advantages = advantages(odd, over: plain, in: snapshot)
                #expect(advantages.isEmpty, "seed \(seed): \(method) \(path) as \(spelling)")
                if odd != plain { refused += 1 } else if spelling != path { respelled += 1 }
            }
        }
        #expect(refused > 1_000 && respelled > 1_000, "some spellings are refused, some are understood")
    }

    @Test func `no spelling of a method is treated better than GET`() throws {
        for seed in UInt64(0)..<40 {
            var random = MatchingRandom(seed: seed)
            let snapshot = try randomSnapshot(&random, withBait: true)
            for _ in 0..<50 {
                let (method, path) = try plainPath(of: snapshot, &random)
                guard method == "GET" else { continue }
                let plain = classify(snapshot, "GET", path)
                for spelling in ["HEAD", "get", "Get", "GET ", "%47ET", " GET"] {
                    let odd = classify(snapshot, spelling, path)
                    let advantages = advantages(odd, over: plain, in: snapshot)
                    #expect(advantages.isEmpty, "seed \(seed): \(spelling) \(path)")
                }
            }
        }
    }
}
