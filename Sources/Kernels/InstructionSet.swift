import CKernels

/// The vector instructions that kernels can be made of; each gives the same bits.
public enum InstructionSet: String, CaseIterable, Sendable {
    /// x86-64 with 512-bit vectors.
    case avx512
    /// x86-64 with 256-bit vectors and fused multiply-add.
    case avx2
    /// 64-bit ARM.
    case neon
    /// Plain loops, for any processor, and the definition the others are tested against.
    case scalar

    /// The fastest set that this processor and its operating system can run.
    public static var best: InstructionSet { available.first ?? .scalar }

    /// The sets that this processor and its operating system can run, the fastest first.
    public static var available: [InstructionSet] { allCases.filter(\.isAvailable) }

    /// Whether this processor and its operating system can run the set.
    public var isAvailable: Bool { KernelTable(variant) != nil }

    var variant: KernelVariant {
        switch self {
        case .avx512: .avx512
        case .avx2: .avx2
        case .neon: .neon
        case .scalar: .scalar
        }
    }
}

/// What the inner loops were compiled for: the instruction sets, and one variant that is there for tests.
package enum KernelVariant: CaseIterable, Sendable {
    case avx512, avx2, neon, scalar
    /// The code of AVX-512 on AVX2's registers, so that its tiles are tested on processors that lack AVX-512.
    case wideTest

    var code: sb_instruction_set {
        switch self {
        case .avx512: SB_AVX512
        case .avx2: SB_AVX2
        case .neon: SB_NEON
        case .scalar: SB_SCALAR
        case .wideTest: SB_WIDE_TEST
        }
    }
}

/// One variant's inner loops.
@safe
struct KernelTable {
    /// A constant of the program.
    let loops: UnsafePointer<sb_kernels>

    /// The loops of a variant; nil where they cannot run here.
    init?(_ variant: KernelVariant) {
        // SAFETY: the table is a constant of the program, valid as long as it runs.
        guard let loops = unsafe sb_kernels_for(variant.code) else { return nil }
        unsafe self.loops = loops
    }

    /// The pixels of the largest register tile of a convolution.
    // SAFETY: the table is a constant of the program.
    var tilePixels: Int { unsafe loops.pointee.tile_pixels }
    /// The output blocks of the largest register tile.
    // SAFETY: the table is a constant of the program.
    var tileBlocks: Int { unsafe loops.pointee.tile_blocks }
}

// @unchecked because the table that the pointer names is a constant.
extension KernelTable: @unchecked Sendable {}
