import Tensors
import Testing

@Suite struct ShapeTests {
    @Test func countIsTheProductOfTheDimensions() {
        #expect(Shape([3, 227, 227]).count == 154_587)
        #expect(Shape([]).count == 1)
        #expect(Shape([4, 0, 7]).count == 0)
    }

    @Test func describesItselfAsAList() {
        #expect("\(Shape([3, 227, 227]))" == "[3, 227, 227]")
        let literal: Shape = [2, 5]
        #expect(literal == Shape([2, 5]))
        #expect(literal.rank == 2 && literal[1] == 5)
    }

    @Test func refusesNegativeAndOverflowingSizes() {
        #expect(Shape.elementCount(of: [2, -1]) == nil)
        #expect(Shape.elementCount(of: [1 << 32, 1 << 32]) == nil)
        #expect(Shape.elementCount(of: [0, 1 << 32, 1 << 32]) == nil)
        #expect(Shape.elementCount(of: [1 << 31, 0, 1 << 31]) == 0)
    }

    @Test func trapsOnANegativeSize() async {
        await #expect(processExitsWith: .failure) { _ = Shape([1, -1]) }
    }
}
