import CKernels
public import Tensors

/// The softmax of logits: e^(x − max) over the sum of them.
///
/// It is worked out in double with an exponential of our own, so that it has the same bits on every processor; each
/// probability is within 1 ulp of the true value.
public enum Softmax {
    /// The probabilities of each row of logits, [N, classes].
    public static func forward(_ logits: Tensor) -> Tensor {
        precondition(logits.shape.rank == 2 && logits.shape[1] > 0, "a softmax of shape \(logits.shape)")
        let classes = logits.shape[1]
        // SAFETY: both buffers hold rows · classes floats, and the room a double a class.
        return unsafe Tensor(shape: logits.shape) { values in
            unsafe logits.withUnsafeValues { source in
                guard let from = source.baseAddress, let to = values.baseAddress else { return }
                unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: classes) { room in
                    guard let base = room.baseAddress else { return }
                    for row in 0..<logits.shape[0] {
                        unsafe sb_softmax(from + row * classes, to + row * classes, classes, base)
                    }
                }
            }
        }
    }
}
