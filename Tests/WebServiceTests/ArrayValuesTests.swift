import Foundation
import Tensors
import Testing

@testable import WebService

/// Arrays are written straight from their values, in pieces.
struct ArrayValuesTests {
    private func tensor(_ sizes: [Int]) -> Tensor {
        let count = sizes.reduce(1, *)
        return Tensor(shape: Shape(sizes), values: (0..<count).map { Float($0) * 0.37 - 5 })
    }

    private func text(_ json: JSON) -> String { String(decoding: json.encoded(), as: UTF8.self) }

    @Test(arguments: [0, 1, 2, 3, 3071, 3072, 3073, 6144, 10_000])
    func piecesOfBase64Join(count: Int) throws {
        let values = tensor([count])
        #expect(text(.packed(.floats(values))) == "\"\(Base64.encode(values.littleEndianBytes))\"\n")
        let indices = IndexTensor(shape: [count], values: (0..<count).map { Int32($0) - 7 })
        #expect(text(.packed(.indices(indices))) == "\"\(Base64.encode(indices.littleEndianBytes))\"\n")
    }

    @Test func listsStandInLists() {
        #expect(text(.nested(.floats(tensor([2, 1, 3])))) == "[[[-5.0,-4.63,-4.26]],[[-3.8899999,-3.52,-3.15]]]\n")
        let indices = IndexTensor(shape: [2, 2], values: [1, -2, 3, .max])
        #expect(text(.nested(.indices(indices))) == "[[1,-2],[3,2147483647]]\n")
        #expect(text(.nested(.floats(tensor([0])))) == "[]\n")
        #expect(text(.nested(.floats(tensor([2, 0])))) == "[[],[]]\n")
    }

    @Test func roomIsMadeOnce() {
        for values in [tensor([3, 50, 50]), Tensor(shape: [5000], repeating: -1.234_567_8e-38)] {
            for json in [JSON.packed(.floats(values)), .nested(.floats(values)), .array([.nested(.floats(values))])] {
                let document = JSON.members(["array": json, "name": .string("a")]).encoded()
                // Grown in steps it would have room for up to twice as much.
                #expect(document.capacity <= values.shape.count * 17 + 200)
            }
        }
    }
}
