extension Tensor {
    /// Entry `index` along the first axis, copied: of a [N, C, H, W] tensor the [C, H, W] one at `index`.
    public func slice(_ index: Int) -> Tensor {
        precondition(shape.rank >= 1 && index >= 0 && index < shape[0], "slice \(index) of a tensor of shape \(shape)")
        let part = Shape(Array(shape.dimensions.dropFirst()))
        // SAFETY: index < shape[0], so the range of part.count values at index · part.count lies within both buffers,
        // which are valid within their closures.
        return unsafe Tensor(shape: part) { target in
            unsafe withUnsafeValues { values in
                let range = index * part.count..<(index + 1) * part.count
                _ = unsafe target.update(fromContentsOf: values[range])
            }
        }
    }

    /// The tensors, at least one and all of one shape, side by side along a new first axis.
    public static func stacked(_ tensors: [Tensor]) -> Tensor {
        guard let first = tensors.first else { preconditionFailure("nothing to stack") }
        // SAFETY: each part writes its own part.count values of a buffer of tensors.count · part.count.
        return unsafe Tensor(shape: Shape([tensors.count] + first.shape.dimensions)) { target in
            for (index, tensor) in tensors.enumerated() {
                precondition(tensor.shape == first.shape, "stacking \(tensor.shape) on \(first.shape)")
                unsafe tensor.withUnsafeValues { values in
                    let range = index * tensor.count..<(index + 1) * tensor.count
                    _ = unsafe target[range].update(fromContentsOf: values)
                }
            }
        }
    }
}
