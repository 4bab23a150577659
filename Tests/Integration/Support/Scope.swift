/// Runs a body and then, whatever became of it, its clean-up.
func withCleanUp<Result>(
    _ body: () async throws -> Result, cleanUp: () async -> Void
) async throws -> Result {
    do {
        let result = try await body()
        await cleanUp()
        return result
    } catch {
        await cleanUp()
        throw error
    }
}
