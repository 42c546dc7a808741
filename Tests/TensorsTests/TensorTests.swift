import Tensors
import Testing

@Suite struct TensorTests {
    private let counting = Tensor(shape: [2, 3, 4], values: (0..<24).map(Float.init))

    @Test func indexesInRowMajorOrder() {
        #expect(counting[0, 0, 0] == 0)
        #expect(counting[1, 2, 3] == 23)
        #expect(counting[1, 0, 2] == 14)
        #expect(counting[flat: 14] == 14)
        #expect(Tensor(shape: [], values: [7])[] == 7)
    }

    @Test func repeatsAValue() {
        #expect(Tensor(shape: [2, 2]).values == [0, 0, 0, 0])
        #expect(Tensor(shape: [2, 2], repeating: 1.5).values == [1.5, 1.5, 1.5, 1.5])
        #expect(Tensor(shape: [1], repeating: -0.0)[0].sign == .minus)
    }

    @Test func storageIsAlignedToACacheLine() {
        for count in [0, 1, 15, 16, 17, 1000] {
            let address = unsafe Tensor(shape: [count]).withUnsafeValues { Int(bitPattern: $0.baseAddress) }
            #expect(address % AlignedStorage.alignment == 0)
        }
    }

    @Test func writingACopyLeavesTheOriginal() {
        var copy = counting
        copy[1, 2, 3] = -1
        copy[flat: 0] = -2
        #expect(counting[1, 2, 3] == 23 && counting[0, 0, 0] == 0)
        #expect(copy[1, 2, 3] == -1 && copy[0, 0, 0] == -2)
        var reshaped = counting.reshaped(to: [24])
        unsafe reshaped.withUnsafeMutableValues { unsafe $0[5] = 100 }
        #expect(reshaped[5] == 100 && counting[flat: 5] == 5)
    }

    @Test func writingAnUnsharedTensorCopiesNothing() {
        var tensor = Tensor(shape: [64])
        let before = unsafe tensor.withUnsafeValues { Int(bitPattern: $0.baseAddress) }
        for index in 0..<64 { tensor[flat: index] = Float(index) }
        let after = unsafe tensor.withUnsafeValues { Int(bitPattern: $0.baseAddress) }
        #expect(before == after)
    }

    @Test func initializerHandsOutZeroedValues() {
        let tensor = unsafe Tensor(shape: [3]) { values in
            let zeroed = unsafe values.allSatisfy { $0 == 0 }
            #expect(zeroed)
            unsafe values[1] = 2
        }
        #expect(tensor.values == [0, 2, 0])
    }

    @Test func initializerPassesAnErrorOn() {
        struct Fault: Error {}
        #expect(throws: Fault.self) { _ = try unsafe Tensor(shape: [3]) { _ in throw Fault() } }
    }

    @Test func slicesAlongTheFirstAxisAndStacksThemAgain() {
        let parts = [counting.slice(0), counting.slice(1)]
        #expect(parts[1].shape == [3, 4])
        #expect(parts[1].values == (12..<24).map(Float.init))
        #expect(Tensor.stacked(parts) == counting)
    }

    @Test func equalityIsThatOfFloats() {
        let zeros = Tensor(shape: [2], values: [0, -0.0])
        #expect(zeros == Tensor(shape: [2], values: [-0.0, 0]))
        #expect(!zeros.isIdentical(to: Tensor(shape: [2], values: [-0.0, 0])))
        let nan = Tensor(shape: [1], values: [.nan])
        #expect(nan != nan)
        #expect(nan.isIdentical(to: nan))
        #expect(Tensor(shape: [2, 1]) != Tensor(shape: [1, 2]))
        #expect(!Tensor(shape: [2, 1]).isIdentical(to: Tensor(shape: [1, 2])))
    }

    @Test func bytesAreLittleEndianAndComeBack() {
        let tensor = Tensor(shape: [2], values: [1, -2.5])
        #expect(tensor.littleEndianBytes == [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0])
        let padded: [UInt8] = [9] + tensor.littleEndianBytes
        #expect(Tensor(shape: [2], littleEndianBytes: padded[1...]) == tensor)
        #expect(IndexTensor(shape: [2], values: [1, -2]).littleEndianBytes == [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF])
    }

    @Test func trapsOnAnIndexOutsideAnAxis() async {
        // [0, 3] would be within the storage of a [2, 3] tensor.
        await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2, 3])[0, 3] }
        await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2, 3])[flat: 6] }
        await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2, 3])[1] }
        await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2, 3]).slice(2) }
        await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2, 3], values: [1]) }
        await #expect(processExitsWith: .failure) { _ = Tensor(shape: [2, 3]).reshaped(to: [5]) }
    }
}
