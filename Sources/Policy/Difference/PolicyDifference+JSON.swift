internal import Vocabulary

extension PolicyDifference {
    /// The difference for programs; keys and their order are stable.
    package var json: JSONValue {
        .record([
            "from": from.json, "to": to.json, "isEmpty": .flag(isEmpty), "summary": .string(summary),
            "lines": .array(lines.map(\.json)),
        ])
    }
}

extension PolicyDifference.Side {
    fileprivate var json: JSONValue {
        .record(["policy": .string(name), "version": .string(version.description)])
    }
}

extension PolicyDifference.Line {
    fileprivate var json: JSONValue {
        .record([
            "subject": subject.json, "aspect": .string(aspect.code), "detail": aspect.detail.map { .string($0) },
            "from": old.json, "to": new.json, "change": PolicyDifference.Change(from: old, to: new)?.json,
            "verdict": .string(verdict.name), "isProtected": .flag(isProtected), "note": note.map { .string($0) },
        ])
    }
}

extension PolicyDifference.Subject {
    fileprivate var json: JSONValue {
        .record([
            "kind": .string(kind.name), "name": name.map { .string($0) },
            "part": part.map { .record(["kind": .string($0.kind.name), "name": .string($0.name)]) },
        ])
    }
}

extension PolicyDifference.Change {
    fileprivate var json: JSONValue {
        .record([
            "absolute": .millionths(millionths), "percent": permille.map { .millionths($0 * 100_000) },
        ])
    }
}
