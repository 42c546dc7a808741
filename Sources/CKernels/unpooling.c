#pragma clang fp contract(off)

#include <string.h>

#include "CKernels.h"

bool sb_switches_in_range(const int32_t *switches, ptrdiff_t count, int32_t limit) {
    uint32_t outside = 0;
    // As unsigned numbers the negative ones are too large as well.
    for (ptrdiff_t i = 0; i < count; i++) outside |= (uint32_t)switches[i] >= (uint32_t)limit;
    return outside == 0;
}

static void unpool_sum(const float *values, const int32_t *switches, ptrdiff_t windows, float *destination) {
    for (ptrdiff_t window = 0; window < windows; window++, values += SB_LANES, switches += SB_LANES) {
        for (int lane = 0; lane < SB_LANES; lane++) {
            destination[(ptrdiff_t)switches[lane] * SB_LANES + lane] += values[lane];
        }
    }
}

static void unpool_last(const float *values, const int32_t *switches, ptrdiff_t windows, float *destination) {
    for (ptrdiff_t window = 0; window < windows; window++, values += SB_LANES, switches += SB_LANES) {
        for (int lane = 0; lane < SB_LANES; lane++) {
            destination[(ptrdiff_t)switches[lane] * SB_LANES + lane] = values[lane];
        }
    }
}

// A NaN of this pattern marks the positions that no window has chosen yet.
static const uint32_t unchosen = 0x7FC5B5B5;

static void unpool_max(const float *values, const int32_t *switches, ptrdiff_t windows, float *destination,
                       ptrdiff_t pixels) {
    float mark;
    memcpy(&mark, &unchosen, sizeof mark);
    for (ptrdiff_t i = 0; i < pixels * SB_LANES; i++) destination[i] = mark;
    for (ptrdiff_t window = 0; window < windows; window++, values += SB_LANES, switches += SB_LANES) {
        for (int lane = 0; lane < SB_LANES; lane++) {
            float *to = destination + (ptrdiff_t)switches[lane] * SB_LANES + lane;
            uint32_t bits;
            memcpy(&bits, to, sizeof bits);
            if (bits == unchosen || values[lane] > *to) *to = values[lane];
        }
    }
    for (ptrdiff_t i = 0; i < pixels * SB_LANES; i++) {
        uint32_t bits;
        memcpy(&bits, destination + i, sizeof bits);
        destination[i] = bits == unchosen ? 0 : destination[i];
    }
}

void sb_unpool(sb_overlap overlap, const float *values, const int32_t *switches, ptrdiff_t windows, float *destination,
               ptrdiff_t pixels) {
    if (overlap == SB_OVERLAP_MAX) {
        unpool_max(values, switches, windows, destination, pixels);
        return;
    }
    memset(destination, 0, (size_t)(pixels * SB_LANES) * sizeof(float));
    if (overlap == SB_OVERLAP_SUM) {
        unpool_sum(values, switches, windows, destination);
    } else {
        unpool_last(values, switches, windows, destination);
    }
}

// Where 16 switches lie in the rectangle, in pixels from its first: their window's rows tell one from the next without a
// division.
static void find_places(const sb_unpooling *u, const int32_t *switches, ptrdiff_t start, int32_t *places) {
    const ptrdiff_t first = start < u->top ? u->top : start;
    const int32_t corner = (int32_t)((first - u->top) * u->destination_row - first * u->width - u->left);
    const int32_t step = (int32_t)(u->destination_row - u->width);
    for (int lane = 0; lane < SB_LANES; lane++) places[lane] = switches[lane] + corner;
    for (ptrdiff_t row = first + 1; row < start + u->span; row++) {
        const int32_t begin = (int32_t)(row * u->width);
        for (int lane = 0; lane < SB_LANES; lane++) places[lane] += switches[lane] >= begin ? step : 0;
    }
}

static void place_sum(float *destination, const float *values, const int32_t *places) {
    for (int lane = 0; lane < SB_LANES; lane++) destination[(ptrdiff_t)places[lane] * SB_LANES + lane] += values[lane];
}

static void place_last(float *destination, const float *values, const int32_t *places) {
    for (int lane = 0; lane < SB_LANES; lane++) destination[(ptrdiff_t)places[lane] * SB_LANES + lane] = values[lane];
}

static void place_max(float *destination, const float *values, const int32_t *places) {
    for (int lane = 0; lane < SB_LANES; lane++) {
        float *to = destination + (ptrdiff_t)places[lane] * SB_LANES + lane;
        uint32_t bits;
        memcpy(&bits, to, sizeof bits);
        if (bits == unchosen || values[lane] > *to) *to = values[lane];
    }
}

// Every value of the rectangle.
static void fill_part(const sb_unpooling *u, uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    for (ptrdiff_t row = 0; row < u->height; row++) {
        float *to = u->destination + row * u->destination_row * SB_LANES;
        for (ptrdiff_t i = 0; i < u->breadth * SB_LANES; i++) to[i] = value;
    }
}

static void clear_unchosen(const sb_unpooling *u) {
    for (ptrdiff_t row = 0; row < u->height; row++) {
        float *to = u->destination + row * u->destination_row * SB_LANES;
        for (ptrdiff_t i = 0; i < u->breadth * SB_LANES; i++) {
            uint32_t bits;
            memcpy(&bits, to + i, sizeof bits);
            to[i] = bits == unchosen ? 0 : to[i];
        }
    }
}

void sb_unpool_part(const sb_unpooling *u) {
    fill_part(u, u->overlap == SB_OVERLAP_MAX ? unchosen : 0);
    for (ptrdiff_t row = 0; row < u->rows; row++) {
        const float *values = u->values + row * u->values_row * SB_LANES;
        const int32_t *switches = u->switches + row * u->switches_row * SB_LANES;
        for (ptrdiff_t column = 0; column < u->columns; column++, values += SB_LANES, switches += SB_LANES) {
            int32_t places[SB_LANES];
            find_places(u, switches, u->start + row * u->stride, places);
            switch (u->overlap) {
            case SB_OVERLAP_SUM:
                place_sum(u->destination, values, places);
                break;
            case SB_OVERLAP_MAX:
                place_max(u->destination, values, places);
                break;
            case SB_OVERLAP_LAST:
                place_last(u->destination, values, places);
                break;
            }
        }
    }
    if (u->overlap == SB_OVERLAP_MAX) clear_unchosen(u);
    if (!u->rectified) return;
    for (ptrdiff_t row = 0; row < u->height; row++) {
        float *to = u->destination + row * u->destination_row * SB_LANES;
        sb_clip(to, to, u->breadth * SB_LANES, 0, __builtin_inff());
    }
}
