import Testing
import Vocabulary

@testable import Journal

struct DecisionStoryTests {
    @Test(arguments: Samples.stories.map(\.name))
    func `a story reads as recorded`(name: String) throws {
        let record = try #require(Samples.stories.first { $0.name == name }?.record)
        let story = DecisionStory(record, policy: Samples.policy)
        try expectSnapshot(story.text, "story-\(name).txt")
        try expectSnapshot(story.json.pretty, "story-\(name).json")
    }

    @Test func `the table reads as recorded and fits 120 columns`() throws {
        var lines = [JournalTable.header]
        for story in Samples.stories { lines.append(JournalTable.line(story.record)) }
        #expect(lines.allSatisfy { $0.count <= JournalTable.width })
        try expectSnapshot(lines.joined(separator: "\n"), "table.txt")
    }
}
