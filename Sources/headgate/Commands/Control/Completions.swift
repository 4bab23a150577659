internal import ArgumentParser
internal import Foundation
internal import Policy

/// What shells offer where only the server knows what there is.
enum Completions {
    /// Tenants whose names begin with what was typed, if somebody has signed in.
    static var tenants: CompletionKind {
        .custom { _, _, typed in
            guard let options = try? ControlOptions.parse([]),
                let api = try? ControlAPI(options, calls: ["listTenants"], isQuiet: true),
                let page = try? await api.call(
                    "listTenants", query: [("text", typed.isEmpty ? nil : typed), ("limit", "50")])
            else { return [] }
            let names = page.value["items"]?.items.compactMap { $0["name"]?.text } ?? []
            return names.filter { $0.hasPrefix(typed) }
        }
    }
}
