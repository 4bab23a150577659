/// What a password has to be when it is set: long enough, and not among the first that somebody would try.
///
/// NIST SP 800-63B-4 §3.1.1.2: at least 15 characters where the password is all there is, 8 beside a second factor; no
/// rules about kinds of characters, no change after some time; a list of what is too common or belongs to the context.
package enum PasswordRule {
    /// What stands beside the password.
    package enum Factors: Sendable {
        /// Nothing.
        case passwordAlone
        /// One-time passwords.
        case withCode

        /// The least number of characters (Unicode scalars).
        package var lengthMin: Int { self == .passwordAlone ? 15 : 8 }
    }

    /// Why a password may not be set.
    package enum Weakness: Hashable, Sendable {
        /// It has fewer characters than this.
        case tooShort(min: Int)
        /// Without words that everybody tries and without its owner's name hardly anything is left of it.
        case guessable
        /// It is a short text over and over, or a run such as `abcdefgh`.
        case pattern

        /// What is wrong, as the end of a sentence about the password.
        package var words: String {
            switch self {
            case .tooShort(let min): "has fewer than \(min) characters"
            case .guessable: "is made of words that everybody tries, or of the operator's name"
            case .pattern: "is a pattern: a short text over and over, or a run such as abcdefgh"
            }
        }
    }

    /// Characters that have to be left when the words are taken out: as many as the shortest password has.
    private static let remainderMin = 8
    /// Parts of names shorter than this are no hint.
    private static let namePartMin = 4

    /// What is wrong with a password; `nil`: nothing.
    ///
    /// - Complexity: O(n · m) with n ≤ 1,024 characters and m words, which are about 100.
    package static func weakness(of password: Password, owner: OperatorName, factors: Factors) -> Weakness? {
        let characters = password.lowercased
        guard characters.count >= factors.lengthMin else { return .tooShort(min: factors.lengthMin) }
        guard !isPattern(characters) else { return .pattern }
        let words = CommonPasswords.words + nameParts(owner) + [Array(owner.text.unicodeScalars)]
        return remainder(of: characters, without: words) < remainderMin ? .guessable : nil
    }

    /// The parts of `ada.lovelace@example.org` that are long enough to be recognised.
    private static func nameParts(_ owner: OperatorName) -> [[Unicode.Scalar]] {
        owner.text.unicodeScalars.split { !($0.properties.isAlphabetic || "0"..."9" ~= $0) }
            .filter { $0.count >= namePartMin }.map(Array.init)
    }

    /// How many characters are left when all words are taken out, the longest first.
    private static func remainder(of characters: [Unicode.Scalar], without words: [[Unicode.Scalar]]) -> Int {
        let words = words.sorted { $0.count > $1.count }
        var count = 0
        var rest = characters[...]
        while let first = rest.first {
            if let word = words.first(where: { $0.first == first && rest.starts(with: $0) }) {
                rest = rest.dropFirst(word.count)
            } else {
                rest = rest.dropFirst()
                count += 1
            }
        }
        return count
    }

    /// Whether the characters go up or down by the same step, or repeat something that is at most half as long.
    private static func isPattern(_ characters: [Unicode.Scalar]) -> Bool {
        let steps = zip(characters, characters.dropFirst()).map { Int64($1.value) - Int64($0.value) }
        if let first = steps.first, abs(first) <= 1, steps.allSatisfy({ $0 == first }) { return true }
        return (1...max(1, characters.count / 2)).contains { period in
            period < characters.count && zip(characters, characters.dropFirst(period)).allSatisfy { $0 == $1 }
        }
    }
}
