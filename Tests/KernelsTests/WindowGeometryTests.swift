import Kernels
import Testing

/// Window arithmetic.
struct WindowGeometryTests {
    /// All sensible combinations of small numbers along one axis.
    static let axes: [WindowGeometry] = {
        var all: [WindowGeometry] = []
        for kernel in 1...4 {
            for stride in 1...3 {
                for dilation in 1...3 {
                    for (before, after) in [(0, 0), (1, 1), (0, 2), (2, 1)] {
                        for ceil in [false, true] {
                            all.append(
                                WindowGeometry(
                                    kernelHeight: kernel, kernelWidth: 1, strideY: stride, dilationY: dilation,
                                    padTop: before, padBottom: after, ceilMode: ceil))
                        }
                    }
                }
            }
        }
        return all
    }()

    @Test(arguments: [
        (227, 3, 2, 1, false, 114), (114, 3, 2, 0, false, 56), (56, 3, 2, 0, false, 27), (27, 3, 2, 0, false, 13),
        (112, 3, 2, 1, false, 56), (55, 3, 2, 0, true, 27), (56, 3, 2, 0, true, 28), (13, 1, 1, 0, false, 13),
        (5, 2, 2, 0, true, 3), (4, 2, 2, 1, true, 3), (3, 2, 3, 1, true, 2), (2, 2, 3, 1, true, 1),
    ])
    func countsWindowsAsPyTorchAndONNXDo(
        size: Int, kernel: Int, stride: Int, pad: Int, isCeil: Bool, expected: Int
    ) {
        let geometry = WindowGeometry(kernel: kernel, stride: stride, pad: pad, ceilMode: isCeil)
        #expect(geometry.outputSize(height: size, width: size)?.height == expected)
        #expect(geometry.outputSize(height: size, width: size)?.width == expected)
    }

    @Test func withoutCeilingCountsTheWindowsThatFit() {
        for geometry in WindowGeometryTests.axes where !geometry.ceilMode {
            for size in 1...12 {
                let length = size + geometry.padTop + geometry.padBottom
                let fitting = stride(from: 0, through: length - geometry.effectiveKernelHeight, by: geometry.strideY)
                let expected = Array(fitting).isEmpty ? nil : Array(fitting).count
                #expect(geometry.outputSize(height: size, width: 1)?.height == expected, "\(geometry) of \(size)")
            }
        }
    }

    @Test func withCeilingNoWindowStartsBehindTheImage() {
        // A window that lies in the padding altogether is no sensible pooling; the rule leaves out one such at most.
        for geometry in WindowGeometryTests.axes
        where geometry.ceilMode && geometry.effectiveKernelHeight > geometry.padBottom {
            for size in 1...12 {
                guard let count = geometry.outputSize(height: size, width: 1)?.height else { continue }
                #expect((count - 1) * geometry.strideY < size + geometry.padTop, "\(geometry) of \(size)")
                // One more window would start behind the image, or end behind the padding by a stride or more.
                let next = count * geometry.strideY
                let end = next + geometry.effectiveKernelHeight
                let isTooFar = end - geometry.strideY >= size + geometry.padTop + geometry.padBottom
                #expect(next >= size + geometry.padTop || isTooFar, "\(geometry) of \(size)")
            }
        }
    }

    @Test func refusesNumbersThatMakeNoSense() {
        #expect(WindowGeometry(kernel: 0).outputSize(height: 4, width: 4) == nil)
        #expect(WindowGeometry(kernel: 2, stride: 0).outputSize(height: 4, width: 4) == nil)
        #expect(WindowGeometry(kernel: 2, dilation: 0).outputSize(height: 4, width: 4) == nil)
        #expect(WindowGeometry(kernel: 2, pad: -1).outputSize(height: 4, width: 4) == nil)
        #expect(WindowGeometry(kernel: 5).outputSize(height: 4, width: 9) == nil)
        #expect(WindowGeometry(kernel: 1).outputSize(height: 0, width: 4) == nil)
        #expect(WindowGeometry(kernel: .max, dilation: .max).outputSize(height: 4, width: 4) == nil)
        #expect(WindowGeometry(kernel: 3, pad: .max).outputSize(height: 4, width: 4) == nil)
    }

    @Test func rangesAgreeWithEveryWindowByItself() {
        for geometry in WindowGeometryTests.axes {
            for size in 1...9 {
                guard let count = geometry.outputSize(height: size, width: 1)?.height else { continue }
                let spans = (0..<count).map { window in
                    let start = window * geometry.strideY - geometry.padTop
                    return (start..<start + geometry.effectiveKernelHeight).clamped(to: 0..<size)
                }
                for lower in 0..<count {
                    let inputs = geometry.inputRows(of: lower..<count, height: size)
                    let first = lower * geometry.strideY - geometry.padTop
                    let end = (count - 1) * geometry.strideY - geometry.padTop + geometry.effectiveKernelHeight
                    #expect(inputs == (first..<end).clamped(to: 0..<size), "\(geometry) of \(size)")
                    #expect(spans[lower...].allSatisfy { $0.isEmpty || inputs.clamped(to: $0) == $0 })
                }
                for row in 0..<size {
                    let touching = (0..<count).filter { spans[$0].contains(row) }
                    let found = geometry.outputRows(touching: row..<row + 1, height: size)
                    #expect(Array(found) == touching, "\(geometry) of \(size), row \(row)")
                }
            }
        }
    }

    @Test func knowsWindowsThatMissTheImage() {
        #expect(WindowGeometry(kernel: 3, pad: 1).everyWindowMeetsInput(height: 5, width: 5))
        #expect(!WindowGeometry(kernel: 2, pad: 2).everyWindowMeetsInput(height: 5, width: 5))
        // Taps at −1 and 1 of an image of one row.
        #expect(!WindowGeometry(kernel: 2, dilation: 2, pad: 1).everyWindowMeetsInput(height: 1, width: 1))
        #expect(!WindowGeometry(kernel: 4).everyWindowMeetsInput(height: 3, width: 9))
    }

    @Test func resolvesAutoPadAsONNXDoes() {
        let geometry = WindowGeometry(kernel: 3, stride: 2)
        let upper = geometry.resolved(.sameUpper, height: 8, width: 7)
        #expect((upper.padTop, upper.padBottom) == (0, 1))
        #expect((upper.padLeft, upper.padRight) == (1, 1))
        let lower = geometry.resolved(.sameLower, height: 8, width: 7)
        #expect((lower.padTop, lower.padBottom) == (1, 0))
        var padded = geometry
        padded.padLeft = 3
        #expect(padded.resolved(.valid, height: 8, width: 7) == geometry)
        for size in 1...9 {
            let same = geometry.resolved(.sameUpper, height: size, width: size)
            #expect(same.outputSize(height: size, width: size)?.height == (size + 1) / 2)
        }
    }
}
