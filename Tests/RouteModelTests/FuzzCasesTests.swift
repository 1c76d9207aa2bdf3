import Fuzzing
import Testing

/// The walk through a fuzzer's seeds.
@Suite struct FuzzCasesTests {
    @Test("A case that does not end is the end of the process, and its seed is told")
    func endless() async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            for seed in FuzzCases(3, limit: .milliseconds(200)) {
                var rounds = 0
                while seed == 2 { rounds &+= 1 }
            }
        }
        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(text.contains("The fuzzer's case with seed 2 has not ended within 0.2 seconds."), "\(text)")
    }

    @Test("What follows the last case, or a case at which the walk ended, may take its time")
    func after() async {
        await #expect(processExitsWith: .success) {
            for _ in FuzzCases(3, limit: .milliseconds(100)) {}
            for _ in FuzzCases(3, limit: .milliseconds(100)) { break }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    @Test("The cases of an ordinary run are divided among the parts without rest")
    func parts() {
        let parts = (0..<4).map { Array(FuzzCases(100, part: $0, of: 4)) }
        #expect(parts.flatMap { $0 } == Array(FuzzCases(100)))
    }
}
