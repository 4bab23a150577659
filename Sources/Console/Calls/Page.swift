internal import Foundation

/// A part of a list: where it begins and how long it is.
struct Page: Sendable {
    /// The key behind which it begins; `nil`: at the beginning.
    let after: String?
    /// The most elements.
    let limit: Int

    /// The most elements of any page.
    static let limitMax = 200
    /// Elements where nothing is said.
    static let limitUsual = 50

    /// What is written of a key, so that nobody reads more into it.
    static func cursor(_ key: String) -> String {
        Data(key.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    /// Reads a cursor.
    static func key(of cursor: String) -> String? {
        let plain = cursor.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        return Data(base64Encoded: plain + padding).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The elements of the page, in the order of their keys, and the key at which the next page begins.
    ///
    /// - Complexity: O(n log limit): a list of a million is passed over and never sorted.
    func select<Element>(
        _ elements: some Sequence<Element>, key: (Element) -> String, where isWanted: (Element) -> Bool
    ) -> (elements: [Element], next: String?) {
        var kept: [(key: String, element: Element)] = []
        for element in elements {
            let name = key(element)
            if let after, name <= after { continue }
            if kept.count > limit, let last = kept.last, last.key <= name { continue }
            guard isWanted(element) else { continue }
            var low = 0
            var high = kept.count
            while low < high {
                let middle = (low + high) / 2
                if kept[middle].key < name { low = middle + 1 } else { high = middle }
            }
            kept.insert((name, element), at: low)
            if kept.count > limit + 1 { kept.removeLast() }
        }
        let page = kept.prefix(limit)
        return (page.map(\.element), kept.count > limit ? page.last?.key : nil)
    }
}
