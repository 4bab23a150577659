import Admission

extension ReferenceScheduler {
    /// Other settings: tiers are renamed, and what had their names with them.
    mutating func apply(_ next: SchedulerSettings, _ successors: [Int], limit: Int) {
        settings = next
        self.limit = min(max(0, limit), next.limitMax)
        let old = tiers
        tiers = Array(repeating: Tier(), count: next.tiers.count)
        for (tier, successor) in successors.enumerated() { tiers[successor] = old[tier] }
        if successors.indices.contains(threshold.tier) { threshold.tier = successors[threshold.tier] }
        rename(successors, old)
        for index in waiting.indices { waiting[index].arrival.tier = successors[waiting[index].arrival.tier] }
        for index in running.indices { running[index].arrival.tier = successors[running[index].arrival.tier] }
        for tier in tiers.indices where !waiting(tier).isEmpty && !tiers[tier].drain.isRunning {
            tiers[tier].drain.begin(at: now)
        }
    }

    private mutating func rename(_ successors: [Int], _ old: [Tier]) {
        var lengths: [QueueName: Int] = [:]
        for name in queues.keys { lengths[name] = length(name) }
        let ordered = queues.sorted { left, right in
            (left.key.tier, lengths[left.key] ?? 0, left.value.changed)
                < (right.key.tier, lengths[right.key] ?? 0, right.value.changed)
        }
        queues = [:]
        for (name, queue) in ordered {
            let successor = QueueName(tenant: name.tenant, tier: successors[name.tier])
            let ahead = queue.tag - old[name.tier].virtualTime
            let start = tiers[successor.tier].virtualTime
            var next = queue
            next.tag = start + ahead
            if let other = queues[successor] {
                next.tag = start + max(0, ahead) + max(0, other.tag - start)
                next.average = max(queue.average, other.average)
                next.weight = max(queue.weight, other.weight)
                next.idle = min(queue.idle, other.idle)
            }
            changes += 1
            next.changed = lengths[name, default: 0] > 0 ? changes : queues[successor]?.changed ?? changes
            queues[successor] = next
            tiers[successor.tier].highestTag = max(tiers[successor.tier].highestTag, next.tag)
        }
    }
}
