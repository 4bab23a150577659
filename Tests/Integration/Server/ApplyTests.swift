import Foundation
import Testing

extension ServerTests {
    /// `headgate apply`: everything as a file says.
    @Suite struct Apply {
        private static let file = """
            headgate-apply: 1
            policy: policy.yaml
            tenants:
              acme:
                plan: standard
                segment: retail
                contract: C-2041
                principals:
                  web: { description: the shop, classes: [work] }
                  erp: { classes: [work, mail] }
                exemptions:
                  archive: { adjust: { class/work: 1.5x }, until: 2126-01-01, reason: they move their archive }
              globex: { plan: large, sandbox: true }
            platform:
              edge: { description: the proxies }

            """

        private func apply(
            _ control: ControlCommandLine, _ text: String, _ arguments: String..., confirming: Bool = false
        ) async throws -> Command {
            let file = try control.folder.write(text, to: "tenants.yaml")
            let all = ["apply", "-f", file] + arguments
            return confirming
                ? try await control.run(all, confirmingAs: "bob")
                : try await control.plain(all)
        }

        /// An exemption of a hundred years is beyond what a policy allows; one of a week is not.
        private func text() -> String {
            let date = Date(timeIntervalSinceNow: 7 * 86_400).formatted(.iso8601.year().month().day())
            return Apply.file.replacing("2126-01-01", with: date)
        }

        @Test func `a file is looked at, applied, and then there is nothing to change`() async throws {
            try await ControlCommandLine.with { control in
                let text = text()
                let looked = try await apply(control, text, "--dry-run")
                #expect(looked.status == 2)
                #expect(looked.output.contains("+ create tenant acme\n    plan: standard\n    segment: retail\n"))
                #expect(looked.output.contains("+ create principal acme/erp\n    classes: work, mail\n"))
                #expect(looked.output.contains("+ propose exemption acme/archive\n    adjust: class/work ×1.5\n"))
                let unasked = try await apply(control, text)
                #expect(unasked.status == 1 && unasked.errors.contains("help: give --yes, or --dry-run"))
                let made = try await apply(control, text, "--yes")
                #expect(made.status == 0, "\(made.errors)")
                #expect(made.output.hasSuffix("6 changes made\n"))
                let again = try await apply(control, text)
                #expect(again.status == 0 && again.output == "nothing to change\n")
                #expect(again.errors.contains("exemption acme/archive waits for somebody else's approval"))
                let same = try await apply(control, text, "--dry-run", "--json")
                #expect(same.status == 0)
                let document = try JSONSerialization.jsonObject(with: Data(same.output.utf8)) as? [String: Any]
                #expect((document?["changes"] as? [Any])?.isEmpty == true)
                _ = try await control.json("exemption", "approve", "acme", "archive", confirmingAs: "carol")
                #expect(try await apply(control, text, "--dry-run").status == 0)
            }
        }

        @Test func `what somebody has changed beside the file is put back, and goes if it is to`() async throws {
            try await ControlCommandLine.with { control in
                let text = text()
                #expect(try await apply(control, text, "--yes").status == 0)
                _ = try await control.json("exemption", "approve", "acme", "archive", confirmingAs: "carol")
                _ = try await control.json("tenant", "change", "globex", "--plan", "standard", "--suspended")
                _ = try await control.json("principal", "set", "acme/cron", "--class", "work")
                _ = try await control.json("principal", "set", "acme/erp", "--class", "mail")
                let shown = try await apply(control, text, "--dry-run")
                #expect(
                    shown.output.contains(
                        "~ change tenant globex\n    plan: standard → large\n    suspended: true → false\n"))
                #expect(shown.output.contains("~ change principal acme/erp\n    classes: mail → work, mail\n"))
                #expect(shown.errors.contains("note: principal acme/cron is not in the file; --prune removes it"))
                #expect(try await apply(control, text, "--yes").status == 0)
                #expect(try await apply(control, text, "--dry-run").status == 0)

                let without = text.replacing(#/\n +archive:[^\n]+/#, with: "").replacing(
                    "exemptions:", with: "exemptions: {}")
                let pruned = try await apply(control, without, "--yes", "--prune", confirming: true)
                #expect(pruned.status == 0, "\(pruned.errors)")
                #expect(pruned.output.contains("done: remove principal acme/cron\ndone: end exemption acme/archive\n"))
                #expect(try await apply(control, without, "--prune", "--dry-run").status == 0)
                let back = try await apply(control, text, "--dry-run")
                #expect(back.status == 0 && back.errors.contains("give it another name to ask for it again"))
            }
        }

        @Test func `a change that fails is told with what was done and what was not`() async throws {
            try await ControlCommandLine.with { control in
                let text = text().replacing("plan: standard", with: "plan: standart")
                let partly = try await apply(control, text, "--yes")
                #expect(partly.status == 1)
                #expect(partly.output.contains("done: create tenant globex\ndone: create principal platform/edge\n"))
                #expect(partly.errors.contains("failed: create tenant acme\nerror: plan: "))
                #expect(partly.errors.contains("not tried: create principal acme/web\n"))
                #expect(partly.errors.hasSuffix("2 made, 1 failed, 3 not tried\n"))
                let json = try await apply(control, text, "--yes", "--json")
                let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
                let states = (document?["changes"] as? [[String: Any]])?.compactMap { $0["state"] as? String }
                #expect(states == ["failed", "skipped", "skipped", "skipped"])

                let changed = try await apply(control, self.text(), "--yes")
                #expect(changed.status == 0, "\(changed.errors)")
                let other = try await apply(control, self.text().replacing("1.5x", with: "1.2x"), "--yes")
                #expect(other.status == 1 && other.errors.contains("is there with other terms"))
            }
        }

        @Test func `a policy of the file is proposed once`() async throws {
            try await ControlCommandLine.with { control in
                let text = text()
                let next = ControlCommandLine.policy.replacing("rate: 300/day", with: "rate: 600/day")
                _ = try control.folder.write(next, to: "policy.yaml")
                let made = try await apply(control, text, "--yes", "--reason", "they grow")
                #expect(made.status == 0 && made.output.contains("done: propose policy governed\n"), "\(made.errors)")
                let again = try await apply(control, text)
                #expect(again.output == "nothing to change\n")
                #expect(again.errors.contains("the policy was proposed as p2 and waits for somebody else's approval"))
            }
        }

        @Test func `everything that is wrong with a file is said at once`() async throws {
            try await ControlCommandLine.with { control in
                let wrong = try await apply(
                    control,
                    """
                    headgate-apply: 1
                    tenants:
                      acme: { plan: standard, segmnt: retail }
                      platform: { plan: standard }
                      globex:
                        plan: large
                        exemptions: { x: { adjust: { classes/export: 2x, tenant: lots }, until: 7d, reason: r } }

                    """)
                #expect(wrong.status == 1 && wrong.output.isEmpty)
                for text in [
                    "tenants.yaml:3:27: error: a tenant has no key `segmnt`", "did you mean `segment`?",
                    "`platform` is no name for a tenant", "`classes/export` is no part of a plan",
                    "`lots` is not a whole number", "it says moments and not how far away they are",
                ] {
                    #expect(wrong.errors.contains(text), "\(text) in\n\(wrong.errors)")
                }
                let none = try await control.run("apply", "-f", "none.yaml")
                #expect(none.status == 1 && none.errors.contains("none.yaml cannot be read"))
            }
        }
    }
}
