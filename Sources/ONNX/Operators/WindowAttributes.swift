import Kernels
import Networks

/// What convolutions and poolings say about their windows, resolved for the size of their input.
struct WindowAttributes {
    private static let largest = 1 << 16

    /// The window as the network takes it, its padding spelt out.
    let window: Window
    let geometry: WindowGeometry
    let outputHeight: Int
    let outputWidth: Int
    /// Whether the node itself pads, apart from a Pad in front of it.
    let padsItself: Bool

    /// Takes the attributes from the node; `kernel` is the size the weights have, `nil` for a pooling.
    init(_ node: inout NodeImport, over maps: MapsValue, kernel: [Int]?, isPooling: Bool) throws(ONNXError) {
        let stated = try Self.pair(&node, "kernel_shape", least: 1)
        guard let size = kernel ?? stated else {
            throw node.label.invalid("no kernel_shape", expected: "two numbers")
        }
        guard stated == nil || stated == size else {
            throw node.label.invalid("kernel_shape \(stated ?? [])", expected: "\(size), as the weights have")
        }
        let strides = try Self.pair(&node, "strides", least: 1) ?? [1, 1]
        let dilations = try Self.pair(&node, "dilations", least: 1) ?? [1, 1]
        let before = maps.padding ?? PendingPadding(value: 0)
        let height = maps.sizes[1] + before.top + before.bottom
        let width = maps.sizes[2] + before.left + before.right
        var geometry = WindowGeometry(
            kernelHeight: size[0], kernelWidth: size[1], strideY: strides[0], strideX: strides[1],
            dilationY: dilations[0], dilationX: dilations[1],
            ceilMode: isPooling ? try node.attributes.flag("ceil_mode", default: false) : false)
        try Self.pad(&geometry, &node, height: height, width: width)
        padsItself = geometry.padTop + geometry.padLeft + geometry.padBottom + geometry.padRight > 0
        geometry.padTop += before.top
        geometry.padLeft += before.left
        geometry.padBottom += before.bottom
        geometry.padRight += before.right
        guard let output = geometry.outputSize(height: maps.sizes[1], width: maps.sizes[2]),
            output.height > 0, output.width > 0
        else {
            throw node.label.invalid(
                "a window of \(size) does not fit into \(height)×\(width)", expected: "at least one output")
        }
        (outputHeight, outputWidth) = output
        self.geometry = geometry
        window = Window(
            kernelHeight: size[0], kernelWidth: size[1], strideY: strides[0], strideX: strides[1],
            dilationY: dilations[0], dilationX: dilations[1],
            padding: .explicit(
                top: geometry.padTop, left: geometry.padLeft, bottom: geometry.padBottom, right: geometry.padRight),
            ceilMode: geometry.ceilMode)
    }

    private static func pair(_ node: inout NodeImport, _ name: String, least: Int) throws(ONNXError) -> [Int]? {
        guard let values = try node.attributes.integers(name) else { return nil }
        guard values.count == 2, values.allSatisfy({ $0 >= least && $0 <= largest }) else {
            throw node.label.invalid("\(name) \(values)", expected: "two numbers from \(least) to \(largest)")
        }
        return values
    }

    /// Fills in the padding that `pads` or `auto_pad` gives for an input of this size.
    private static func pad(
        _ geometry: inout WindowGeometry, _ node: inout NodeImport, height: Int, width: Int
    ) throws(ONNXError) {
        let pads = try node.attributes.integers("pads") ?? [0, 0, 0, 0]
        guard pads.count == 4, pads.allSatisfy({ $0 >= 0 && $0 <= largest }) else {
            throw node.label.invalid("pads \(pads)", expected: "four numbers from 0 to \(largest)")
        }
        let mode = try node.attributes.string("auto_pad", default: "NOTSET")
        guard mode != "NOTSET", !mode.isEmpty else {
            (geometry.padTop, geometry.padLeft, geometry.padBottom, geometry.padRight) =
                (pads[0], pads[1], pads[2], pads[3])
            return
        }
        let modes: [String: WindowGeometry.AutoPad] = [
            "VALID": .valid, "SAME_UPPER": .sameUpper, "SAME_LOWER": .sameLower,
        ]
        guard let automatic = modes[mode] else {
            throw node.label.invalid("auto_pad '\(mode)'", expected: "NOTSET, VALID, SAME_UPPER or SAME_LOWER")
        }
        guard pads.allSatisfy({ $0 == 0 }) else {
            throw node.label.invalid("pads \(pads) beside auto_pad \(mode)", expected: "one of the two")
        }
        geometry = geometry.resolved(automatic, height: height, width: width)
    }
}
