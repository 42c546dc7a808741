// The transforms of F(4×4, 3×3) in one dimension, each in the order that CKernelsWinograd.h states, of one vector of channels.
// The scalar twin includes them too, for vectors of one.

// Squares of the points 5/8 and 3/2; all of these are exact.
#define SB_POINT_A 0.625f
#define SB_POINT_B 1.5f
#define SB_A2 0.390625f
#define SB_B2 2.25f
#define SB_PRODUCT (SB_A2 * SB_B2)
#define SB_SUM (SB_A2 + SB_B2)
// α, β and γ, in double: they are rounded with the powers of the points.
#define SB_ALPHA (1 / (2 * 0.390625 * (0.390625 - 2.25)))
#define SB_BETA (1 / (2 * 2.25 * (2.25 - 0.390625)))
#define SB_GAMMA (1 / (0.390625 * 2.25))

// Six inputs, `step` vectors apart.
SB_INLINE void transform_inputs(const sb_vector *d, ptrdiff_t from, sb_vector *v, ptrdiff_t to) {
    const sb_vector d1 = d[from], d2 = d[2 * from], d3 = d[3 * from], d4 = d[4 * from];
    v[0] = sb_fma(sb_splat(SB_PRODUCT), d[0], sb_fma(sb_splat(-SB_SUM), d2, d4));
    v[5 * to] = sb_fma(sb_splat(SB_PRODUCT), d1, sb_fma(sb_splat(-SB_SUM), d3, d[5 * from]));
    const sb_vector even_a = sb_fma(sb_splat(-SB_B2), d2, d4), odd_a = sb_fma(sb_splat(-SB_B2), d1, d3);
    v[to] = sb_fma(sb_splat(SB_POINT_A), odd_a, even_a);
    v[2 * to] = sb_fma(sb_splat(-SB_POINT_A), odd_a, even_a);
    const sb_vector even_b = sb_fma(sb_splat(-SB_A2), d2, d4), odd_b = sb_fma(sb_splat(-SB_A2), d1, d3);
    v[3 * to] = sb_fma(sb_splat(SB_POINT_B), odd_b, even_b);
    v[4 * to] = sb_fma(sb_splat(-SB_POINT_B), odd_b, even_b);
}

// Three taps of a filter to six.
SB_INLINE void transform_taps(const sb_vector *g, ptrdiff_t from, sb_vector *u, ptrdiff_t to) {
    const sb_vector g0 = g[0], g1 = g[from], g2 = g[2 * from];
    const sb_vector even_a = sb_fma(sb_splat(SB_A2), g2, g0), even_b = sb_fma(sb_splat(SB_B2), g2, g0);
    u[0] = g0;
    u[to] = sb_fma(sb_splat(SB_POINT_A), g1, even_a);
    u[2 * to] = sb_fma(sb_splat(-SB_POINT_A), g1, even_a);
    u[3 * to] = sb_fma(sb_splat(SB_POINT_B), g1, even_b);
    u[4 * to] = sb_fma(sb_splat(-SB_POINT_B), g1, even_b);
    u[5 * to] = g2;
}

// Six products to four outputs.
SB_INLINE void transform_products(const sb_vector *m, ptrdiff_t from, sb_vector *y, ptrdiff_t to) {
    const sb_vector m1 = m[from], m2 = m[2 * from], m3 = m[3 * from], m4 = m[4 * from];
    const sb_vector s = m1 + m2, d = m1 - m2, t = m3 + m4, w = m3 - m4;
    y[0] = sb_fma(sb_splat((float)SB_BETA), t, sb_fma(sb_splat((float)SB_ALPHA), s, sb_splat((float)SB_GAMMA) * m[0]));
    y[to] = sb_fma(sb_splat((float)(1.5 * SB_BETA)), w, sb_splat((float)(0.625 * SB_ALPHA)) * d);
    y[2 * to] = sb_fma(sb_splat((float)(2.25 * SB_BETA)), t, sb_splat((float)(0.390625 * SB_ALPHA)) * s);
    y[3 * to] = sb_fma(sb_splat((float)(3.375 * SB_BETA)), w,
                       sb_fma(sb_splat((float)(0.244140625 * SB_ALPHA)), d, m[5 * from]));
}
