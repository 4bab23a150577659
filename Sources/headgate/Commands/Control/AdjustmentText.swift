internal import Governance
internal import Policy
internal import Vocabulary

/// Deviations from a plan as people write them: `class/export` and `2x`, `500/s`, `500/s burst 1000` or `8000000`.
enum AdjustmentText {
    /// Why a text is no deviation.
    struct Problem: Error {
        /// What is wrong.
        let message: String
        /// What to write instead.
        let suggestion: String?
    }

    /// Reads what a target is to become.
    static func read(target: String, change: String) throws(Problem) -> Adjustment {
        guard let part = Adjustment.Target(target) else {
            throw Problem(
                message: "\(target.quoted) is no part of a plan",
                suggestion: "write `tenant`, `class/NAME`, `operation/NAME` or `quota/UNIT/PERIOD`")
        }
        return Adjustment(part, try read(change: change))
    }

    private static func read(change text: String) throws(Problem) -> Adjustment.Change {
        if let number = factor(text) {
            guard let thousandths = thousandths(number), (1...Adjustment.factorMax).contains(thousandths) else {
                throw Problem(
                    message: "\(text.quoted) is no factor", suggestion: "write `2x`, or `1.5x`, up to `1000x`")
            }
            return .factor(thousandths: thousandths)
        }
        let words = text.split(separator: " ").map(String.init)
        do throws(UnitText.Problem) {
            switch words.count {
            case 1 where !text.contains("/"): return .amount(try UnitText.wholeNumber(text))
            case 1: return .rate(try UnitText.rate(text), burst: nil)
            case 3 where words[1] == "burst":
                return .rate(try UnitText.rate(words[0]), burst: try UnitText.wholeNumber(words[2]))
            default: break
            }
        } catch {
            throw Problem(message: error.message, suggestion: error.suggestion)
        }
        throw Problem(
            message: "\(text.quoted) changes nothing",
            suggestion: "write a factor `2x`, a rate `500/s` or `500/s burst 1000`, or the allowance of a quota")
    }

    /// What stands beside the sign of a factor: `2x`, `x2`, `×2`.
    private static func factor(_ text: String) -> Substring? {
        for sign in ["x", "×"] {
            if text.hasPrefix(sign) { return text.dropFirst() }
            if text.hasSuffix(sign) { return text.dropLast() }
        }
        return nil
    }

    /// The thousandths of `2` or `1.5`.
    private static func thousandths(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = try? UnitText.wholeNumber(parts[0]), whole < 1_000_000 else {
            return nil
        }
        guard parts.count == 2 else { return whole * 1_000 }
        guard (1...3).contains(parts[1].count), !parts[1].contains("_"),
            let digits = try? UnitText.wholeNumber(parts[1])
        else { return nil }
        return whole * 1_000 + digits * (parts[1].count == 1 ? 100 : parts[1].count == 2 ? 10 : 1)
    }

    /// Reads the form of the control API, and that of its report of who has more; `nil` for anything else.
    static func read(_ value: Policy.JSONValue) -> Adjustment? {
        guard let target = value["target"]?.text else { return nil }
        return AdjustmentFacts(
            target: target, factor: (value["factor"] ?? value["thousandths"])?.number, rate: value["rate"]?.number,
            period: value["period"]?.number, burst: value["burst"]?.number, amount: value["amount"]?.number
        ).adjustment
    }

    /// The form of the control API.
    static func json(_ adjustment: Adjustment) -> Policy.JSONValue {
        let facts = AdjustmentFacts(adjustment)
        return .record([
            "target": .string(facts.target), "factor": facts.factor.map { .integer($0) },
            "rate": facts.rate.map { .integer($0) }, "period": facts.period.map { .integer($0) },
            "burst": facts.burst.map { .integer($0) }, "amount": facts.amount.map { .integer($0) },
        ])
    }
}
