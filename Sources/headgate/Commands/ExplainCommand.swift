internal import ArgumentParser
internal import Journal
internal import Vocabulary

/// `headgate explain`: the story of one decision.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tell the story of one decision in plain words.",
        discussion: """
            What was asked, every budget that was looked at with its state, which one decided, under which policy \
            version, and what would have let it through. The id is in the answer's field Headgate-Decision, or in \
            'headgate journal'.
            """)

    @Argument(help: "The decision's id, or its first 8 characters or more.")
    var id: String
    @OptionGroup var folder: DataOptions
    @Flag(help: "JSON for tools.")
    var json = false

    func run() throws {
        do {
            let reader = try JournalReader(folder: folder.data)
            let record = try reader.record(id: id)
            let story = DecisionStory(record, policy: try reader.policy(version: record.policyVersion))
            Terminal.write((json ? story.json.pretty : story.text) + "\n")
        } catch {
            throw Terminal.fail("error: \(error.description)")
        }
    }
}
