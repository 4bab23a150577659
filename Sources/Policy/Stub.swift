package enum PolicySchema { package static var text: String { "" } }
