// Local response normalization, many channels at a time, each as the scalar twin (`sb_normalize`) has it.

// Doubles in a vector as long as one of floats.
#define SB_DOUBLES (SB_WIDTH / 2)
typedef double sb_doubles __attribute__((ext_vector_type(SB_DOUBLES)));
typedef double sb_unaligned_doubles __attribute__((ext_vector_type(SB_DOUBLES), aligned(8)));
typedef float sb_unaligned_half __attribute__((ext_vector_type(SB_DOUBLES), aligned(4)));

SB_INLINE sb_doubles load_double(const float *from) {
    return __builtin_convertvector(*(const sb_unaligned_half *)from, sb_doubles);
}

// The powers that square roots give.
SB_INLINE sb_doubles root_power(sb_doubles base, double exponent) {
    if (exponent == 1.0) return base;
    const sb_doubles root = __builtin_elementwise_sqrt(base);
    return exponent == 0.5 ? root : root * __builtin_elementwise_sqrt(root);
}

SB_FUNCTION void normalize(const sb_normalization *n, ptrdiff_t pixels, double *squares) {
    if (n->channels % SB_LANES != 0 || (n->beta != 0.75 && n->beta != 0.5 && n->beta != 1.0)) {
        sb_normalize(n, pixels, squares);
        return;
    }
    const ptrdiff_t before = (n->size - 1) / 2;
    const double factor = n->alpha / (double)n->size, bias = n->bias;
    // Zeros on both sides; each pixel's squares go between.
    memset(squares, 0, (size_t)(n->channels + n->size) * sizeof(double));
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++) {
        const float *source = n->source + pixel * SB_LANES;
        float *destination = n->destination + pixel * SB_LANES;
        for (ptrdiff_t c = 0; c < n->channels; c += SB_DOUBLES) {
            const sb_doubles x = load_double(source + c / SB_LANES * n->source_block + c % SB_LANES);
            *(sb_unaligned_doubles *)(squares + before + c) = x * x;
        }
        for (ptrdiff_t c = 0; c < n->channels; c += SB_DOUBLES) {
            sb_doubles sum = (sb_doubles)0.0;
            for (ptrdiff_t i = 0; i < n->size; i++) sum = sum + *(const sb_unaligned_doubles *)(squares + c + i);
            const sb_doubles x = load_double(source + c / SB_LANES * n->source_block + c % SB_LANES);
            const sb_doubles found = x / root_power(bias + factor * sum, n->beta);
            *(sb_unaligned_half *)(destination + c / SB_LANES * n->destination_block + c % SB_LANES) =
                __builtin_convertvector(found, sb_unaligned_half);
        }
    }
}
