package struct PolicyDifference { package init(from: Snapshot, to: Snapshot) {}; package var text: String { "" }; package var json: String { "" } }
package struct PolicyExplanation { package init(of: Snapshot) {}; package var text: String { "" }; package var json: String { "" }; package var overloadText: String { "" }; package var overloadJSON: String { "" } }
package enum PolicySchema { package static var text: String { "" } }
