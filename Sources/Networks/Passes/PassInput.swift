internal import Kernels
internal import Tensors

/// The images of a pass, in the forms that layers read them in.
struct PassInput: Sendable {
    /// The images as they came: [N, C, H, W] or [C, H, W].
    let tensor: Tensor
    /// With their channels as they are, for convolutions, if they are few.
    let pixels: InputMaps?
    /// In blocks of channels, if anything but such a convolution reads them.
    let blocked: BlockedMaps?

    /// Converts the images to what the network's layers read.
    init(_ tensor: Tensor, for network: Network, _ context: KernelContext) {
        self.tensor = tensor
        let fewChannels = network.inputShape[0] < BlockedMaps.lanes
        let readsPixels = fewChannels && network.layers.contains(where: \.isConvolutionOfInput)
        let readsBlocks = network.layers.contains { layer in
            layer.inputs.contains(.input) && !(fewChannels && layer.isConvolutionOfInput)
        }
        pixels = readsPixels ? InputMaps(tensor, buffers: context.buffers, team: context.team) : nil
        blocked = readsBlocks ? BlockedMaps(tensor, buffers: context.buffers) : nil
    }

    private init(tensor: Tensor, pixels: InputMaps?, blocked: BlockedMaps?) {
        (self.tensor, self.pixels, self.blocked) = (tensor, pixels, blocked)
    }

    /// Some of the images, without a copy; the tensor stays whole.
    func view(images: Range<Int>) -> PassInput {
        PassInput(tensor: tensor, pixels: pixels?.view(images: images), blocked: blocked?.view(images: images))
    }
}

extension Layer {
    /// Whether it is a convolution of the network's input.
    var isConvolutionOfInput: Bool { kind == .convolution && inputs == [.input] }
}
