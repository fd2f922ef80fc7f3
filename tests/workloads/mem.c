/* Memory-bound: fills, word copies, byte copies and strided sums of 1 MiB arrays, sixteen times a cache. */
#include "bench.h"
const char bench_name[] = "mem";
#define N (256 * 1024)
static u32 A[N], B[N];
u32 run(void) {
  u32 r, i, j, s = 0;
  for (r = 0; r < 16; r++) {
    for (i = 0; i < N; i++) A[i] = i * 0x9e3779b9u + r;
    for (i = 0; i < N; i += 4) { u32 a = A[i], b = A[i + 1], c = A[i + 2], d = A[i + 3];
      B[i] = b; B[i + 1] = a; B[i + 2] = d; B[i + 3] = c; }
    { u8 *to = (u8 *)A + r; const u8 *from = (const u8 *)B; for (i = 0; i < N; i++) to[i] = from[i] ^ (u8)r; }
    for (j = 0; j < 64; j++) for (i = j; i < N; i += 64) s = (s << 1 | s >> 31) ^ A[i]; }
  return s; }
