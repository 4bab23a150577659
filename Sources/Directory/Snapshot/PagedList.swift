/// A list whose copies share what none of them has changed: pages of a thousand elements.
///
/// A new version of a directory differs from the one before in a few places. Copying the list copies its references to
/// pages, and changing an element copies one page, so a change costs the same however long the list is; a flat array of
/// a million elements would be copied as a whole. Reading costs one more memory access.
package struct PagedList<Element: Sendable>: Sendable {
    private var pages: [[Element]] = []
    /// How many elements there are.
    package private(set) var count = 0

    /// Elements of a page, as a power of two: a page of tenants has some 90 KB, and a million tenants 1,000 pages.
    private static var pageBits: Int { 10 }
    private static var pageMask: Int { 1 << pageBits - 1 }

    /// No elements.
    init() {}

    /// Elements in their order.
    init(_ elements: some Sequence<Element>) {
        for element in elements { append(element) }
    }

    /// Adds an element at the end.
    ///
    /// - Complexity: O(1) amortized, O(page) if the last page is shared.
    mutating func append(_ element: Element) {
        if count & Self.pageMask == 0 { pages.append([]) }
        let last = pages.count - 1
        // The first page grows as it needs to: most lists never have a second one.
        if last > 0, pages[last].isEmpty { pages[last].reserveCapacity(1 << Self.pageBits) }
        pages[last].append(element)
        count += 1
    }

    /// Puts another element into a place.
    ///
    /// - Complexity: O(1), O(page) if its page is shared.
    mutating func replace(at index: Int, with element: Element) {
        pages[index >> Self.pageBits][index & Self.pageMask] = element
    }

    /// Puts an element into a place, or adds it at the end if the place is the first that is not there.
    mutating func put(_ element: Element, at index: Int) {
        if index == count { append(element) } else { replace(at: index, with: element) }
    }
}

extension PagedList: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    /// The element of a place.
    ///
    /// - Complexity: O(1).
    package subscript(index: Int) -> Element {
        // Lent and not copied: who wants a tenant's name need not retain all that the tenant holds.
        _read { yield pages[index >> Self.pageBits][index & Self.pageMask] }
    }
}
