import Testing

@testable import Directory

struct IndexTableTests {
    @Test(arguments: [0, 1, 2, 3, 7, 64, 1_000])
    func `what was entered is found, also where all hashes collide`(_ count: Int) {
        for hash: (Int) -> UInt64 in [{ UInt64($0) }, { _ in .max }, { UInt64($0) << 32 }, { UInt64($0 % 3) }] {
            var table = IndexTable(count: count)
            for index in 0..<count { table.insert(index, hash: hash(index)) }
            for index in 0..<count { #expect(table.firstIndex(hash: hash(index)) { $0 == index } == index) }
            #expect(table.firstIndex(hash: hash(count)) { $0 == count } == nil)
        }
    }
}
