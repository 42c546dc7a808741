import Kernels
import TestSupport
import Tensors
import Testing

/// Instruction sets, buffers and errors.
struct ContextTests {
    @Test func scalarIsAlwaysThereAndTheBestIsAvailable() {
        #expect(InstructionSet.scalar.isAvailable)
        #expect(InstructionSet.available.contains(InstructionSet.best))
        #expect(InstructionSet.available.last == .scalar)
        #expect(KernelContext(instructionSet: .best).instructionSet == .best)
    }

    @Test func namesAreThoseOfTheSetting() {
        #expect(InstructionSet.allCases.map(\.rawValue) == ["avx512", "avx2", "neon", "scalar"])
    }

    @Test(
        arguments: InstructionSet.allCases.filter { !$0.isAvailable })
    func thisProcessorCannotRun(_ set: InstructionSet) {
        // Says in the log which variants the other tests could not reach.
        print("SKIPPED: this processor cannot run \(set.rawValue) kernels; they were not compared with the scalar twin")
        #expect(!InstructionSet.available.contains(set))
    }

    @Test func buffersComeBackWithTheLastMapsThatUseThem() {
        let buffers = BufferPool()
        do {
            let maps = BlockedMaps(images: 1, channels: 32, height: 40, width: 40, from: buffers)
            let view = maps.view(channels: 0..<16)
            #expect(buffers.keptBytes == 0)
            #expect(view.channels == 16)
        }
        #expect(buffers.keptBytes >= 32 * 1600 * 4)
        let kept = buffers.keptBytes
        do {
            _ = BlockedMaps(images: 1, channels: 32, height: 40, width: 40, from: buffers)
        }
        #expect(buffers.keptBytes == kept)
        buffers.trim()
        #expect(buffers.keptBytes == 0)
    }

    @Test func aPoolKeepsNoMoreThanItMay() {
        let buffers = BufferPool(keepingBytes: 1 << 16)
        for size in 1...40 {
            _ = BlockedMaps(images: 1, channels: 16, height: size, width: size, from: buffers)
            #expect(buffers.keptBytes <= 1 << 16)
        }
    }

    @Test func workThatRepeatsTakesNoNewBuffers() throws {
        let problem = ConvolutionProblem.named[2]
        let (weights, x) = (problem.weights, BlockedMaps(problem.inputTensor))
        try withThreads(2) { pooled in
            let context = KernelContext(buffers: BufferPool(), team: pooled.team)
            func pass() {
                let maps = Convolution.forward(x, weights, activation: .relu, context)
                _ = TransposedConvolution.adjoint(
                    maps, weights, height: problem.height, width: problem.width, context)
            }
            pass()
            let kept = context.buffers.keptBytes
            for _ in 0..<5 { pass() }
            #expect(context.buffers.keptBytes == kept)
        }
    }

    @Test func errorsSayWhatWasWrong() {
        #expect(
            KernelsError.notANumber(operation: "max pooling").description
                == "max pooling: a value is not a number (NaN)")
        #expect(
            KernelsError.switchOutOfRange(operation: "max pooling", limit: 9).description
                == "max pooling: a switch lies outside its plane of 9 positions")
    }
}
