/// Writes numbers for people and for documents.
enum NumberText {
    /// A whole number with its thousands grouped: `5,000,000`.
    static func grouped(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// A fraction of a power of ten without trailing zeros: 2,330 of scale 1,000 is `2.33`.
    static func decimal(_ number: Int128, scale: Int128, grouped: Bool = true) -> String {
        let (whole, rest) = number.magnitude.quotientAndRemainder(dividingBy: scale.magnitude)
        var text = number < 0 ? "-" : ""
        text += grouped ? NumberText.grouped(whole) : String(whole)
        guard rest > 0 else { return text }
        let width = String(scale).count - 1
        let digits = String(rest)
        var fraction = String(repeating: "0", count: width - digits.count) + digits
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return text + "." + fraction
    }

    /// A number of bytes as policies write it, in the largest unit that divides it: `16MiB`.
    static func bytes(_ number: Int64) -> String {
        let units: [(String, Int64)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        for (name, size) in units where number > 0 && number % size == 0 { return "\(number / size)\(name)" }
        return "\(number)B"
    }

    /// A count with its noun: `1 class`, `3 classes`.
    static func count(_ number: some BinaryInteger, _ singular: String, _ plural: String) -> String {
        "\(grouped(number)) \(number == 1 ? singular : plural)"
    }
}
