import Foundation
import Tensors
import TestSupport
import Testing

/// What NumPy wrote and what it read back; `Fixtures/npy/make.py` made both.
@Suite struct NPYTests {
    private struct Expected: Decodable {
        let shape: [Int]
        let values: [String]
    }

    @Test func readsWhatNumPyWrote() throws {
        let json = Data(try Fixtures.bytes("npy/expected.json"))
        let expected = try JSONDecoder().decode([String: Expected].self, from: json)
        #expect(expected.count >= 25)
        for (name, file) in expected {
            let tensor = try NPY.decode(try Fixtures.bytes("npy/\(name).npy"))
            #expect(tensor.shape.dimensions == file.shape, "\(name)")
            let values = try file.values.map { Float(try #require(Double($0))) }
            for (found, value) in zip(tensor.values, values) {
                let isSame = found.bitPattern == value.bitPattern || found.isNaN && value.isNaN
                #expect(isSame, "\(name): \(found), not \(value)")
            }
        }
    }

    @Test func writesTheBytesThatNumPyWrites() throws {
        let file = try Fixtures.bytes("npy/float_f4.npy")
        #expect(NPY.encode(try NPY.decode(file)) == file)
        let scalar = try Fixtures.bytes("npy/scalar.npy")
        #expect(NPY.encode(try NPY.decode(scalar)) == scalar)
        let vector = try Fixtures.bytes("npy/vector.npy")
        #expect(NPY.encode(try NPY.decode(vector)) == vector)
        let integers = IndexTensor(shape: [5], values: [0, 1, .min, .max, .max - 1])
        #expect(NPY.encode(integers) == (try Fixtures.bytes("npy/integer_i4.npy")))
    }

    @Test func dataStartsAtAMultipleOf64() {
        for rank in 0...32 {
            let file = NPY.encode(Tensor(shape: Shape([Int](repeating: 1, count: rank)), repeating: 2))
            #expect((file.count - 4) % 64 == 0)
        }
    }

    @Test func everyTensorComesBack() throws {
        for shape: Shape in [[], [1], [0], [7, 0], [2, 3, 4, 5]] {
            let tensor = randomTensor(shape: shape, seed: 3)
            #expect(try NPY.decode(NPY.encode(tensor)).isIdentical(to: tensor))
        }
    }

    @Test func keepsTheBitsOfFloats() throws {
        let odd = Tensor(shape: [4], values: [-0.0, .infinity, .leastNonzeroMagnitude, Float(bitPattern: 0x7FC0_1234)])
        #expect(try NPY.decode(NPY.encode(odd)).isIdentical(to: odd))
    }

    @Test func everyHalfIsReadExactly() throws {
        let halves = (0...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }
        let data = halves.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let tensor = try NPY.decode(
            HostileNPY.file("{'descr': '<f2', 'fortran_order': False, 'shape': (63488,), }", data))
        for (half, value) in zip(halves, tensor.values) {
            // Rebuilt from the definition: sign, 5 bits of exponent with bias 15, 10 bits of fraction.
            let exponent = Int(half >> 10 & 31)
            let fraction = Double(half & 1023) / 1024
            let magnitude = exponent == 0 ? fraction * 0x1p-14 : (1 + fraction) * exp2(Double(exponent - 15))
            let expected = Float(half & 0x8000 == 0 ? magnitude : -magnitude)
            if value.bitPattern != expected.bitPattern { Issue.record("half \(half): \(value), not \(expected)") }
        }
    }
}
