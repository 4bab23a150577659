/// What was measured, for people and for programs.
enum Report {
    /// Two tables in Markdown.
    static func table(_ rows: [BenchmarkCase.Row], _ reloads: [ReloadCase.Row]) -> String {
        var lines = [
            "| case | tenants | threads | ns per decision | million per second | allocations | bytes per tenant |",
            "|---|--:|--:|--:|--:|--:|--:|",
        ]
        lines += rows.map { row in
            let speed = (100_000 / row.nanoseconds).rounded() / 100
            return "| \(row.name) | \(row.tenants) | \(row.threads) | \(Int(row.nanoseconds.rounded())) | \(speed) "
                + "| \(row.allocations) | \(row.bytes) |"
        }
        lines += ["", "| during a reload, with clock reads | median ns | p99.9 ns | longest ns | reload ms |"]
        lines += ["|---|--:|--:|--:|--:|"]
        lines += reloads.map { row in
            "| \(row.tenants) tenants | \(row.median) | \(row.permille999) | \(row.longest) "
                + "| \(row.reloadMilliseconds) |"
        }
        return lines.joined(separator: "\n")
    }

    /// One object.
    static func json(_ rows: [BenchmarkCase.Row], _ reloads: [ReloadCase.Row]) -> String {
        let rows = rows.map { row in
            #"{"case": "\#(row.name)", "tenants": \#(row.tenants), "threads": \#(row.threads), "#
                + #""nanosecondsPerDecision": \#(row.nanoseconds), "allocationsPerDecision": \#(row.allocations), "#
                + #""bytesPerTenant": \#(row.bytes)}"#
        }
        let reloads = reloads.map { row in
            #"{"tenants": \#(row.tenants), "medianNanoseconds": \#(row.median), "#
                + #""p999Nanoseconds": \#(row.permille999), "longestNanoseconds": \#(row.longest), "#
                + #""reloadMilliseconds": \#(row.reloadMilliseconds)}"#
        }
        return #"{"decisions": [\#(rows.joined(separator: ", "))], "reloads": [\#(reloads.joined(separator: ", "))]}"#
    }
}
