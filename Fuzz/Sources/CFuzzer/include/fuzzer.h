/* libFuzzer's entry for programs that have a main of their own (compiler-rt, lib/fuzzer/FuzzerInterface.h). */
#ifndef SB_FUZZER_H
#define SB_FUZZER_H

#include <stddef.h>
#include <stdint.h>

/* Calls `body` with one input after another until it crashes or the arguments' limits are reached. The bytes are
   valid during the call alone. */
int LLVMFuzzerRunDriver(int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv,
                        int (*_Nonnull body)(const uint8_t *_Nullable bytes, size_t count));

#endif
