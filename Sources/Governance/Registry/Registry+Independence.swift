/// Who may be one person with whom.
///
/// Whoever lets an operator in holds, for a moment, what the operator signs in with first, and could use it. So the two
/// count as one until a third vouches for the one who was let in: neither approves what the other has proposed. It goes
/// on along the chain, since who may be ada and lets cleo in may be cleo, too: operators stand in trees, and those of
/// one tree count as one. Where a tree begins is somebody whom the machine has let in, or for whom a third has vouched.
extension Registry {
    /// The operators who may be the same person as a given one, with that one.
    ///
    /// - Complexity: O(n · m) in the operators and the length of their chains.
    package func group(of name: String) -> Set<String> {
        let origin = origin(of: name)
        return Set(operators.keys.filter { self.origin(of: $0) == origin }).union([name])
    }

    /// Whether two operators are two people, as far as the records can tell.
    func areIndependent(_ left: String, _ right: String) -> Bool { origin(of: left) != origin(of: right) }

    /// Where the chain of who has let whom in begins; of a circle, the first by name.
    private func origin(of name: String) -> String {
        var visited = [name]
        while let sponsor = operators[visited[visited.count - 1]]?.sponsor {
            if let first = visited.firstIndex(of: sponsor) { return visited[first...].min() ?? name }
            visited.append(sponsor)
        }
        return visited[visited.count - 1]
    }
}
