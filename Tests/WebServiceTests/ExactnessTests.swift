import Foundation
import HTTP
import HTTPTypes
import Switchback
import Testing
import TestSupport

/// The same request gives the same bytes: any number of threads, any instruction set, any load.
struct ExactnessTests {
    /// One request of each kind and form; small sweeps, so that scalar kernels finish in seconds.
    private static let requests = [
        "/predict?top=10", "/predict?format=png", "/predict?format=npy&array=logits",
        "/activations?layer=fire9&format=npy",
        "/activations?layer=conv1&format=png&feature_map=top:4", "/deconv?layer=fire5&feature_map=top:3",
        "/deconv?layer=fire9&format=png", "/deconv?layer=conv10&format=npy", "/occlusion?patch=64&stride=64",
        "/occlusion?patch=64&stride=64&format=png&view=figure", "/occlusion?patch=64&stride=64&format=npy&target=all",
        "/ablation?layer=fire9&feature_map=top:3", "/ablation?layer=fire9&feature_map=1+2,3&format=npy&array=logits",
        "/ablation?layer=fire9&feature_map=top:3&format=png",
    ]

    private static let expected = Result {
        try bodies(of: try TestService(threads: 2, limits: EngineLimits(seenImageBytes: 0)))
    }

    private static func bodies(of service: TestService) throws -> [[UInt8]] {
        let photo = try TestService.chelsea()
        return try requests.map { target in
            let answer = try service.ask(target, body: photo)
            guard answer.status == .ok else { throw TestFailure("\(target): \(try TestService.detail(answer))") }
            return answer.body
        }
    }

    private func expectSame(_ service: TestService, _ what: String) throws {
        for (target, pair) in zip(Self.requests, zip(try Self.bodies(of: service), try Self.expected.get())) {
            #expect(pair.0 == pair.1, "\(target) with \(what)")
        }
    }

    @Test(arguments: [1, 4]) func isTheSameForAnyNumberOfThreads(threads: Int) throws {
        try expectSame(TestService(threads: threads), "\(threads) threads")
    }

    @Test(arguments: ["avx512", "avx2", "neon", "scalar"])
    func isTheSameFromEveryInstructionSet(name: String) throws {
        let service: TestService
        do {
            service = try TestService(instructionSet: name)
        } catch SwitchbackError.badValue {
            print("SKIPPED: this processor has no \(name); run the tests on one that has")
            return
        }
        try expectSame(service, name)
    }

    /// Computed every time, and with all that can be kept kept.
    @Test(arguments: [0, 64 << 20]) func isTheSameUnderLoad(keptBytes: Int) throws {
        let service = try TestService(
            threads: 2, limits: EngineLimits(seenImageBytes: keptBytes), answerCacheBytes: keptBytes)
        let photo = try TestService.chelsea()
        let expected = try Self.expected.get()
        try withRunningService(service) { client in
            // Four clients at a time, each with its own order of requests.
            DispatchQueue.concurrentPerform(iterations: 4) { worker in
                for step in Self.requests.indices {
                    let index = (step * 3 + worker * 5) % Self.requests.count
                    let answer = try? client.send("POST", Self.requests[index], type: "image/png", body: photo)
                    #expect(answer?.status == 200)
                    #expect(answer?.body == expected[index], "\(Self.requests[index])")
                }
            }
        }
    }
}
